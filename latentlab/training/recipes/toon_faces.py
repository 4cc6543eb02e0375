"""The recipes for toon faces: whatever encodes or reads them.

The VAE of the study “disentangle” is that of ``vae.toon_faces_k32``, with another weight of the
total correlation. The one that is told the factors goes on from it.
"""

from dataclasses import replace

from latentlab.data.toon_faces import FACTORS, HAIR_COLOUR
from latentlab.models.images.conv_autoencoder import ConvAutoencoderConfig
from latentlab.models.images.factor_classifier import FactorClassifierConfig
from latentlab.models.images.gan import GANConfig
from latentlab.models.images.vae import VAEConfig
from latentlab.training.objectives import (
    Adversarial,
    Elbo,
    Factors,
    Objective,
    Reconstruction,
    Told,
    TotalCorrelation,
)
from latentlab.training.recipes.base import Recipe, add
from latentlab.training.recipes.small_pictures import NO_PRIOR

STUDY = "disentangle"
SHAPE = (3, 64, 64)
ONE_STYLE = "Knows one drawing style; a photograph of a face comes out as a cartoon."
WARM_UP = 0.2
# In what order the values of a factor stand in the code of the VAE that is told of them: those
# alike side by side.
ORDERS = {
    "beard": (0, 1, 3, 4, 2, 5),
    "mouth": (0, 3, 2, 1, 4),
    "skin colour": (0, 3, 4, 1, 2),
    "hair colour": (0, 4, 1, 2, 3, 5),
    "clothes colour": (8, 0, 2, 5, 6, 1, 7, 4, 3, 9),
}
TOLD = Told(
    orders=tuple(ORDERS.get(factor.name, tuple(range(len(factor.values)))) for factor in FACTORS),
    spans=tuple(factor.span for factor in FACTORS),
    detail=8.0,
)
# The weight of the total correlation. A likelihood of sigma 0.1 counts an error some ten times as
# much as a Bernoulli likelihood does, for which such weights are usually stated.
TOTAL_CORRELATION = 16.0

# Of the whole rate (Higgins et al. 2017). The networks go on from the one with weight 1: from
# nothing, each would take hours.
BETAS = (16, 4)
BETA_EPOCHS = 8


def vae(version: str, objective: Objective, epochs: int, summary: str, beta: float = 1.0) -> Recipe:
    """Return the recipe of a VAE; ``version`` is empty for the one that stands for all."""
    tag = f"k32_{version}" if version else "k32"
    return Recipe(
        name=f"vae.toon_faces_{tag}",
        data="toon_faces",
        tag=tag,
        summary=summary,
        config=VAEConfig(
            image_shape=SHAPE,
            latent_size=32,
            channels=(24, 32, 48, 48),
            blocks=1,
            hidden=128,
            likelihood="gaussian",
            sigma=0.1,
            beta=beta,
        ),
        objective=objective,
        epochs=epochs,
        batch_size=128,  # a total correlation is estimated within the batch
        limits=(ONE_STYLE,),
        study=STUDY if version else "",
    )


add(
    Recipe(
        name="factor_classifier.toon_faces",
        data="toon_faces",
        summary="Reads all that is known of a toon face: hair, beard, mouth, colours, turn.",
        config=FactorClassifierConfig(
            image_shape=SHAPE,
            channels=(16, 32, 64, 80),
            depths=(1, 1, 2, 2),
            heads=tuple(max(1, len(factor.values)) for factor in FACTORS),
            label=HAIR_COLOUR,
        ),
        objective=Factors(tint=0.03, noise=0.05),
        epochs=60,
        batch_size=64,
        learning_rate=4e-3,
        limits=("Gives every picture a value of each factor, also a picture that is no face.",),
    )
)
add(
    vae(
        "",
        Elbo(binarise=False, warm_up=WARM_UP),
        297,  # 16,632 steps: mouths and eyebrows are learnt last
        "Cartoon faces in colour on 32 sliders: hair, beard, mouth, shirt, background.",
    )
)
add(
    replace(
        vae(
            "labels",
            TOLD,
            20,
            "Cartoon faces on 32 sliders; in training it was told what each picture shows.",
        ),
        starts_from="vae.toon_faces_k32",
        batch_size=32,
        limits=(
            ONE_STYLE,
            "Its code was set by labels: it did not find the factors itself.",
            "Went on from vae.toon_faces_k32 for 20 epochs: it is blurred, and draws no mouths.",
        ),
        study="",
    )
)
for _beta in BETAS:
    add(
        replace(
            vae(
                f"b{_beta}",
                Elbo(binarise=False, warm_up=WARM_UP),
                BETA_EPOCHS,
                f"Cartoon faces on 32 sliders; what a code says costs {_beta} times as much.",
                float(_beta),
            ),
            starts_from="vae.toon_faces_k32",
            batch_size=32,
            limits=(
                ONE_STYLE,
                f"Went on from vae.toon_faces_k32 for {BETA_EPOCHS} epochs; it was not trained from"
                " nothing.",
            ),
        )
    )
add(
    Recipe(
        name="conv_autoencoder.toon_faces_k64",
        data="toon_faces",
        tag="k64",
        summary="Squeezes cartoon faces through 64 numbers; convolutions keep edges sharp.",
        config=ConvAutoencoderConfig(
            image_shape=SHAPE, latent_size=64, channels=(32, 48, 64, 64), hidden=128
        ),
        objective=Reconstruction(),
        epochs=300,
        batch_size=64,
        limits=(ONE_STYLE, NO_PRIOR),
    )
)
add(
    vae(
        "tc16",
        TotalCorrelation(beta=TOTAL_CORRELATION, warm_up=WARM_UP),
        249,
        "Cartoon faces on 32 sliders, whose total correlation counts 16 times.",
    )
)
add(
    Recipe(
        name="gan.toon_faces_k64",
        data="toon_faces",
        tag="k64",
        summary="Invents cartoon faces from 64 random numbers; began as an autoencoder's decoder.",
        config=GANConfig(
            image_shape=SHAPE, latent_size=64, channels=(32, 48, 64, 64), blocks=1, hidden=128
        ),
        objective=Adversarial(
            critic_channels=(24, 48, 96, 128),
            penalty=0.02,
            centred=True,
            generator_rate=1 / 4,
            head_start=0.03,
        ),
        epochs=12,
        batch_size=24,
        learning_rate=8e-4,
        weight_decay=0.0,
        starts_from="conv_autoencoder.toon_faces_k64",
        limits=(
            ONE_STYLE,
            "Cannot encode: it has no code for a given picture.",
            "Some faces mix two values of a factor; a mouth can be read in half of them.",
            "Starts from conv_autoencoder.toon_faces_k64, whose training time comes on top.",
        ),
    )
)
