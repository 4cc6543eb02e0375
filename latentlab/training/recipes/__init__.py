"""The recipes of the zoo: one table from which every shipped checkpoint is remade."""

from dataclasses import dataclass, replace

from latentlab.data import TrainingData, find
from latentlab.models import ModelConfig
from latentlab.models.images.autoencoder import DenseAutoencoderConfig
from latentlab.models.images.classifier import ClassifierConfig
from latentlab.models.images.conv_autoencoder import ConvAutoencoderConfig
from latentlab.models.images.denoising_autoencoder import DenoisingAutoencoderConfig
from latentlab.models.images.gan import GANConfig
from latentlab.models.images.photo_denoiser import HIGHEST, PhotoDenoiserConfig
from latentlab.models.images.vae import VAEConfig
from latentlab.registry import Registry
from latentlab.training.objectives import (
    Adversarial,
    Denoising,
    Elbo,
    Labels,
    Objective,
    Reconstruction,
)
from latentlab.training.objectives.photographs import CameraNoise, GaussianNoise


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides what a training run ends in."""

    name: str  # of the checkpoint: family.tag
    data: str  # whose whole training split is used
    summary: str  # one line, shown under the model's name
    config: ModelConfig
    objective: Objective
    epochs: int
    batch_size: int = 256
    learning_rate: float = 2e-3  # the peak of a cosine with a short warm-up
    weight_decay: float = 1e-2  # decoupled (Loshchilov & Hutter 2019)
    seed: int = 0
    limits: tuple[str, ...] = ()  # what a user should not expect of it

    @property
    def identity(self) -> str:
        """What decides the weights, as text: the recipe without its prose."""
        return repr(replace(self, summary="", limits=()))

    @property
    def tag(self) -> str:
        """What tells it from others of its family and data set."""
        return self.name.partition(".")[2].removeprefix(self.data).strip("_")

    @property
    def family(self) -> str:
        """The part of the name before the dot."""
        return self.name.partition(".")[0]

    def training_data(self) -> TrainingData:
        """Return what the run draws its batches from.

        Raises:
            DataError: the training split is not on this machine.
        """
        return find(self.data).training_data(self.config)


recipes: Registry[Recipe] = Registry("recipe")

TITLES = {"mnist": "MNIST digits", "fashion_mnist": "Fashion-MNIST garments"}


def _add(recipe: Recipe) -> None:
    recipes.add(recipe.name, recipe)


for _data, _of in TITLES.items():
    _garments = _data == "fashion_mnist"

    _add(
        Recipe(
            name=f"classifier.{_data}",
            data=_data,
            summary=f"Judges {_of}: the class probabilities that score samples and paths.",
            config=ClassifierConfig(depths=(1, 1, 2)),
            objective=Labels(shift=1 if _garments else 2, flip=_garments),
            epochs=18 if _garments else 12,
            learning_rate=4e-3,
            limits=(
                "Gives every picture one of ten classes, also a picture that is none of them.",
            ),
        )
    )
    for _k in (2, 16, 8, 32, 64):
        _add(
            Recipe(
                name=f"autoencoder.{_data}_k{_k}",
                data=_data,
                summary=f"Squeezes {_of} through {_k} numbers; dense layers only.",
                config=DenseAutoencoderConfig(latent_size=_k),
                objective=Reconstruction(),
                epochs=50,
                limits=(
                    "Has no prior: a code far from those of the data decodes to nothing sensible.",
                ),
            )
        )
    _add(
        Recipe(
            name=f"denoising_autoencoder.{_data}",
            data=_data,
            summary=f"Restores damaged {_of}; trained on six kinds of damage at all strengths.",
            config=DenoisingAutoencoderConfig(),
            objective=Denoising(clean_share=0.05),
            epochs=12 if _garments else 40,
            limits=(
                f"Has seen {_of} only, and will turn anything else into one.",
                "Trained up to the strength at which each slider ends.",
            ),
        )
    )
    _add(
        Recipe(
            name=f"conv_autoencoder.{_data}_k32",
            data=_data,
            summary=f"Squeezes {_of} through 32 numbers; convolutions keep edges sharp.",
            config=ConvAutoencoderConfig(latent_size=32),
            objective=Reconstruction(),
            epochs=14 if _garments else 25,
            limits=(
                "Has no prior: a code far from those of the data decodes to nothing sensible.",
            ),
        )
    )
    _add(
        Recipe(
            name=f"gan.{_data}_k64",
            data=_data,
            summary=f"Invents {_of} from 64 random numbers; its only teacher is a critic.",
            config=GANConfig(latent_size=64),
            objective=Adversarial(critic_channels=(32, 64, 128)),
            epochs=20 if _garments else 30,
            batch_size=64,  # a game gains more from many moves than from sure ones
            learning_rate=4e-4,
            weight_decay=0.0,
            limits=("Cannot encode: it has no code for a given picture.",),
        )
    )
    for _k in (16,) if _garments else (16, 2):
        _add(
            Recipe(
                name=f"vae.{_data}_k{_k}",
                data=_data,
                summary=f"A smooth map of {_of} with {_k} dimensions, from which one can draw.",
                config=VAEConfig(latent_size=_k),
                objective=Elbo(binarise=True, warm_up=0.1),
                epochs=25 if _garments else 40 if _k == 16 else 30,
                limits=("Reconstructions are averages over what might have been: soft edges.",),
            )
        )

_add(
    Recipe(
        name="vae.toon_faces_k32",
        data="toon_faces",
        summary="Cartoon faces in colour on 32 sliders: hair, beard, mouth, shirt, background.",
        config=VAEConfig(
            image_shape=(3, 64, 64),
            latent_size=32,
            channels=(16, 32, 64, 64),
            likelihood="gaussian",
            sigma=0.1,
        ),
        objective=Elbo(binarise=False, warm_up=0.2),
        epochs=70,
        batch_size=64,
        limits=(
            "Knows one drawing style; a photograph of a face comes out as a cartoon.",
            "Eleven independent factors and 32 dimensions: small parts (eyes, brows) stay soft.",
        ),
    )
)

_add(
    Recipe(
        name="photo_denoiser.gaussian",
        data="photographs",
        summary="Takes white Gaussian noise of known strength, σ up to 75, out of photographs.",
        config=PhotoDenoiserConfig(),
        objective=GaussianNoise(highest=HIGHEST, grey_share=0.1),
        epochs=1000,  # 36,000 steps: of each picture, as many patches
        batch_size=12,
        weight_decay=0.0,
        limits=(
            "Knows noise that is equal in all places and channels; that of cameras is not.",
            "Trained up to σ = 75 of 255.",
        ),
    )
)
_add(
    Recipe(
        name="photo_denoiser.real",
        data="photographs",
        summary="Takes what cameras add out of photographs: grain, coloured noise, JPEG.",
        config=PhotoDenoiserConfig(levels="found"),
        objective=CameraNoise("photo_denoiser.gaussian", white_share=0.25, highest=HIGHEST),
        epochs=250,  # 9,000 steps
        batch_size=12,
        learning_rate=1e-3,
        weight_decay=0.0,
        limits=(
            "Starts from the weights of photo_denoiser.gaussian, whose training time comes on top.",
            "Has seen simulated cameras only; it does not sharpen, and fine texture may go.",
        ),
    )
)


def shorten(recipe: Recipe, epochs: int) -> Recipe:
    """Return the recipe with fewer epochs: for a trial, never for a checkpoint that ships."""
    return replace(recipe, epochs=epochs)
