"""The kernel, run outside a browser: it decodes as torch does, and survives what it is given."""

import base64
import gzip
import importlib.util
import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import wasmtime
from exported_names import NAMES, SHIPPED
from numpy.typing import NDArray
from small_decoders import chain
from torch import nn

from latentlab import export
from latentlab.errors import UnsupportedError
from latentlab.ui.browser import build

RECORD = 64  # bytes
TOO_LARGE, WRONG_WEIGHTS, NOT_FINITE = -1, -2, -3


class Kernel:
    """What kernel.js does, for wasmtime."""

    def __init__(self, module: wasmtime.Module, engine: wasmtime.Engine) -> None:
        self.store = wasmtime.Store(engine)
        self.exports = wasmtime.Instance(self.store, module, []).exports(self.store)
        self.memory = self.exports["memory"]

    def call(self, function: str, *arguments: int) -> int:
        return self.exports[function](self.store, *arguments)

    def open(self, records: bytes, halves: bytes) -> int:
        """0, or why the kernel refuses."""
        address = self.call("reserve", len(records) // RECORD, len(halves) // 2)
        if not address:
            return TOO_LARGE
        self.memory.write(self.store, records + halves, address)
        return self.call("prepare")

    def decode(self, z: NDArray[np.float32], size: int) -> NDArray[np.float32]:
        self.memory.write(self.store, z.astype("<f4").tobytes(), self.call("input"))
        self.call("run")
        start = self.call("output")
        return np.frombuffer(self.memory.read(self.store, start, start + 4 * size), "<f4")


@pytest.fixture(scope="module")
def new_kernel() -> Iterator[Callable[[], Kernel]]:
    with wasmtime.Engine() as engine, wasmtime.Module.from_file(engine, build.KERNEL) as module:
        yield lambda: Kernel(module, engine)


def read(folder: Path, name: str) -> tuple[dict, bytes]:
    manifest = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return manifest, gzip.decompress((folder / f"{name}.bin.gz").read_bytes())


def records(manifest: dict) -> bytes:
    fields = ("op", "input", "output", "kernel", "stride", "padding", "activation", "parameters")
    return b"".join(
        export.Layer(*(layer[f] for f in fields)).record() for layer in manifest["layers"]
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_kernel_decodes_as_torch_does(
    name: str, exported: Path, new_kernel: Callable[[], Kernel]
) -> None:
    manifest, halves = read(exported, name)
    kernel = new_kernel()
    assert kernel.open(records(manifest), halves) == 0
    latents = np.array(manifest["reference"]["z"], np.float32)
    images = np.frombuffer(base64.b64decode(manifest["reference"]["images"]), "<f4")
    for z, expected in zip(latents, images.reshape(len(latents), -1), strict=True):
        assert np.abs(kernel.decode(z, expected.size) - expected).max() < 1e-5


def test_convolutions_of_any_geometry_are_torchs(new_kernel: Callable[[], Kernel]) -> None:
    rng = np.random.default_rng(0)
    tried = 0
    while tried < 60:
        inputs, outputs = (int(n) for n in rng.integers(1, 20, 2))
        kernel, stride, padding, side = (
            tuple(int(n) for n in rng.integers(low, high, 2))
            for low, high in ((1, 6), (1, 5), (0, 4), (1, 7))
        )
        settings = {"kernel_size": kernel, "stride": stride, "padding": padding}
        if tried % 2:
            extra = tuple(int(rng.integers(0, s)) for s in stride)
            layer: nn.Module = nn.ConvTranspose2d(inputs, outputs, **settings, output_padding=extra)
        else:
            layer = nn.Conv2d(inputs, outputs, **settings)
        try:
            decoder = chain((inputs, *side), layer, seed=tried)
        except RuntimeError:  # torch: the output would be empty
            continue
        tried += 1
        files = export.decoder_files(decoder, str(layer))
        opened = new_kernel()
        assert opened.open(records(files.manifest), gzip.decompress(files.weights)) == 0, layer
        images = np.frombuffer(base64.b64decode(files.manifest["reference"]["images"]), "<f4")
        z = np.array(files.manifest["reference"]["z"][0], np.float32)
        size = int(np.prod(decoder.image_shape))
        assert np.abs(opened.decode(z, size) - images[:size]).max() < 1e-5, layer


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_decoder_of_28x28_pictures_is_a_megabyte_at_most(
    name: str, exported: Path
) -> None:
    manifest, _ = read(exported, name)
    sent = gzip.compress((exported / f"{name}.json").read_bytes())  # as the server sends it
    size = len(sent) + (exported / f"{name}.bin.gz").stat().st_size
    wide = manifest["latent_size"] > 784  # copies on purpose; the server decodes it
    if manifest["image_shape"] == [1, 28, 28] and not wide:
        assert size <= 1_000_000


def test_a_second_decode_depends_on_nothing_of_the_first(
    exported: Path, new_kernel: Callable[[], Kernel]
) -> None:
    manifest, halves = read(exported, "strides")
    kernel = new_kernel()
    assert kernel.open(records(manifest), halves) == 0
    a, b = np.random.default_rng(0).normal(size=(2, 40)).astype(np.float32)
    first = kernel.decode(a, 540)
    assert not np.array_equal(kernel.decode(b, 540), first)
    assert np.array_equal(kernel.decode(a, 540), first)


# --- hostile drivers ---------------------------------------------------------------------------

SIZES = [
    *("inputs", "height", "width", "outputs", "out_height", "out_width"),
    *("kernel_y", "kernel_x", "stride_y", "stride_x", "padding_y", "padding_x"),
]
FIELDS = {name: 4 * i for i, name in enumerate(["op", "activation", "low", "high", *SIZES])}


def changed(whole: bytes, layer: int, field: str, value: int) -> bytes:
    at = layer * RECORD + FIELDS[field]
    return whole[:at] + struct.pack("<i", value) + whole[at + 4 :]


@pytest.mark.parametrize("field", ["op", "activation", *SIZES])
@pytest.mark.parametrize("value", [-1, 1 << 30, -(1 << 31)])
def test_impossible_numbers_are_refused(
    field: str, value: int, exported: Path, new_kernel: Callable[[], Kernel]
) -> None:
    manifest, halves = read(exported, "strides")
    for layer in range(len(manifest["layers"])):
        assert (
            new_kernel().open(changed(records(manifest), layer, field, value), halves) == layer + 1
        )


@pytest.mark.parametrize("field", SIZES)
def test_sizes_that_do_not_fit_together_are_refused(
    field: str, exported: Path, new_kernel: Callable[[], Kernel]
) -> None:
    manifest, halves = read(exported, "strides")
    whole = records(manifest)
    for layer in range(len(manifest["layers"])):
        (value,) = struct.unpack_from("<i", whole, layer * RECORD + FIELDS[field])
        for other in (value + 1, value - 1, 2 * value + 1):
            if other != value:
                assert new_kernel().open(changed(whole, layer, field, other), halves) != 0, layer


def test_weights_that_are_too_few_too_many_or_no_numbers_are_refused(
    exported: Path, new_kernel: Callable[[], Kernel]
) -> None:
    manifest, halves = read(exported, "dense")
    whole = records(manifest)
    assert new_kernel().open(whole, halves) == 0
    assert new_kernel().open(whole, halves[:-2]) == WRONG_WEIGHTS
    assert new_kernel().open(whole, halves + b"\0\0") == WRONG_WEIGHTS
    for half in (0x7C00, 0xFC00, 0x7E01):
        assert new_kernel().open(whole, halves[:-2] + struct.pack("<H", half)) == NOT_FINITE


def test_reservations_are_bounded(new_kernel: Callable[[], Kernel]) -> None:
    for layers, numbers in ((0, 1), (-1, 1), (65, 1), (1 << 30, 1), (1, -1), (1, (1 << 22) + 1)):
        assert new_kernel().call("reserve", layers, numbers) == 0


def test_memory_is_bounded(new_kernel: Callable[[], Kernel]) -> None:
    kernel = new_kernel()
    # Every layer is small enough, all together are not: 64 maps of 8 MB.
    shape = (2, 1024, 1024)
    copy = export.Layer("repeat", shape, shape).record()
    assert kernel.open(64 * copy, b"") == TOO_LARGE
    assert kernel.memory.data_len(kernel.store) <= 64 << 20


def test_arithmetic_is_bounded(new_kernel: Callable[[], Kernel]) -> None:
    # 2^30 multiplications and a few more: seconds a picture.
    conv = export.Layer("conv2d", (64, 128, 128), (64, 128, 128), (3, 3), (1, 1), (1, 1))
    halves = bytes(2 * (64 * 64 * 9 + 64))
    assert new_kernel().open(2 * conv.record(), 2 * halves) == TOO_LARGE
    assert new_kernel().open(conv.record(), halves) == 0


def test_damaged_records_never_reach_beyond_memory(
    exported: Path, new_kernel: Callable[[], Kernel]
) -> None:
    """A trap would be a wasmtime.Trap, and fail the test."""
    rng = np.random.default_rng(0)
    accepted = 0
    for name in ("strides", "from_a_point", "upsampled", "flattened"):
        manifest, halves = read(exported, name)
        whole = records(manifest)
        size = max(int(np.prod(layer["input"])) for layer in manifest["layers"])
        for _ in range(150):
            damaged = whole
            for _ in range(rng.integers(1, 3)):
                layer = int(rng.integers(len(manifest["layers"])))
                field = str(rng.choice(list(FIELDS)))
                damaged = changed(damaged, layer, field, int(rng.integers(0, 8)))
            kernel = new_kernel()
            if kernel.open(damaged, halves) == 0:
                accepted += 1
                kernel.decode(np.full(min(size, 2), 1e30, np.float32), 1)
    assert accepted > 20  # such as another activation: the fuzzing reaches run()


# --- the build ---------------------------------------------------------------------------------


def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    if importlib.util.find_spec("ziglang") is None:
        pytest.skip("the kernel's compiler is not installed (the extra kernel)")
    for kernel in (build.KERNEL, build.MATRICES):
        build.compile_kernel(tmp_path / kernel.name, kernel.with_suffix(".c"))
        assert (tmp_path / kernel.name).read_bytes() == kernel.read_bytes(), "run: make kernel"


def test_without_a_compiler_the_build_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UnsupportedError, match=r"latentlab\[kernel\]"):
        build.compile_kernel(tmp_path / "kernel.wasm")
