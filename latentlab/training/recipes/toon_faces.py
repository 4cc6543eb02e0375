"""The recipe for toon faces."""

from latentlab.models.images.vae import VAEConfig
from latentlab.training.objectives import Elbo
from latentlab.training.recipes.base import Recipe, add

add(
    Recipe(
        name="vae.toon_faces_k32",
        data="toon_faces",
        tag="k32",
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
