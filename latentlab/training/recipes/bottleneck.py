"""Recipes of the study “bottleneck”: networks alike but for the size of their code.

The textbook's stack, 784-256-128-64-k and its mirror, at seven sizes; linear autoencoders, whose
training is kept in moments; one whose code is wider than the picture.
"""

from latentlab.models.images.autoencoder import DenseAutoencoderConfig
from latentlab.models.images.linear_autoencoder import LinearAutoencoderConfig
from latentlab.models.images.shallow_autoencoder import ShallowAutoencoderConfig
from latentlab.training.objectives import LinearReconstruction, Objective, Reconstruction
from latentlab.training.recipes.base import Recipe, add
from latentlab.training.recipes.small_pictures import NO_PRIOR, TITLES
from latentlab.training.snapshots import Weights

STUDY = "bottleneck"
SIZES = (1, 2, 4, 8, 16, 32, 64)
STACK = (256, 128, 64)  # widths of all matched networks
EPOCHS = 12
LINEAR_EPOCHS = 24  # one of counting; the steps after it are on the whole training split at once

# Moments of a linear autoencoder's training: most of it happens early.
_FIRST = 1 / LINEAR_EPOCHS
MOMENTS = (_FIRST, *(_FIRST + 2.0**-n for n in range(10, 4, -1)), *(n / 24 for n in range(3, 25)))


def stack(data: str, k: int, objective: Objective, suffix: str = "") -> Recipe:
    """Return the recipe of a matched autoencoder; ``suffix`` tells another objective's apart."""
    return Recipe(
        name=f"autoencoder.{data}_stack_k{k}{suffix}",
        data=data,
        tag=f"stack_k{k}{suffix}",
        summary=f"Squeezes {TITLES[data]} through {k} number{'s' if k > 1 else ''}; one of seven"
        " that differ in nothing else.",
        config=DenseAutoencoderConfig(
            latent_size=k, encoder_widths=STACK, decoder_widths=tuple(reversed(STACK))
        ),
        objective=objective,
        epochs=EPOCHS,
        limits=(NO_PRIOR,),
        study=STUDY,
    )


def linear(data: str, k: int, l2: float = 0.0) -> Recipe:
    """Return the recipe of a linear autoencoder; with a penalty, of one that goes on with it."""
    plain = f"linear_autoencoder.{data}_k{k}"
    return Recipe(
        name=f"{plain}_l2" if l2 else plain,
        data=data,
        tag=f"k{k}_l2" if l2 else f"k{k}",
        summary=f"Squeezes {TITLES[data]} through {k} number{'s' if k > 1 else ''}, by two matrices"
        + (" that a penalty keeps small." if l2 else "."),
        config=LinearAutoencoderConfig(latent_size=k),
        objective=LinearReconstruction(1 / LINEAR_EPOCHS, l2),
        epochs=LINEAR_EPOCHS,
        learning_rate=1e-2,
        weight_decay=0.0,
        starts_from=plain if l2 else None,
        snapshots=Weights(MOMENTS) if (data, k) == ("mnist", 8) else None,
        limits=(NO_PRIOR,),
        study=STUDY,
    )


def shallow(data: str, k: int) -> Recipe:
    """Return the recipe of an autoencoder of one hidden layer, with the stack's budget."""
    return Recipe(
        name=f"shallow_autoencoder.{data}_k{k}",
        data=data,
        tag=f"k{k}",
        summary=f"Squeezes {TITLES[data]} through one hidden layer of {k} numbers.",
        config=ShallowAutoencoderConfig(latent_size=k),
        objective=Reconstruction(),
        epochs=EPOCHS,
        limits=(NO_PRIOR,),
        study=STUDY,
    )


for _data in TITLES:
    for _k in SIZES:
        add(stack(_data, _k, Reconstruction()))
    for _k in SIZES:
        add(linear(_data, _k))
add(linear("mnist", 8, l2=0.1))
add(
    Recipe(
        name="shallow_autoencoder.mnist_k1024",
        data="mnist",
        tag="k1024",
        summary="Has more numbers for a digit than it has pixels, and no reason not to copy.",
        config=ShallowAutoencoderConfig(latent_size=1024),
        objective=Reconstruction(),
        epochs=EPOCHS,
        weight_decay=0.0,
        limits=(
            "Gives back much of pure noise as well, where digits lie: it has learnt to copy, not"
            " what a digit is.",
        ),
        study=STUDY,
    )
)
