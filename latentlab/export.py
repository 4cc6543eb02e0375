"""Decoders for other machines: a manifest and fp16 weights for the browser, or an ONNX file.

    files = decoder_files(model, "vae.mnist_k16")   # DecoderFiles: manifest, weights
    write(files, folder)                            # NAME.json, NAME.bin.gz
    write_onnx(model, "vae.mnist_k16", folder)      # NAME.onnx

A decoder is exported exactly or not at all: a layer that the browser's kernel does not know is an
`UnsupportedError`. The manifest lists the layers in order. Each has one shape going in and one
coming out (flattening is a matter of shapes alone), the geometry of its kernel, and the activation
that follows; batch norm is folded into the layer before it. The weight file is all layers' weights
and biases as little-endian fp16, in the order of the manifest, each in torch's own layout.
"""

import base64
import contextlib
import gzip
import hashlib
import importlib.util
import json
import logging
import math
import struct
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from latentlab.errors import UnsupportedError
from latentlab.models import Autoencoder

if TYPE_CHECKING:
    from latentlab.baselines.pca import PrincipalComponents

FORMAT_VERSION = 1
OPERATIONS = ("linear", "conv2d", "conv_transpose2d", "repeat")  # the order is the kernel's code
ACTIVATIONS = ("none", "relu", "leaky_relu", "clamp", "silu", "tanh", "sigmoid")

# What the browser accepts; checks.js and kernel.c hold the same bounds.
MAX_LAYERS = 64
MAX_SIDE = 4096  # of a map
MAX_CHANNELS = 65536
MAX_KERNEL, MAX_STRIDE = 64, 16
MAX_MULTIPLY_ADDS = 1 << 30  # about a quarter of a second in the kernel
MAX_NUMBERS = 1 << 22  # weights: 16 MB once they are fp32
MAX_VALUES = 1 << 21  # of all maps together

REFERENCE_BYTES = 64 << 10  # of pictures in a manifest: four of 28x28x1, one of 64x64x3
ONNX_TOLERANCE = 1e-4

Shape = tuple[int, int, int]  # channels, height, width


class Decoder(Protocol):
    """What can be exported: a `LatentModel`, or `PrincipalComponents`."""

    @property
    def image_shape(self) -> Shape:
        """Shape of one image."""

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """Shape of one latent."""

    def decoder_layers(self) -> list[nn.Module]:
        """The layers from the latent to the image."""

    def decode(self, z: Tensor) -> Tensor:
        """Images ``[B, C, H, W]`` in [0, 1] for latents ``[B, *latent_shape]``."""


@dataclass(frozen=True)
class _Backwards:
    """Presents an encoder as a decoder, so that it can be exported: from pictures to codes."""

    model: Autoencoder

    @property
    def image_shape(self) -> Shape:
        size = self.model.latent_shape
        return _three(size if len(size) == 3 else (self.model.latent_size, 1, 1))

    @property
    def latent_shape(self) -> tuple[int, ...]:
        return self.model.image_shape

    def decoder_layers(self) -> list[nn.Module]:
        return self.model.encoder_layers()

    def decode(self, z: Tensor) -> Tensor:
        return self.model.encode(z).mode().reshape(-1, *self.image_shape)


def encoder_of(model: Autoencoder) -> Decoder:
    """Return an autoencoder's encoder as something to export.

    What its manifest calls a latent is an image, flattened; what it calls an image is the mode of
    the code, ``[k, 1, 1]`` where the code is no map, and with no bounds. Give `decoder_files`
    pictures as ``codes``.
    """
    return _Backwards(model)


@dataclass(frozen=True)
class Whole:
    """An autoencoder from end to end as something to export: a picture is what it decodes.

    Attributes:
        parts: its encoder's layers, then its decoder's; the first flattens a picture.
        image_shape: (C, H, W).
    """

    parts: tuple[nn.Module, ...]
    image_shape: tuple[int, int, int]

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """Shape of what goes in: a picture."""
        return self.image_shape

    def decoder_layers(self) -> list[nn.Module]:
        """All layers, in order."""
        return list(self.parts)

    def decode(self, z: Tensor) -> Tensor:
        """Pictures ``[B, C, H, W]``, encoded and decoded."""
        for part in self.parts:
            z = part(z)
        return z


