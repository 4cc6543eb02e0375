"""Decoding one picture: against the bare module, and against what its arithmetic alone costs."""

import statistics
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from benchmarks.timing import Row, milliseconds
from latentlab import checkpoints
from latentlab.latents import spaces
from latentlab.models import LatentModel

BAR = 1.5
PRODUCT = 1024  # side of the matrices whose product gives the machine's arithmetic rate


def decoding() -> Iterator[Row]:
    """Yield milliseconds a picture for one checkpoint of every family that decodes."""
    a, b = torch.rand(2, PRODUCT, PRODUCT)
    rate = PRODUCT**3 / statistics.median(milliseconds(lambda: a @ b))  # multiply-adds a ms
    yield Row("matrix product", f"{2 * rate / 1e6:.0f} GFLOP/s")
    families = set()
    for name in checkpoints.names(can=["decodes"]):
        family = name.partition(".")[0]
        if family in families:
            continue
        families.add(family)
        model = checkpoints.load(name).load_model()
        assert isinstance(model, LatentModel)
        z = model.sample_prior(1, torch.Generator().manual_seed(0))
        baseline = multiply_adds(model, z) / rate
        bare = statistics.median(milliseconds(lambda m=model, z=z: _bare(m, z), 200))
        space = spaces.network_space(model, checkpoints.load(name).statistics())
        flat = z.flatten(1)
        ours = statistics.median(milliseconds(lambda s=space, z=flat: spaces.decode(s, z), 200))
        measured = f"{ours:.2f} ms ({ours / baseline:.0f}x its multiply-adds)"
        yield Row(f"decode {name}", measured)
        ratio = ours / bare
        yield Row("  against the bare module", f"{ratio:.2f}x", f"≤ {BAR}x", ratio <= BAR)


def _bare(model: LatentModel, z: Tensor) -> Tensor:
    with torch.inference_mode():
        return model.decode(z)


def multiply_adds(model: LatentModel, z: Tensor) -> int:
    """Return how many multiplications one decoding needs, counted while it runs."""
    total = 0

    def note(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        if isinstance(module, nn.Linear):
            total += module.weight.numel()
        elif isinstance(module, nn.Conv2d):
            total += module.weight.numel() * output.shape[2] * output.shape[3]
        elif isinstance(module, nn.ConvTranspose2d):
            total += module.weight.numel() * inputs[0].shape[2] * inputs[0].shape[3]

    hooks = [module.register_forward_hook(note) for module in model.modules()]
    _bare(model, z)
    for hook in hooks:
        hook.remove()
    return total
