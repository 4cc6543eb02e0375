"""Generative adversarial network, a DCGAN; its loss and penalties are a training objective.

Goodfellow et al. 2014; Radford et al. 2015, "DCGAN". A generator with a dense layer has the shape
of an autoencoder's decoder, and may begin as one (as in Larsen et al. 2016, "VAE/GAN", decoder and
generator are one network). A checkpoint holds the generator alone: pages need nothing else.
"""

import math
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from latentlab.errors import BadConfig, UnsupportedError
from latentlab.models.base import families
from latentlab.models.images.base import ImageConfig, LatentModel
from latentlab.models.images.blocks import bottom_size, dense, refined, upward
from latentlab.models.images.conv_autoencoder import ConvAutoencoder
from latentlab.records import Count, Counts, Natural


@dataclass(frozen=True, kw_only=True)
class GANConfig(ImageConfig):
    """The size of the latent, and the generator's layers."""

    latent_size: Count = 64
    channels: Counts = (64, 96)  # one doubling each, image side first
    # Channels of the map that the linear layer fills, where most weights are; a convolution then
    # widens it. 0 = as many as the last of ``channels``, and no such convolution.
    seed_channels: Natural = 0
    blocks: Natural = 0  # residual blocks at every map size but the image's own
    full_channels: Natural = 0  # of a map of the image's size, before the last layer; 0 = none
    # Numbers of a dense layer between latent and map, as in the decoder of a `conv_autoencoder`;
    # 0 = none. With it there are no ``seed_channels`` and no ``full_channels``.
    hidden: Natural = 0


@families.register("gan")
class GAN(LatentModel):
    """The generator: latents straight to images. It cannot encode."""

    config_type = GANConfig
    kind = "generator"
    title = "GAN"
    paper = "Radford et al. 2015, arXiv:1511.06434; Huang et al. 2024, arXiv:2501.05441"

    def __init__(self, config: GANConfig) -> None:
        super().__init__(config)
        self.latent_shape = (config.latent_size,)
        if config.hidden:
            self.generator = nn.Sequential(*decoding(config))
            return
        widest, shape = config.channels[-1], config.image_shape
        seed = config.seed_channels or widest
        bottom = (seed, *bottom_size(shape, len(config.channels)))
        layers: list[nn.Module] = [
            nn.Linear(config.latent_size, math.prod(bottom), bias=False),
            nn.Unflatten(1, bottom),
            nn.BatchNorm2d(seed),
        ]
        if config.seed_channels:
            layers += [
                nn.ReLU(),
                nn.Conv2d(seed, widest, kernel_size=3, padding=1, bias=False),
                nn.BatchNorm2d(widest),
            ]
        layers.append(refined(nn.ReLU(), widest, config.blocks))
        full = config.full_channels
        if full:
            layers += [
                *upward(config.channels, (full, *shape[1:]), config.blocks),
                nn.ReLU(),
                nn.Conv2d(full, shape[0], kernel_size=3, padding=1),
            ]
        else:
            layers += upward(config.channels, shape, config.blocks)
        self.generator = nn.Sequential(*layers, nn.Sigmoid())

    def decode(self, z: Tensor) -> Tensor:
        """Return images ``[B, C, H, W]`` in [0, 1] for latents ``[B, k]``."""
        decoded: Tensor = self.generator(z)
        return decoded

    def decoder_layers(self) -> list[nn.Module]:
        """Return the layers that ``decode`` applies."""
        return [*self.generator]

    def begin_as(self, autoencoder: ConvAutoencoder, codes: Tensor) -> None:
        """Draw what the decoder makes of draws from the Gaussian fitted to its codes, at first.

        z ~ N(0, I) becomes mean + sum of z_k std_k direction_k, with the principal directions of
        the codes ``[N, k]``; the first layer takes up that matrix, and its batch norm the mean.

        Raises:
            ValueError: the decoder's weights have other shapes.
        """
        mean = codes.mean(0)
        variances, directions = torch.linalg.eigh(torch.cov(codes.T))
        mapping = (directions * variances.clamp(min=0).sqrt()).flip(1)  # [k, k], largest first
        ours = [m for m in self.generator.modules() if isinstance(m, _TAKEN_OVER)]
        theirs = [m for m in autoencoder.decoder.modules() if isinstance(m, _TAKEN_OVER)]
        if len(ours) != len(theirs):
            raise ValueError(f"{len(theirs)} layers, and should have {len(ours)}")
        values = [{k: v.clone() for k, v in known.state_dict().items()} for known in theirs]
        values[1]["running_mean"] -= values[0]["weight"] @ mean
        values[0]["weight"] = values[0]["weight"] @ mapping
        for mine, known in zip(ours, values, strict=True):
            for key, value in mine.state_dict().items():
                if key not in known or known[key].shape != value.shape:
                    raise ValueError(f"a {type(mine).__name__} of other shapes")
            mine.load_state_dict(known)