def end_to_end(model: Autoencoder) -> Whole:
    """Return an autoencoder as one chain of layers, from picture to picture."""
    return Whole((*model.encoder_layers(), *model.decoder_layers()), model.image_shape)


def end_to_end_pca(pca: "PrincipalComponents") -> Whole:
    """Return principal components as one chain of layers: two matrices, then clipping."""
    into = nn.Linear(pca.mean.numel(), pca.k)
    into.weight = nn.Parameter(pca.components, requires_grad=False)
    into.bias = nn.Parameter(-pca.components @ pca.mean, requires_grad=False)
    return Whole((nn.Flatten(), into, *pca.decoder_layers()), pca.image_shape)


@dataclass(frozen=True)
class Layer:
    """One step of the kernel, with its weights in torch's layout (None for ``repeat``).

    ``linear`` takes a map as torch's Flatten would lay it out and gives one; ``repeat`` copies
    every value ``stride`` times down and across, and with a stride of 1 is an activation alone.
    """

    op: str
    input: Shape
    output: Shape
    kernel: tuple[int, int] = (1, 1)
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    activation: str = "none"
    parameters: tuple[float, float] = (0.0, 0.0)  # of the activation: slope; or lowest and highest
    weight: Tensor | None = None
    bias: Tensor | None = None

    @property
    def multiply_adds(self) -> int:
        """How many multiplications one run takes."""
        if self.weight is None:
            return 0
        places = {"linear": 1, "conv2d": math.prod(self.output[1:])}
        return self.weight.numel() * places.get(self.op, math.prod(self.input[1:]))

    def record(self) -> bytes:
        """Return the 64 bytes that `kernel.c` reads (its ``Record``)."""
        return struct.pack(
            "<2i2f12i",
            OPERATIONS.index(self.op),
            ACTIVATIONS.index(self.activation),
            *self.parameters,
            *(*self.input, *self.output, *self.kernel, *self.stride, *self.padding),
        )


@dataclass(frozen=True)
class DecoderFiles:
    """What a browser needs to decode: JSON-able ``manifest``, gzipped ``weights``.

    The manifest holds ``format``, ``version``, ``name``, ``latent_size`` D, ``image_shape``,
    ``layers``, ``weights`` (how many numbers, how many bytes unzipped, their sha256),
    ``multiply_adds``, and a ``reference``: some latents ``z`` and what torch decodes from them
    with the rounded weights (``images``: base64 of little-endian fp32 [n, C, H, W]), with
    ``fp16_error``, the largest difference that the rounding made in them.
    """

    manifest: dict[str, Any]
    weights: bytes


