"""Decoding as a browser does, in node's engine, against torch on one thread of this machine."""

import json
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch

from benchmarks.timing import Row, milliseconds
from latentlab import checkpoints, export
from latentlab.latents import spaces
from latentlab.models import LatentModel

SCRIPT = Path(__file__).with_suffix(".mjs")
BROWSER = Path(export.__file__).parent / "ui" / "browser"
ROUNDS = 3  # of node and torch in turn: what else the machine does then slows both
SLOWER = 1.3  # than torch, at most
FROM_TORCH = 1e-4
WIRE = 1_000_000  # bytes, of 28x28 pictures


def kernel() -> Iterator[Row]:
    """Yield milliseconds, bytes and differences for every shipped decoder."""
    node = shutil.which("node")
    if node is None:
        yield Row("decoding in the browser's engine", "no node here to measure it with")
        return
    sizes = [(BROWSER / "decoder" / file).stat().st_size for file in ("kernel.wasm", "kernel.js")]
    yield Row("kernel.wasm, kernel.js", " and ".join(f"{size:,} bytes" for size in sizes))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name in checkpoints.names(can=["decodes"]):
                yield from _decoder(name, node, Path(folder))
    finally:
        torch.set_num_threads(threads)


def _decoder(name: str, node: str, folder: Path) -> Iterator[Row]:
    checkpoint = checkpoints.load(name)
    model = checkpoint.load_model()
    assert isinstance(model, LatentModel)
    codes = spaces.draw(spaces.network_space(model, checkpoint.statistics()), 4, seed=0)
    files = export.write(export.decoder_files(model, name, codes), folder)
    z = codes[:1].reshape(1, *model.latent_shape)
    rounds = []
    for _ in range(ROUNDS):
        printed = subprocess.check_output([node, SCRIPT, *files], text=True)
        with torch.inference_mode():
            native = statistics.median(milliseconds(lambda: model.decode(z), 200))
        rounds.append({**json.loads(printed), "torch": native})
    ours, native, far = (
        statistics.median(r[key] for r in rounds) for key in ("kernel", "torch", "difference")
    )
    ratio = statistics.median(r["kernel"] / r["torch"] for r in rounds)
    yield Row(
        f"kernel: {name}",
        f"{ours:.2f} ms (torch {native:.2f}): {ratio:.2f}x",
        f"≤ {SLOWER}x",
        ratio <= SLOWER,
    )
    size = files[1].stat().st_size
    small = model.image_shape == (1, 28, 28)
    yield Row(
        "  weights; from torch",
        f"{size / 1000:.0f} kB; {far:.1g}",
        f"≤ 1 MB{'' if small else ' (28x28)'}; ≤ {FROM_TORCH:g}",
        (size <= WIRE or not small) and far <= FROM_TORCH,
    )
