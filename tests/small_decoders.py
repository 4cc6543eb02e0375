"""Chains of layers that no shipped family has, to export and run in every way there is."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Chain:
    """A decoder that is nothing but its layers."""

    latent_shape: tuple[int, ...]
    image_shape: tuple[int, int, int]
    layers: nn.Sequential

    def decoder_layers(self) -> list[nn.Module]:
        return [*self.layers]

    def decode(self, z: Tensor) -> Tensor:
        with torch.inference_mode():
            decoded: Tensor = self.layers(z)
        return decoded


def chain(latent_shape: tuple[int, ...], *layers: nn.Module, seed: int = 0) -> Chain:
    """A chain in evaluation mode; weights and batch-norm statistics depend on ``seed`` alone."""
    network = nn.Sequential(*layers).eval()
    rng = torch.Generator().manual_seed(seed)
    for name, tensor in network.state_dict().items():
        if name.endswith("running_var"):
            tensor.uniform_(0.5, 2, generator=rng)
        elif tensor.is_floating_point():
            fan = max(1, tensor[0].numel())
            tensor.copy_(torch.randn(tensor.shape, generator=rng) / fan**0.5)
    with torch.inference_mode():
        channels, height, width = network(torch.zeros(1, *latent_shape)).shape[1:]
    return Chain(latent_shape, (channels, height, width), network)


def odd_chains() -> dict[str, Chain]:
    """Every layer and activation that can be exported, in sizes that divide by nothing."""
    up, down = nn.ConvTranspose2d, nn.Conv2d
    return {
        "dense": chain((7,), nn.Linear(7, 45), nn.Tanh(), nn.Unflatten(1, (5, 3, 3))),
        "strides": chain(
            (2, 4, 5),
            up(2, 9, kernel_size=3, stride=2, padding=1, output_padding=1, bias=False),
            nn.BatchNorm2d(9),
            nn.LeakyReLU(0.1),
            down(9, 6, kernel_size=5, stride=2, padding=3),
            nn.SiLU(),
            up(6, 13, kernel_size=(4, 3), stride=(3, 2), padding=(0, 1), output_padding=(2, 0)),
            nn.Tanh(),
            down(13, 3, kernel_size=(1, 2)),
            nn.Sigmoid(),
        ),
        "gaps": chain(  # a stride beyond the kernel: most outputs are the bias alone
            (3, 2, 3), up(3, 5, kernel_size=1, stride=3, output_padding=2), nn.ReLU6()
        ),
        "from_a_point": chain(
            (6,),
            nn.Unflatten(1, (6, 1, 1)),
            up(6, 10, kernel_size=4, bias=False),
            nn.BatchNorm2d(10),
            nn.ReLU(),
            up(10, 2, kernel_size=4, stride=2, padding=1),
            nn.Hardtanh(-0.5, 0.5),
        ),
        "upsampled": chain(
            (10,),
            nn.Linear(10, 4 * 3 * 2, bias=False),
            nn.BatchNorm1d(24),
            nn.ReLU(),
            nn.Unflatten(1, (4, 3, 2)),
            nn.Upsample(scale_factor=2),
            down(4, 33, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Tanh(),  # a second activation
            nn.Upsample(size=(18, 4)),
            nn.Sequential(down(33, 1, kernel_size=3, padding=1), nn.Sigmoid()),
        ),
        "flattened": chain(
            (3, 5, 4),
            down(3, 5, kernel_size=2, stride=2),
            nn.SiLU(),
            nn.Flatten(),
            nn.Linear(5 * 2 * 2, 18),
            nn.Unflatten(1, (2, 3, 3)),
            nn.BatchNorm2d(2),
            nn.Sigmoid(),
        ),
        "one_number": chain((1,), nn.Linear(1, 1), nn.Sigmoid(), nn.Unflatten(1, (1, 1, 1))),
    }