def decoder_files(
    decoder: Decoder, name: str, codes: Tensor | None = None, *, levels: int | None = None
) -> DecoderFiles:
    """Return the exported decoder. The same decoder gives the same bytes.

    Args:
        decoder: a model in evaluation mode, or principal components.
        name: what the manifest calls it.
        codes: typical latents ``[N, D]``, of which the first few become the reference; by default
            standard normal ones.
        levels: the weights of a layer lie on an even grid with so many steps from zero to the
            largest: 100 halves the file, and moves pixels by a hundredth; the reference is then
            given to three digits, too. None = all that fp16 has.

    Raises:
        UnsupportedError: a layer cannot run in a browser, or the whole is too large for one.
    """
    size = math.prod(decoder.latent_shape)
    few = max(1, min(4, REFERENCE_BYTES // (4 * max(size, math.prod(decoder.image_shape)))))
    if codes is None:
        codes = torch.randn(few, size, generator=torch.Generator().manual_seed(0))
    z = codes[:few].detach().cpu().float()
    with torch.inference_mode():
        layers = [_round(layer, levels) for layer in decoder_plan(decoder, name)]
        numbers = _numbers(layers)
        images = run_plan(layers, z)
        exact = decoder.decode(z.reshape(-1, *decoder.latent_shape))
        reference = images if levels is None else images.half().float()  # which compresses
    if not (images.isfinite().all() and np.isfinite(numbers).all()):
        raise UnsupportedError(
            f"{name} has weights that are no numbers, or too large for 16 bits.",
            "It can be decoded on the server only.",
        )
    raw = numbers.tobytes()
    manifest = {
        "format": "latentlab-decoder",
        "version": FORMAT_VERSION,
        "name": name,
        "latent_size": size,
        "image_shape": list(decoder.image_shape),
        "layers": [_entry(layer) for layer in layers],
        "weights": {
            "count": len(numbers),
            "bytes": len(raw),
            "sha256": hashlib.sha256(raw).hexdigest(),
        },
        "multiply_adds": sum(layer.multiply_adds for layer in layers),
        "reference": {
            "z": z.tolist(),
            "images": base64.b64encode(reference.numpy().astype("<f4").tobytes()).decode(),
            "fp16_error": float((images - exact).abs().max()),
        },
    }
    return DecoderFiles(manifest, gzip.compress(raw, compresslevel=9, mtime=0))


def write(files: DecoderFiles, folder: Path) -> tuple[Path, Path]:
    """Write ``NAME.json`` and ``NAME.bin.gz`` to ``folder`` and return both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    name = files.manifest["name"]
    manifest, weights = folder / f"{name}.json", folder / f"{name}.bin.gz"
    manifest.write_text(json.dumps(files.manifest) + "\n", encoding="utf-8")
    weights.write_bytes(files.weights)
    return manifest, weights


def write_onnx(decoder: Decoder, name: str, folder: Path) -> tuple[Path, float]:
    """Write ``NAME.onnx`` and return its path and how far onnxruntime is from torch.

    Input ``z`` ``[B, *latent_shape]``, output ``x`` ``[B, C, H, W]``, both fp32, any B.

    Raises:
        UnsupportedError: the optional packages are missing, or the file does not decode as torch
            does to 1e-4 and was not kept.
    """
    packages = ("onnx", "onnxscript", "onnxruntime")
    missing = [package for package in packages if importlib.util.find_spec(package) is None]
    if missing:
        raise UnsupportedError(
            f"ONNX files need {' and '.join(missing)}, not installed here.",
            "Run: pip install 'latentlab[onnx]'",
        )
    import onnxruntime

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.onnx"
    network = nn.Sequential(*decoder.decoder_layers()).eval()
    z = torch.randn(2, *decoder.latent_shape, generator=torch.Generator().manual_seed(0))
    with _quiet("torch.onnx"):
        torch.onnx.export(
            network,
            (z,),
            path,
            input_names=["z"],
            output_names=["x"],
            dynamic_shapes=({0: torch.export.Dim.DYNAMIC},),
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    with torch.inference_mode():
        expected = decoder.decode(z).numpy()
    difference = float(np.abs(session.run(None, {"z": z.numpy()})[0] - expected).max())
    if not difference <= ONNX_TOLERANCE:
        path.unlink()
        raise UnsupportedError(
            f"As an ONNX file, {name} decodes differently from torch, by up to {difference:.2g}.",
            "No file was written. Please report this, with the versions of torch and onnxruntime.",
        )
    return path, difference


@contextlib.contextmanager
def _quiet(package: str) -> Iterator[None]:
    """Keep a package's warnings to itself: the exporter's are about packages we do not use."""
    logger = logging.getLogger(package)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def decoder_plan(decoder: Decoder, name: str) -> list[Layer]:
    """Return the kernel's steps for a decoder, with fp32 weights.

    Raises:
        UnsupportedError: a layer cannot run in a browser; the message names it.
    """
    plan = _Plan(name, decoder.latent_shape)
    plan.add(decoder.decoder_layers())
    layers = plan.layers
    if plan.shape != decoder.image_shape:
        raise UnsupportedError(
            f"The layers of {name} end in a map of shape {plan.shape}, not in its image.",
            "Only a plain chain of layers can run in a browser.",
        )
    sides = [n for layer in layers for shape in (layer.input, layer.output) for n in shape[1:]]
    if (
        len(layers) > MAX_LAYERS
        or max(sides) > MAX_SIDE
        or max(n for layer in layers for n in (layer.input[0], layer.output[0])) > MAX_CHANNELS
        or max(n for layer in layers for n in layer.kernel) > MAX_KERNEL
        or max(n for layer in layers for n in layer.stride) > MAX_STRIDE
        or sum(layer.multiply_adds for layer in layers) > MAX_MULTIPLY_ADDS
        or sum(math.prod(layer.output) for layer in layers) + plan.size > MAX_VALUES
        or len(_numbers(layers)) > MAX_NUMBERS
    ):
        raise UnsupportedError(
            f"{name} is too large for a browser.", "It can be decoded on the server only."
        )
    return layers


def run_plan(layers: Sequence[Layer], z: Tensor) -> Tensor:
    """Return what torch decodes with these layers, ``[B, C, H, W]``, for latents ``[B, D]``."""
    x = z
    for layer in layers:
        x = x.reshape(-1, *layer.input)
        if layer.op == "linear":
            assert layer.weight is not None
            x = F.linear(x.flatten(1), layer.weight, layer.bias)
        elif layer.op == "conv2d":
            assert layer.weight is not None
            x = F.conv2d(x, layer.weight, layer.bias, layer.stride, layer.padding)
        elif layer.op == "conv_transpose2d":
            assert layer.weight is not None
            height, width = _least(layer)
            extra = (layer.output[1] - height, layer.output[2] - width)
            x = F.conv_transpose2d(x, layer.weight, layer.bias, layer.stride, layer.padding, extra)
        else:
            x = x.repeat_interleave(layer.stride[0], 2).repeat_interleave(layer.stride[1], 3)
        x = _ACTIVATIONS[layer.activation](x, *layer.parameters)
    return x.reshape(-1, *layers[-1].output)


_ACTIVATIONS: dict[str, Callable[[Tensor, float, float], Tensor]] = {
    "none": lambda x, a, b: x,
    "relu": lambda x, a, b: F.relu(x),
    "leaky_relu": lambda x, a, b: F.leaky_relu(x, a),
    "clamp": lambda x, a, b: x.clamp(a, b),
    "silu": lambda x, a, b: F.silu(x),
    "tanh": lambda x, a, b: x.tanh(),
    "sigmoid": lambda x, a, b: x.sigmoid(),
}


class _Plan:
    """Turns modules into layers one by one, and keeps the shape that they have led to."""

    def __init__(self, name: str, latent_shape: tuple[int, ...]) -> None:
        self.name = name
        self.layers: list[Layer] = []
        self.flat = len(latent_shape) == 1  # whether torch's tensor has lost height and width
        self.size = math.prod(latent_shape)
        self.shape = (self.size, 1, 1) if self.flat else _three(latent_shape)

    def add(self, modules: Sequence[nn.Module]) -> None:
        for module in modules:
            # The exact type: a subclass may compute something else.
            if type(module) is nn.Sequential:
                self.add(list(module))
                continue
            step = _STEPS.get(type(module))
            if step is None or not step(self, module):
                raise UnsupportedError(
                    f"The layer {module} of {self.name} cannot run in a browser.",
                    "It can be decoded on the server only.",
                )

    def append(self, layer: Layer) -> bool:
        self.layers.append(layer)
        self.shape = layer.output
        return min(layer.output) > 0

    def reshape(self, shape: Shape) -> bool:
        """Read the numbers, in torch's order, as a map of ``shape``."""
        if math.prod(shape) != math.prod(self.shape):
            return False
        if shape != self.shape:
            # Only what has just been numbered can be numbered anew: a latent, a linear layer.
            if self.layers and self.layers[-1].op != "linear":
                return False
            if self.layers:
                self.layers[-1] = replace(self.layers[-1], output=shape)
            self.shape = shape
        self.flat = False
        return True

    def linear(self, module: nn.Linear) -> bool:
        if not self.flat or module.in_features != math.prod(self.shape):
            return False
        output = (module.out_features, 1, 1)
        return self.append(
            Layer(
                "linear",
                self.shape,
                output,
                weight=module.weight.detach(),
                bias=_bias(module, module.out_features),
            )
        )

    def conv(self, module: nn.Conv2d | nn.ConvTranspose2d) -> bool:
        if self.flat or module.in_channels != self.shape[0] or not _plain(module):
            return False
        transposed = isinstance(module, nn.ConvTranspose2d)
        layer = Layer(
            "conv_transpose2d" if transposed else "conv2d",
            self.shape,
            self.shape,
            kernel=_pair(module.kernel_size),
            stride=_pair(module.stride),
            padding=_pair(module.padding),
            weight=module.weight.detach(),
            bias=_bias(module, module.out_channels),
        )
        height, width = _least(layer)
        if transposed:
            height += int(module.output_padding[0])
            width += int(module.output_padding[1])
        return self.append(replace(layer, output=(module.out_channels, height, width)))

    def upsample(self, module: nn.Upsample) -> bool:
        channels, height, width = self.shape
        if module.size is not None:
            size = _pair(module.size)
        elif module.scale_factor is not None:
            tall, wide = _pair(module.scale_factor)
            size = (height * tall, width * wide)
        else:
            return False
        stride = (size[0] // height, size[1] // width)
        if self.flat or module.mode != "nearest" or min(stride) < 1:
            return False
        output = (channels, height * stride[0], width * stride[1])
        if output[1:] != size:
            return False
        return self.append(Layer("repeat", self.shape, output, stride=stride))

    def batch_norm(self, module: nn.BatchNorm1d | nn.BatchNorm2d) -> bool:
        """Fold (x - mean) / sqrt(variance + eps) * weight + bias into the layer before."""
        last = self.layers[-1] if self.layers else None
        wanted = nn.BatchNorm1d if self.flat else nn.BatchNorm2d
        if (
            last is None
            or last.weight is None
            or last.bias is None
            or last.activation != "none"
            or not isinstance(module, wanted)
            or module.running_mean is None
            or module.running_var is None
            or module.num_features != (math.prod(self.shape) if self.flat else self.shape[0])
            or last.bias.numel() % module.num_features  # a map that was flattened meanwhile
        ):
            return False
        scale = (module.running_var.double() + module.eps).rsqrt()
        if module.weight is not None:
            scale = scale * module.weight.detach().double()
        shift = -module.running_mean.double() * scale
        if module.bias is not None:
            shift = shift + module.bias.detach().double()
        # A linear layer that fills a map has one row for each of its places.
        places = last.bias.numel() // module.num_features
        scale, shift = scale.repeat_interleave(places), shift.repeat_interleave(places)
        axis = 1 if last.op == "conv_transpose2d" else 0
        spread = [-1 if dim == axis else 1 for dim in range(last.weight.ndim)]
        self.layers[-1] = replace(
            last,
            weight=(last.weight.double() * scale.reshape(spread)).float(),
            bias=(last.bias.double() * scale + shift).float(),
        )
        return True

    def activate(self, name: str, *parameters: float) -> bool:
        # Copied by a stride of 1 where the layer before has an activation already.
        if not self.layers or self.layers[-1].activation != "none":
            self.append(Layer("repeat", self.shape, self.shape))
        low, high = (*parameters, 0.0, 0.0)[:2]
        self.layers[-1] = replace(self.layers[-1], activation=name, parameters=(low, high))
        return True

    def flatten(self, module: nn.Flatten) -> bool:
        self.flat = (module.start_dim, module.end_dim) in ((1, -1), (1, 1 if self.flat else 3))
        return self.flat

    def unflatten(self, module: nn.Unflatten) -> bool:
        shape = module.unflattened_size
        if not self.flat or module.dim not in (1, -1) or len(shape) != 3:
            return False
        return self.reshape(_three(shape))


_STEPS: dict[type[nn.Module], Callable[[_Plan, Any], bool]] = {
    nn.Linear: _Plan.linear,
    nn.Conv2d: _Plan.conv,
    nn.ConvTranspose2d: _Plan.conv,
    nn.Upsample: _Plan.upsample,
    nn.BatchNorm1d: _Plan.batch_norm,
    nn.BatchNorm2d: _Plan.batch_norm,
    nn.Flatten: _Plan.flatten,
    nn.Unflatten: _Plan.unflatten,
    nn.ReLU: lambda plan, module: plan.activate("relu"),
    nn.ReLU6: lambda plan, module: plan.activate("clamp", 0, 6),
    nn.LeakyReLU: lambda plan, module: plan.activate("leaky_relu", module.negative_slope),
    nn.Hardtanh: lambda plan, module: plan.activate("clamp", module.min_val, module.max_val),
    nn.SiLU: lambda plan, module: plan.activate("silu"),
    nn.Tanh: lambda plan, module: plan.activate("tanh"),
    nn.Sigmoid: lambda plan, module: plan.activate("sigmoid"),
}


def _plain(module: nn.Conv2d | nn.ConvTranspose2d) -> bool:
    return (
        module.groups == 1
        and _pair(module.dilation) == (1, 1)
        and module.padding_mode == "zeros"
        and not isinstance(module.padding, str)
    )


def _least(layer: Layer) -> tuple[int, int]:
    """Height and width of what a convolution gives, without output padding."""
    tall, wide = zip(layer.input[1:], layer.kernel, layer.stride, layer.padding, strict=True)
    if layer.op == "conv_transpose2d":
        return _widened(*tall), _widened(*wide)
    return _narrowed(*tall), _narrowed(*wide)


def _narrowed(side: int, kernel: int, stride: int, padding: int) -> int:
    return (side + 2 * padding - kernel) // stride + 1


def _widened(side: int, kernel: int, stride: int, padding: int) -> int:
    return (side - 1) * stride - 2 * padding + kernel


def _bias(module: nn.Linear | nn.Conv2d | nn.ConvTranspose2d, outputs: int) -> Tensor:
    return torch.zeros(outputs) if module.bias is None else module.bias.detach()


def grid_step(weight: Tensor, levels: int) -> float:
    """Return the step of an even grid with at most so many steps from zero to the largest weight.

    fp16 holds all its points that a weight may be moved to, and they compress well.
    """
    largest = float(weight.abs().max())
    if not largest:
        return 1.0
    least = largest / levels
    power = 2.0 ** math.floor(math.log2(least))
    # Multiples of these have few bits.
    return next(power * part for part in (1, 1.5, 2) if power * part >= least)


def _round(layer: Layer, levels: int | None) -> Layer:
    """Return the layer with weights that fp16 can hold; or on a grid, whose step fp16 can."""
    weight = layer.weight
    if weight is None or layer.bias is None:
        return layer
    if levels is not None:
        step = grid_step(weight, levels)
        weight = (weight / step).round() * step
    return replace(layer, weight=weight.half().float(), bias=layer.bias.half().float())


def _numbers(layers: Sequence[Layer]) -> np.ndarray[Any, np.dtype[np.float16]]:
    """All weights and biases in the order of the weight file, fp16."""
    tensors = [t for layer in layers for t in (layer.weight, layer.bias) if t is not None]
    flat = torch.cat([torch.zeros(0), *(t.detach().cpu().flatten() for t in tensors)])
    return flat.half().numpy().astype("<f2", copy=False)


def _entry(layer: Layer) -> dict[str, Any]:
    """One layer of the manifest."""
    return {
        "op": layer.op,
        "input": list(layer.input),
        "output": list(layer.output),
        "kernel": list(layer.kernel),
        "stride": list(layer.stride),
        "padding": list(layer.padding),
        "activation": layer.activation,
        "parameters": list(layer.parameters),
    }


def _pair(value: Any) -> tuple[int, int]:
    """Height and width of a setting that may be given as one number; (0, 0) if not whole."""
    pair = tuple(value) if isinstance(value, tuple | list) else (value, value)
    whole = len(pair) == 2 and all(float(n).is_integer() for n in pair)
    return (int(pair[0]), int(pair[1])) if whole else (0, 0)


def _three(shape: Sequence[int]) -> Shape:
    channels, height, width = shape
    return channels, height, width
