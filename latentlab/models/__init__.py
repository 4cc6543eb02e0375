"""Model families. Importing this package registers all of them."""

from latentlab.models.base import (
    DiagonalGaussian,
    ModelConfig,
    Network,
    Point,
    Posterior,
    build,
    count_parameters,
    families,
)
from latentlab.models.images.autoencoder import DenseAutoencoder
from latentlab.models.images.base import (
    Autoencoder,
    Classifier,
    Denoiser,
    ImageConfig,
    ImageNetwork,
    LatentModel,
)
from latentlab.models.images.classifier import ConvClassifier
from latentlab.models.images.conditional_gan import ConditionalGAN
from latentlab.models.images.contractive_autoencoder import ContractiveAutoencoder
from latentlab.models.images.conv_autoencoder import ConvAutoencoder
from latentlab.models.images.cycle_gan import CycleGAN
from latentlab.models.images.denoising_autoencoder import DenoisingAutoencoder
from latentlab.models.images.dense_vae import DenseVAE
from latentlab.models.images.factor_classifier import FactorClassifier
from latentlab.models.images.gan import GAN
from latentlab.models.images.linear_autoencoder import LinearAutoencoder
from latentlab.models.images.penalised import PenalisedAutoencoder
from latentlab.models.images.photo_denoiser import PhotoDenoiser
from latentlab.models.images.shallow_autoencoder import ShallowAutoencoder
from latentlab.models.images.sparse_autoencoder import SparseAutoencoder
from latentlab.models.images.super_resolution import SuperResolution
from latentlab.models.images.vae import VAE
from latentlab.models.sequences.base import SequenceConfig, SequenceNetwork
from latentlab.models.sequences.causal_cnn import CausalCNN
from latentlab.models.sequences.labeller import LabellerConfig, SequenceLabeller
from latentlab.models.sequences.recurrent import Recurrent
from latentlab.models.sequences.transformer import Transformer
from latentlab.models.text.base import TextConfig, TextNetwork
from latentlab.models.text.encoder_decoder import EncoderDecoder
from latentlab.models.text.language_model import LanguageModel
from latentlab.models.text.masked_language_model import MaskedLanguageModel
from latentlab.models.text.sentence_autoencoder import SentenceAutoencoder, SentenceModel
from latentlab.models.text.sentence_vae import SentenceVAE

__all__ = [
    "GAN",
    "VAE",
    "Autoencoder",
    "CausalCNN",
    "Classifier",
    "ConditionalGAN",
    "ContractiveAutoencoder",
    "ConvAutoencoder",
    "ConvClassifier",
    "CycleGAN",
    "Denoiser",
    "DenoisingAutoencoder",
    "DenseAutoencoder",
    "DenseVAE",
    "DiagonalGaussian",
    "EncoderDecoder",
    "FactorClassifier",
    "ImageConfig",
    "ImageNetwork",
    "LabellerConfig",
    "LanguageModel",
    "LatentModel",
    "LinearAutoencoder",
    "MaskedLanguageModel",
    "ModelConfig",
    "Network",
    "PenalisedAutoencoder",
    "PhotoDenoiser",
    "Point",
    "Posterior",
    "Recurrent",
    "SentenceAutoencoder",
    "SentenceModel",
    "SentenceVAE",
    "SequenceConfig",
    "SequenceLabeller",
    "SequenceNetwork",
    "ShallowAutoencoder",
    "SparseAutoencoder",
    "SuperResolution",
    "TextConfig",
    "TextNetwork",
    "Transformer",
    "build",
    "count_parameters",
    "families",
]