# Layers with weights of a decoder; blocks, which are convolutions, begin as the identity.
_TAKEN_OVER = (nn.Linear, nn.BatchNorm1d, nn.BatchNorm2d, nn.ConvTranspose2d)


def decoding(config: GANConfig) -> list[nn.Module]:
    """Return the layers of a `conv_autoencoder`'s decoder, with blocks after each map but the last.

    Raises:
        BadConfig: it has what goes with another beginning or another end.
    """
    if config.seed_channels or config.full_channels:
        raise BadConfig(
            "A generator with a dense layer has no seed_channels and no full_channels.",
            "Leave them 0, or hidden.",
        )
    widest = config.channels[-1]
    bottom = (widest, *bottom_size(config.image_shape, len(config.channels)))
    return [
        *dense((config.latent_size, config.hidden, math.prod(bottom))),
        refined(nn.Unflatten(1, bottom), widest, config.blocks),
        *upward(config.channels, config.image_shape, config.blocks),
        nn.Sigmoid(),
    ]


class Discriminator(nn.Module):
    """The critic that trains a generator: images ``[B, C, H, W]`` to one real number each.

    Nothing in it is normalised: a gradient penalty needs to know each picture's own slope. With
    ``spread`` the last map also carries the batch's own standard deviation (Karras et al. 2018,
    section 3): a generator that always draws the same picture betrays itself by it. ``blocks``
    residual blocks follow each halving, as in a generator. ``centred``: grey is zero, and weights
    are drawn for leaky ReLUs (He et al. 2015), so that pictures that are not mostly black are soon
    told apart.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        channels: tuple[int, ...],
        blocks: int = 0,
        spread: bool = True,
        centred: bool = False,
    ) -> None:
        super().__init__()
        self.spread = spread
        self.centre = 1.0 if centred else 0.0
        _, height, width = image_shape
        layers: list[nn.Module] = []
        for before, after in pairwise((image_shape[0], *channels)):
            halving = nn.Conv2d(before, after, kernel_size=4, stride=2, padding=1)
            if centred:
                nn.init.kaiming_normal_(halving.weight, 0.2)
            layers += [
                halving,
                refined(nn.LeakyReLU(0.2), after, blocks, nn.LeakyReLU(0.2)),
            ]
            height, width = height // 2, width // 2  # an odd side loses its last row
        self.maps = nn.Sequential(*layers)
        # Without a bias: the loss compares scores, where it would cancel.
        self.head = nn.Linear((channels[-1] + spread) * height * width, 1, bias=False)

    def features(self, x: Tensor) -> Tensor:
        """Return what the score is a weighted sum of, ``[B, F]``."""
        # As wide as the [-1, 1] of the DCGAN paper, but black is what a map is padded with.
        maps: Tensor = self.maps(2 * x - self.centre)
        if self.spread:
            own = self.spread_of(maps).expand(len(maps), 1, *maps.shape[2:])
            maps = torch.cat([maps, own], dim=1)
        return maps.flatten(1)

    def forward(self, x: Tensor) -> Tensor:
        """Return the critic's score, ``[B]``; higher means more like the data."""
        score: Tensor = self.head(self.features(x))
        return score.squeeze(1)

    def spread_among(self, x: Tensor) -> float:
        """Return the spread that it sees in a batch of pictures; 0 if it sees none."""
        return float(self.spread_of(self.maps(2 * x - self.centre))) if self.spread else 0.0

    def chain(self, spread: float) -> nn.Sequential:
        """Return the layers that score each picture as one of a batch of this spread.

        ``[B, C, H, W] -> [B, 1]``: a plain chain, which says of a picture the same in any company.

        Raises:
            UnsupportedError: it is centred, which a chain that pads with black cannot be.
        """
        if self.centre:
            raise UnsupportedError("A centred critic is no plain chain of layers.")
        maps = deepcopy(self.maps)
        first = next(iter(maps))
        assert isinstance(first, nn.Conv2d)
        last = next(module for module in reversed(maps) if isinstance(module, nn.Conv2d))
        weight = self.head.weight.detach()
        first.weight = nn.Parameter(2 * first.weight.detach(), requires_grad=False)
        places = weight.shape[1] // (last.out_channels + self.spread)
        own = last.out_channels * places
        head = nn.Linear(own, 1)
        head.weight = nn.Parameter(weight[:, :own].clone(), requires_grad=False)
        head.bias = nn.Parameter(spread * weight[:, own:].sum(1), requires_grad=False)
        return nn.Sequential(*maps, nn.Flatten(), head).eval()

    @staticmethod
    def spread_of(maps: Tensor) -> Tensor:
        """Return the standard deviation over a batch of last maps ``[B, C, H, W]``, one number."""
        return (maps.var(0, unbiased=False) + 1e-8).sqrt().mean()
