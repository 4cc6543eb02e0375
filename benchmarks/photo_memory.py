"""Peak memory of the largest photograph that is accepted, through all that a page does with it.

Each way to corrupt it runs in a process of its own, which first restores a small picture: what it
then takes at most above that is measured (Linux only).
"""

import gc
import io
import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.timing import Row

SIZE = (8660, 5773)  # width and height: 50 megapixels
MOST = 1.5  # GB above idle


def photo_memory() -> Iterator[Row]:
    """Yield the peak for each way to corrupt the picture."""
    data = _photograph()
    for corrupt in ("nothing", "noise", "brush"):
        peak, seconds = _in_a_process(data, corrupt)
        yield Row(
            f"50 megapixels, {corrupt} added",
            f"{peak:.2f} GB above idle, {seconds:.0f} s",
            f"≤ {MOST} GB",
            peak <= MOST,
        )


def _photograph() -> bytes:
    """A JPEG of that size, of soft shapes with grain."""
    rng = np.random.default_rng(0)
    width, height = SIZE
    coarse = Image.fromarray(rng.integers(0, 256, (height // 100, width // 100, 3), np.uint8))
    picture = np.asarray(coarse.resize(SIZE, Image.Resampling.BICUBIC)).astype(np.int16)
    picture += rng.integers(-12, 13, (height, width, 1), np.int16)
    file = io.BytesIO()
    Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=85)
    return file.getvalue()


def _in_a_process(data: bytes, corrupt: str) -> tuple[float, float]:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(data, corrupt, sender))
    process.start()
    sender.close()
    found: tuple[float, float] = receiver.recv()
    process.join()
    return found


def _measure(data: bytes, corrupt: str, sender: Connection) -> None:
    run = _chain(corrupt)
    small = io.BytesIO()
    Image.new("RGB", (400, 300), "grey").save(small, "JPEG")
    run(small.getvalue())  # loads what it needs
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak (Linux, proc(5))
    idle, start = _peak_kilobytes(), time.perf_counter()
    run(data)
    sender.send(((_peak_kilobytes() - idle) * 1024 / 1e9, time.perf_counter() - start))


def _chain(corrupt: str) -> Callable[[bytes], None]:
    """Return what a page does with an uploaded file."""
    import torch

    from latentlab import checkpoints
    from latentlab.models import Denoiser
    from latentlab.noise import painting
    from latentlab.pictures import photo_files
    from latentlab.restoration import restore

    network = checkpoints.load("photo_denoiser.gaussian").load_model()
    assert isinstance(network, Denoiser)
    zigzag = tuple((x / 10, (x % 2) * 0.8 + 0.1) for x in range(11))
    strokes = [painting.Stroke(kind, 0.5, 0.1, zigzag) for kind in painting.KINDS]

    def run(data: bytes) -> None:
        photo = photo_files.decode(data, "it.jpg").upright()
        level: float | torch.Tensor | None = None
        picture: photo_files.Stored | restore.NoisyPhoto = photo.pixels
        if corrupt == "noise":
            picture = restore.NoisyPhoto(photo.pixels, 25 / 255, 0)
        elif corrupt == "brush":
            picture = painting.paint(photo.pixels, strokes, 0)
            level = painting.level_map(photo.pixels, picture)
        seen = picture.clipped() if isinstance(picture, restore.NoisyPhoto) else picture
        before = photo_files.display(seen, photo.profile)
        steps = restore.restore_photo(network, picture, level)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                restored = end.value
                break
        after = photo_files.display(restored, photo.profile)
        assert before and after
        restore.psnr(photo.pixels, seen)
        restore.psnr(photo.pixels, restored)
        restore.level_of(restored)

    return run


def _peak_kilobytes() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    raise OSError("/proc/self/status does not tell the peak memory")
