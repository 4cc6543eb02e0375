"""The recipes of what GANs are used for: super-resolution, more training pictures, translation."""

from latentlab.baselines.augmentation import CLASSICAL
from latentlab.models.images.conditional_gan import ConditionalGANConfig
from latentlab.models.images.cycle_gan import CycleGANConfig
from latentlab.models.images.super_resolution import SuperResolutionConfig
from latentlab.training.objectives import (
    AdversarialEnlarging,
    ConditionalAdversarial,
    Enlarging,
    Game,
    ThickAndThin,
)
from latentlab.training.recipes.base import Recipe, add

_ENLARGED = {
    "mnist": ("digits", SuperResolutionConfig(), (32, 64, 128)),
    "toon_faces": (
        "cartoon faces",
        SuperResolutionConfig(image_shape=(3, 64, 64)),
        (32, 64, 128, 128),
    ),
}

for _data, (_of, _config, _critic) in _ENLARGED.items():
    _digits = _data == "mnist"
    add(
        Recipe(
            name=f"super_resolution.{_data}_mse",
            data=_data,
            tag="mse",
            summary=f"Gives small {_of} four times the width and height; trained on squared error.",
            config=_config,
            objective=Enlarging(),
            epochs=19 if _digits else 36,  # 8,892 and 8,100 steps
            batch_size=128 if _digits else 32,
            weight_decay=0.0,
            limits=(
                "Gives the mean of what the large picture could have been, which is a blur.",
                f"Has seen {_of} only, made small by means over 4x4 pixels.",
            ),
        )
    )
    add(
        Recipe(
            name=f"super_resolution.{_data}_gan",
            data=_data,
            tag="gan",
            summary=f"The same network for {_of}, trained on; a critic has a say, too.",
            config=_config,
            objective=AdversarialEnlarging(
                critic_channels=_critic, content=50.0 if _digits else 100.0
            ),
            starts_from=f"super_resolution.{_data}_mse",
            epochs=9 if _digits else 36,  # 8,433 and 8,100 steps
            batch_size=64 if _digits else 32,
            learning_rate=4e-4,
            weight_decay=0.0,
            limits=(
                "Invents what the small picture does not hold: it may be sharp and wrong.",
                f"Starts from super_resolution.{_data}_mse, whose training time comes on top.",
            ),
        )
    )

add(
    Recipe(
        name="conditional_gan.mnist_1000",
        data="mnist",
        tag="1000",
        summary="Invents the digit that it is asked for; has seen a thousand labelled ones.",
        config=ConditionalGANConfig(pictures=1_000),
        objective=ConditionalAdversarial(
            critic_channels=(32, 64, 128), seen_through=CLASSICAL["mnist"], averaging=0.998
        ),
        labels=1_000,
        epochs=200,  # 3,000 steps
        batch_size=64,
        learning_rate=1e-3,
        weight_decay=0.0,
        limits=("Has seen a thousand digits: what those lack, it lacks.",),
    )
)

add(
    Recipe(
        name="cycle_gan.mnist",
        data="mnist",
        summary="Turns digits as written into thick ones and back; has never seen a pair.",
        config=CycleGANConfig(),
        objective=ThickAndThin(
            critic_channels=(16, 32, 64), game=Game(penalty=1.0), averaging=0.99
        ),
        epochs=2,  # about 1,900 steps
        batch_size=64,
        learning_rate=1e-3,
        weight_decay=0.0,
        limits=(
            "Thick digits were made by dilation, which a line of code does exactly.",
            "Nothing tells it that a digit has to stay the same, except that it has to come back.",
        ),
    )
)
