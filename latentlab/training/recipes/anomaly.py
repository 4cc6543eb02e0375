"""Recipes of the study “anomaly”: small networks that have seen one class alone.

Ten autoencoders and ten VAEs a data set, alike but for the class; and autoencoders of two classes
among whose training pictures a known share does not belong.
"""

from latentlab.data import OneClass, datasets
from latentlab.models.images.conv_autoencoder import ConvAutoencoderConfig
from latentlab.models.images.vae import VAEConfig
from latentlab.training.objectives import Elbo, Reconstruction
from latentlab.training.recipes.base import Recipe, add

STUDY = "anomaly"
DATA = {"mnist": "digits", "fashion_mnist": "garments"}
CLASSES = 10
LATENTS, CHANNELS, HIDDEN = 8, (8, 16), 24  # 43,000 weights
EPOCHS, BATCH, RATE = 4, 32, 4e-3  # many small steps: more is learnt in the same time
CONTAMINATED = ("mnist", (4, 8))  # two classes, one easy and one hard
SHARES = (5, 10, 20)  # per cent
LIMITS = (
    "Has seen one class of small pictures, and nothing else.",
    "Blank pictures, stripes and other simple things come back well: a small error is no proof.",
)


def tag(data: str, normal: int, percent: int = 0) -> str:
    """Return what tells the networks of a class from others."""
    return f"anomaly{normal}" + (f"_dirty{percent}" if percent else "")


def _title(data: str, normal: int) -> str:
    return f"“{datasets.get(data).class_names[normal]}”"


def autoencoder(data: str, normal: int, percent: int = 0) -> Recipe:
    """Return the recipe of a convolutional autoencoder; ``percent`` of what it sees are others."""
    name = tag(data, normal, percent)
    among = f"{percent} % of them other {DATA[data]}" if percent else "nothing else"
    return Recipe(
        name=f"conv_autoencoder.{data}_{name}",
        data=data,
        tag=name,
        summary=f"Has seen pictures of one class, {_title(data, normal)}; {among}.",
        config=ConvAutoencoderConfig(latent_size=LATENTS, channels=CHANNELS, hidden=HIDDEN),
        objective=Reconstruction(),
        epochs=EPOCHS,
        batch_size=BATCH,
        learning_rate=RATE,
        limits=LIMITS,
        only=OneClass(normal, percent / 100),
        study=STUDY,
    )


def vae(data: str, normal: int) -> Recipe:
    """Return the recipe of a VAE with a Gaussian likelihood and the same widths."""
    name = tag(data, normal)
    return Recipe(
        name=f"vae.{data}_{name}",
        data=data,
        tag=name,
        summary=f"Has seen pictures of one class, {_title(data, normal)}; nothing else.",
        config=VAEConfig(
            latent_size=LATENTS, channels=CHANNELS, hidden=HIDDEN, likelihood="gaussian", sigma=0.1
        ),
        objective=Elbo(binarise=False, warm_up=0.2),
        epochs=EPOCHS,
        batch_size=BATCH,
        learning_rate=RATE,
        limits=LIMITS,
        only=OneClass(normal),
        study=STUDY,
    )


for _data in DATA:
    for _normal in range(CLASSES):
        add(autoencoder(_data, _normal))
        add(vae(_data, _normal))
for _normal in CONTAMINATED[1]:
    for _percent in SHARES:
        add(autoencoder(CONTAMINATED[0], _normal, _percent))
