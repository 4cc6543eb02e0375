"""The recipes for toon faces: whatever encodes, invents or reads them.

The VAEs of the study “disentangle” differ from ``vae.toon_faces_k32`` in one thing alone, the
weight of the divergence or of the total correlation.
"""

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
    TotalCorrelation,
)
from latentlab.training.recipes.base import Recipe, add
from latentlab.training.recipes.small_pictures import NO_PRIOR

STUDY = "disentangle"
SHAPE = (3, 64, 64)
ONE_STYLE = "Knows one drawing style; a photograph of a face comes out as a cartoon."
WARM_UP = 0.2
# A likelihood of sigma 0.1 counts an error some ten times as much as a Bernoulli likelihood does,
# for which beta-VAEs are usually stated: their 4 is about 50 here.
BETAS = {"b025": 0.25, "b4": 4.0, "b16": 16.0}
TOTAL_CORRELATIONS = {"tc4": 4.0, "tc16": 16.0, "tc64": 64.0}


def vae(version: str, beta: float, objective: Objective, summary: str) -> Recipe:
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
        epochs=500,  # 28,000 steps: mouths and eyebrows are learnt last
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
        1.0,
        Elbo(binarise=False, warm_up=WARM_UP),
        "Cartoon faces in colour on 32 sliders: hair, beard, mouth, shirt, background.",
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
    Recipe(
        name="gan.toon_faces_k64",
        data="toon_faces",
        tag="k64",
        summary="Invents cartoon faces from 64 random numbers; its only teacher is a critic.",
        config=GANConfig(image_shape=SHAPE, latent_size=64, channels=(24, 48, 96, 128)),
        objective=Adversarial(
            critic_channels=(32, 64, 128, 128), augment=("colour", "translation", "cutout")
        ),
        epochs=250,
        batch_size=64,
        learning_rate=4e-4,
        weight_decay=0.0,
        limits=("Cannot encode: it has no code for a given picture.",),
    )
)
for _version, _beta in BETAS.items():
    add(
        vae(
            _version,
            _beta,
            Elbo(binarise=False, warm_up=WARM_UP),
            f"Cartoon faces on 32 sliders; the divergence counts {_beta:g} times.",
        )
    )
for _version, _beta in TOTAL_CORRELATIONS.items():
    add(
        vae(
            _version,
            1.0,
            TotalCorrelation(beta=_beta, warm_up=WARM_UP),
            f"Cartoon faces on 32 sliders, whose total correlation counts {_beta:g} times.",
        )
    )
