"""The recipes for emoji: few pictures and many weights, so that what is learnt by heart shows."""

from latentlab.models.images.conv_autoencoder import ConvAutoencoderConfig
from latentlab.models.images.vae import VAEConfig
from latentlab.training.objectives import Elbo, Reconstruction
from latentlab.training.recipes.base import Recipe, add
from latentlab.training.recipes.small_pictures import NO_PRIOR

SHAPE = (3, 64, 64)
CHANNELS = (16, 32, 48, 48)
BY_HEART = "Has seen 1,675 pictures, and knows those better than new ones: see both errors."

add(
    Recipe(
        name="conv_autoencoder.emoji_k64",
        data="emoji",
        tag="k64",
        summary="Squeezes emoji through 64 numbers.",
        config=ConvAutoencoderConfig(
            image_shape=SHAPE, latent_size=64, channels=CHANNELS, hidden=128
        ),
        objective=Reconstruction(),
        epochs=200,
        batch_size=32,
        limits=(BY_HEART, NO_PRIOR),
    )
)
add(
    Recipe(
        name="vae.emoji_k32",
        data="emoji",
        tag="k32",
        summary="A map of emoji with 32 dimensions, on which one can walk from one to another.",
        config=VAEConfig(
            image_shape=SHAPE,
            latent_size=32,
            channels=CHANNELS,
            hidden=96,
            likelihood="gaussian",
            sigma=0.1,
        ),
        objective=Elbo(binarise=False, warm_up=0.2),
        epochs=300,
        batch_size=32,
        limits=(BY_HEART,),
    )
)
