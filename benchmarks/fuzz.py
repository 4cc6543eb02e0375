"""Damaged and hostile files through every reader: one sentence each, in bounded time and memory.

    python -m benchmarks fuzz

Seeds are made here, of every format and kind of pixel, and a small checkpoint. Each is altered at
random, where headers are as often as anywhere, and read as an upload, as a photograph, or as a
checkpoint whose hashes fit again. Whatever comes of it but a picture or a `LatentLabError` counts.
"""

import contextlib
import hashlib
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.timing import Row

FILES = 12_000
SLOW = 5.0  # seconds
HANGS = 60  # seconds after which a reader is ended
MOST_MEMORY = 1.5e9  # bytes
READERS = ("upload", "photograph", "checkpoint")


def fuzz() -> Iterator[Row]:
    """Yield one row a reader."""
    for reader in READERS:
        told = run(reader, FILES // len(READERS), seed=1)
        bad = told["crashes"] + told["hangs"] + told["slow"]
        measured = (
            f"{told['files']} files, {told['read']} read, {len(bad)} bad,"
            f" slowest {told['slowest']:.1f} s, {told['memory'] / 1e6:.0f} MB"
        )
        met = not bad and told["memory"] <= MOST_MEMORY
        yield Row(f"damaged files: {reader}", measured, "0 bad, 5 s, 1500 MB", met)
        for line in bad[:10]:
            yield Row(f"  {line}", "", "", None)


def run(reader: str, count: int, seed: int) -> dict:
    """Return what came of ``count`` altered files, read in a process of their own."""
    command = [sys.executable, "-m", "benchmarks.fuzz", reader, str(count), str(seed)]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
    )
    lines = done.stdout.splitlines()
    if done.returncode == 0:
        told: dict = json.loads(lines[-1])
        return told
    last = lines[-1] if lines else "before the first file"
    ended = "hangs" if done.returncode == -signal.SIGALRM else "crashes"
    empty: dict = {"files": 0, "read": 0, "slowest": 0.0, "memory": 0}
    empty |= {"crashes": [], "hangs": [], "slow": []}
    return empty | {ended: [f"exit status {done.returncode} at {last}"]}


def child(reader: str, count: int, seed: int, *, watched: bool = False) -> dict:
    """Read ``count`` altered files here; return what came of it.

    Where it is ``watched``, each is named before it is read, and one that hangs ends the process.
    """
    import numpy as np

    from latentlab.errors import LatentLabError

    warnings.simplefilter("ignore")
    rng = np.random.default_rng(seed)
    told: dict = {"files": 0, "read": 0, "slowest": 0.0, "crashes": [], "hangs": [], "slow": []}
    with tempfile.TemporaryDirectory() as folder:
        names, read = _reader(reader, Path(folder))
        for i in range(count):
            name = names[i % len(names)]
            data, go = read(name)
            data = altered(data, rng)
            what = f"{reader} {name}, file {i} of seed {seed}"
            if watched:
                print(what, flush=True)
                signal.alarm(HANGS)
            start = time.perf_counter()
            try:
                go(data)
                told["read"] += 1
            except LatentLabError:
                pass
            except BaseException as error:
                told["crashes"].append(f"{what}: {type(error).__name__} {str(error)[:80]}")
            seconds = time.perf_counter() - start
            told["files"] += 1
            told["slowest"] = max(told["slowest"], seconds)
            if seconds > SLOW:
                told["slow"].append(f"{what}: {seconds:.1f} s")
    if watched:
        signal.alarm(0)
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return told


def altered(data: bytes, rng) -> bytes:
    """Return data with one to eight changes of the kinds that files suffer, or are given."""
    out = bytearray(data)
    for _ in range(int(rng.integers(1, 9))):
        if not out:
            break
        # Half of the changes aim at the first bytes, where sizes, counts and offsets are.
        reach = len(out) if rng.integers(2) else min(len(out), 300)
        at, kind = int(rng.integers(reach)), int(rng.integers(8))
        if kind <= 1:
            out[at] = int(rng.integers(256))
        elif kind == 2:
            out[at] ^= 1 << int(rng.integers(8))
        elif kind == 3:
            order = ("little", "big")[int(rng.integers(2))]
            size = (2, 4, 8)[int(rng.integers(3))]
            value = EXTREMES[int(rng.integers(len(EXTREMES)))] % 256**size
            out[at : at + size] = value.to_bytes(size, order)
        elif kind == 4:
            del out[at : at + int(rng.integers(1, 40))]
        elif kind == 5:
            out[at:at] = out[at : at + int(rng.integers(1, 200))]
        elif kind == 6:
            other = int(rng.integers(len(out)))
            out[at : at + 16] = out[other : other + 16]
        elif rng.integers(4) == 0:
            del out[at:]
    return bytes(out)


EXTREMES = (0, 1, 2, 7, 255, 256, 4096, 65_535, 65_536, 2**24, 2**31 - 1, 2**31, 2**32 - 1, 2**63)


def _reader(
    reader: str, folder: Path
) -> tuple[list[str], Callable[[str], tuple[bytes, Callable[[bytes], object]]]]:
    """Return the names of seeds, and what gives one of them with the function that reads it."""
    if reader == "checkpoint":
        return _checkpoint(folder)
    from latentlab.pictures import photo_files, uploads

    seeds = pictures()

    def photograph(data: bytes) -> None:
        photo = photo_files.decode(data, "it").upright()
        photo_files.display(photo)
        for kind in ("PNG", "TIFF") if photo.pixels.size < 1_000_000 else ():
            photo_files.decode(photo_files.encode(photo, kind), "own")

    go = uploads.read_picture if reader == "upload" else photograph
    return list(seeds), lambda name: (seeds[name], go)


