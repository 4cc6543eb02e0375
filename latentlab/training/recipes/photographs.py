"""The recipes of photo denoisers."""

from latentlab.models.images.photo_denoiser import HIGHEST, PhotoDenoiserConfig
from latentlab.training.objectives import CameraNoise, GaussianNoise
from latentlab.training.recipes.base import Recipe, add

add(
    Recipe(
        name="photo_denoiser.gaussian",
        data="photographs",
        tag="gaussian",
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
add(
    Recipe(
        name="photo_denoiser.real",
        data="photographs",
        tag="real",
        summary="Takes what cameras add out of photographs: grain, coloured noise, JPEG.",
        config=PhotoDenoiserConfig(levels="found"),
        objective=CameraNoise(white_share=0.25, highest=HIGHEST),
        starts_from="photo_denoiser.gaussian",
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
