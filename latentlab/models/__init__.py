"""Model families. Importing this package registers all of them."""

from latentlab.models.autoencoder import DenseAutoencoder
from latentlab.models.base import (
    Autoencoder,
    DiagonalGaussian,
    Judge,
    LatentModel,
    ModelConfig,
    Network,
    Point,
    Posterior,
    Restorer,
    build,
    count_parameters,
    families,
    family_of,
)
from latentlab.models.classifier import Classifier
from latentlab.models.conv_autoencoder import ConvAutoencoder
from latentlab.models.denoising_autoencoder import DenoisingAutoencoder
from latentlab.models.gan import GAN
from latentlab.models.photo_denoiser import PhotoDenoiser
from latentlab.models.vae import VAE

__all__ = [
    "GAN",
    "VAE",
    "Autoencoder",
    "Classifier",
    "ConvAutoencoder",
    "DenoisingAutoencoder",
    "DenseAutoencoder",
    "DiagonalGaussian",
    "Judge",
    "LatentModel",
    "ModelConfig",
    "Network",
    "PhotoDenoiser",
    "Point",
    "Posterior",
    "Restorer",
    "build",
    "count_parameters",
    "families",
    "family_of",
]