def _checkpoint(
    folder: Path,
) -> tuple[list[str], Callable[[str], tuple[bytes, Callable[[bytes], object]]]]:
    import shutil

    from latentlab import checkpoints

    os.environ["LATENTLAB_CHECKPOINTS"] = str(folder)
    name = "autoencoder.mnist_k2"
    shutil.copytree(checkpoints.load(name).folder, folder / name)
    files = {path.name: path.read_bytes() for path in (folder / name).iterdir()}

    def read(file: str) -> tuple[bytes, Callable[[bytes], object]]:
        def go(data: bytes) -> None:
            (folder / name / file).write_bytes(data)
            if file != checkpoints.MANIFEST:  # whoever made it knows how to count
                manifest = json.loads(files[checkpoints.MANIFEST])
                text = file.endswith((".json", ".md"))
                content = data.replace(b"\r\n", b"\n") if text else data
                manifest[file] = hashlib.sha256(content).hexdigest()
                (folder / name / checkpoints.MANIFEST).write_text(json.dumps(manifest))
            try:
                checkpoint = checkpoints.load(name)
                checkpoint.load_model()
                checkpoint.statistics()
                checkpoint.reference()
            finally:
                for changed in (file, checkpoints.MANIFEST):
                    (folder / name / changed).write_bytes(files[changed])

        return files[file], go

    return sorted(files), read


def pictures() -> dict[str, bytes]:
    """Return small files of every format and kind of pixel, by name."""
    import numpy as np
    from PIL import Image, ImageCms
    from tifffile import imwrite

    from latentlab.pictures import photo_files
    from latentlab.pictures.photo_files import Photo

    rng = np.random.default_rng(0)
    colours = rng.integers(0, 256, (24, 40, 3), np.uint8)
    deep = rng.integers(0, 65536, (24, 40, 4), np.uint16)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[271], exif[274], exif[282] = "Maker", 6, 72.0
    exif.get_ifd(34665)[36867] = "2024:01:02 03:04:05"
    exif.get_ifd(34853)[1] = "N"
    seeds: dict[str, bytes] = {}

    def pillow(name: str, picture: Image.Image, kind: str, **options: object) -> None:
        file = io.BytesIO()
        picture.save(file, kind, **options)
        seeds[name] = file.getvalue()

    def tiff(name: str, values, **options: object) -> None:
        file = io.BytesIO()
        imwrite(file, values, metadata=None, **options)
        seeds[name] = file.getvalue()

    picture = Image.fromarray(colours)
    said = {"exif": exif.tobytes(), "icc_profile": profile}
    for kind in ("PNG", "JPEG", "WEBP", "TIFF"):
        pillow(kind, picture, kind, **(said if kind != "TIFF" else {"exif": exif}))
    pillow("progressive JPEG", picture, "JPEG", progressive=True)
    pillow("CMYK JPEG", picture.convert("CMYK"), "JPEG")
    pillow("MPO", picture, "MPO", save_all=True, append_images=[picture.resize((9, 9))])
    pillow("lossless WebP", picture.convert("RGBA"), "WEBP", lossless=True)
    pillow("interlaced palette PNG", picture.quantize(9), "PNG", interlace=1, transparency=2)
    pillow("grey PNG", picture.convert("L"), "PNG", transparency=7)
    pillow("one bit PNG", picture.convert("1"), "PNG")
    pillow("GIF", picture, "GIF")
    pillow("film GIF", picture, "GIF", save_all=True, append_images=[Image.new("RGB", (40, 24))])
    pillow("BMP", picture, "BMP")
    pillow("palette BMP", picture.quantize(9), "BMP")
    pillow("LZW TIFF", picture, "TIFF", compression="tiff_lzw")
    pillow("JPEG TIFF", picture, "TIFF", compression="jpeg")
    pillow("fax TIFF", picture.convert("1"), "TIFF", compression="group4")
    pillow("palette TIFF", picture.quantize(9), "TIFF")
    pillow("YCbCr TIFF", picture.convert("YCbCr"), "TIFF")
    tiff(
        "planar deep TIFF",
        np.moveaxis(deep[..., :3], -1, 0),
        photometric="rgb",
        planarconfig="separate",
        compression="zlib",
        predictor=True,
    )
    tiff("CMYK deep TIFF", deep, photometric="separated")
    tiff("premultiplied TIFF", deep, photometric="rgb", extrasamples=["assocalpha"], tile=(16, 16))
    tiff("white is zero TIFF", deep[..., 0], photometric="miniswhite", byteorder=">")
    tiff("float TIFF", deep[..., 0].astype(np.float32), photometric="minisblack")
    tiff("big TIFF", deep[..., :3], photometric="rgb", bigtiff=True)
    for name, pixels, alpha in (
        ("deep PNG", deep[..., :3], None),
        ("deep alpha PNG", deep[..., :3], deep[..., 3]),
        ("deep grey PNG", deep[..., 0], None),
        ("deep grey alpha PNG", deep[..., 0], deep[..., 1]),
    ):
        photo = Photo(np.ascontiguousarray(pixels), alpha, exif.tobytes(), None)
        seeds[name] = photo_files.encode(photo, "PNG")
    return seeds


if __name__ == "__main__":
    with contextlib.suppress(ImportError):
        import torch

        torch.set_num_threads(1)
    told = child(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), watched=True)
    print(json.dumps(told))
