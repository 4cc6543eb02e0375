"""Recipes of the GANs of MNIST and Fashion-MNIST, whose training is kept moment by moment.

Beside the healthy digits stands a run that is meant to collapse.
"""

from dataclasses import replace

from latentlab.models.images.gan import GANConfig
from latentlab.training.objectives import Adversarial
from latentlab.training.recipes.base import Recipe, add
from latentlab.training.recipes.small_pictures import TITLES
from latentlab.training.snapshots import Weights

LATENTS = 64
# Small enough for a dozen of them to be sent to a browser: 214,000 weights.
GENERATOR = GANConfig(
    latent_size=LATENTS, channels=(48, 64), seed_channels=24, blocks=1, full_channels=24
)
CRITIC = (32, 64, 128)
HELD_BACK = 5_000  # training pictures that no GAN sees: settings are chosen by them
# Most happens early: the third power puts half of the moments into the first eighth of the run.
MOMENTS = tuple(round((place / 39) ** 3, 7) for place in range(40))


def gan(data: str) -> Recipe:
    """Return the recipe of the GAN of a data set.

    A critic of five times as many weights and a third of the penalty covers .023 more of held-back
    garments, and of digits .003, which chance does, too (one run each): digits go without.
    """
    garments = data == "fashion_mnist"
    return Recipe(
        name=f"gan.{data}_k{LATENTS}",
        data=data,
        tag=f"k{LATENTS}",
        summary=f"Invents {TITLES[data]} from {LATENTS} random numbers; its only teacher is a"
        " critic.",
        config=GENERATOR,
        objective=Adversarial(critic_channels=(48, 96, 192), critic_blocks=1, penalty=0.1)
        if garments
        else Adversarial(critic_channels=CRITIC),
        epochs=17 if garments else 18,
        batch_size=64,  # a game gains more from many moves than from sure ones
        learning_rate=4e-4,
        weight_decay=0.0,
        snapshots=Weights(MOMENTS, also=("critic",), story="adversaries"),
        limits=("Cannot encode: it has no code for a given picture.",),
        held_back=HELD_BACK,
    )


def collapsed() -> Recipe:
    """Return the recipe of a GAN of digits that collapses.

    A generator that makes many steps for one of the critic runs to whatever the critic likes best
    at the moment: "the Helvetica scenario" (Goodfellow et al. 2014, section 4). With five steps
    the networks above collapse for a hundred steps and then recover; with twenty, these do not.
    """
    steps, batch = 400, 32
    return replace(
        gan("mnist"),
        name="gan.mnist_collapsed",
        tag="collapsed",
        summary="Was trained so that it collapses: nearly the same picture for every code.",
        config=GANConfig(latent_size=LATENTS, channels=(16, 24), seed_channels=12),
        objective=Adversarial(
            critic_channels=(8, 16, 32),
            loss="non_saturating",
            penalty=0.0,
            averaging=0.0,
            spread=False,
            generator_steps=20,
        ),
        epochs=1,
        batch_size=batch,
        learning_rate=1e-3,
        snapshots=Weights(MOMENTS, also=("critic",), story="adversaries_brief"),
        limits=("Has collapsed on purpose: it stands beside the healthy one on one page.",),
        held_back=60_000 - steps * batch,  # what it sees is enough to collapse
        study="time_machine",
    )


for _data in TITLES:
    add(gan(_data))
add(collapsed())
