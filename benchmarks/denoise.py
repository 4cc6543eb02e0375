"""Denoising photographs: our networks, scikit-image and BM3D on CBSD68, with time and memory.

    LATENTLAB_DATA=... python -m benchmarks.denoise [--pictures 68] [--levels 15 25 50] [--json F]

The noise is white Gaussian, not clipped, and seeded by place and strength; every method gets the
same noisy picture and is told σ. Results are clipped, not rounded. Grey is ``convert("L")``. The
scikit-image filters use the parameter that follows from σ, without seeing the clean picture. Memory
is the peak above idle of a process that restores one megapixel (Linux only).
"""

import argparse
import json
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

from benchmarks.timing import Row, milliseconds
from latentlab import checkpoints
from latentlab.baselines import bm3d, photo_filters
from latentlab.data import PHOTOGRAPHS
from latentlab.metrics import metrics
from latentlab.models import Denoiser
from latentlab.pictures import tiling

LEVELS = (15, 25, 50)
MEGAPIXEL = (1000, 1000)
PRODUCT = 1024  # side of the matrices whose product gives the machine's arithmetic rate

# Mean PSNR in dB, as the papers state it.
PUBLISHED = {
    "colour": {
        "CBM3D (Zhang et al. 2018, FFDNet)": (33.52, 30.71, 27.38),
        "DnCNN (Zhang et al. 2021, DRUNet)": (33.90, 31.24, 27.95),
        "FFDNet (Zhang et al. 2018)": (33.87, 31.21, 27.96),
        "DRUNet (Zhang et al. 2021)": (34.30, 31.69, 28.51),
    },
    "grey": {
        "BM3D (Zhang et al. 2017, DnCNN)": (31.07, 28.57, 25.62),
        "DnCNN (Zhang et al. 2017)": (31.73, 29.23, 26.23),
        "FFDNet (Zhang et al. 2018)": (31.63, 29.19, 26.29),
        "DRUNet (Zhang et al. 2021)": (31.91, 29.48, 26.59),
    },
}

Method = Callable[[Tensor, float], Tensor]  # noisy [C,H,W], σ -> restored [C,H,W]


def networks() -> Iterator[str]:
    """Yield the names of our denoisers."""
    yield from checkpoints.names(can=["denoises"])


def method(name: str) -> Method:
    """Return the method of that name: a checkpoint, a classical denoiser or bm3d."""
    if name in photo_filters.photo_denoisers:
        return lambda noisy, sigma: photo_filters.photo_denoisers.get(name)(noisy[None], sigma)[0]
    if name == "bm3d":
        return bm3d.bm3d
    network = checkpoints.load(name).load_model()
    assert isinstance(network, Denoiser)
    return lambda noisy, sigma: tiling.restore(network, noisy, sigma)


def available() -> list[str]:
    """Return the names of all methods that this machine has."""
    names = [*networks(), *photo_filters.photo_denoisers]
    return [*names, "bm3d"] if bm3d.bm3d_available() else names


def noisy(x: Tensor, level: int, place: int) -> Tensor:
    """Return picture number ``place`` ``[C, H, W]`` with noise of σ = ``level`` of 255."""
    rng = torch.Generator().manual_seed(1000 * level + place)
    return x + level / 255 * torch.randn(x.shape, generator=rng)


def quality(name: str, tone: str, level: int, count: int) -> tuple[float, float, float]:
    """Return mean PSNR, mean SSIM and seconds a megapixel over the first ``count`` pictures."""
    photographs = PHOTOGRAPHS.load("test")
    run = method(name)
    scores: dict[str, list[float]] = {"psnr": [], "ssim": []}
    seconds = pixels = 0.0
    for place in range(min(count, len(photographs))):
        x = photographs.tensor(place, grey=tone == "grey")
        degraded = noisy(x[0], level, place)
        start = time.perf_counter()
        restored = run(degraded, level / 255).clamp(0, 1)[None]
        seconds += time.perf_counter() - start
        pixels += x[0, 0].numel()
        for metric, found in scores.items():
            found.append(metrics.get(metric)(restored, x).item())
    return *(statistics.fmean(found) for found in scores.values()), 1e6 * seconds / pixels


def memory(name: str) -> float:
    """Return the peak memory in MB, above idle, of restoring one megapixel in colour."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure_memory, args=(name, sender))
    process.start()
    sender.close()
    peak: float = receiver.recv()
    process.join()
    return peak


def _measure_memory(name: str, sender: "multiprocessing.connection.Connection") -> None:
    run = method(name)
    small = torch.rand(3, 64, 64)
    run(small, 0.1)  # loads what the method needs
    picture = torch.rand(3, *MEGAPIXEL)
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak (Linux, proc(5))
    idle = _peak_kilobytes()
    run(picture, 0.1)
    sender.send((_peak_kilobytes() - idle) / 1024)


def _peak_kilobytes() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    raise OSError("/proc/self/status does not tell the peak memory")


def multiply_adds(network: Denoiser) -> float:
    """Return how many multiplications a pixel needs, counted while the network runs."""
    total = 0

    def note(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        assert isinstance(module, nn.Conv2d | nn.ConvTranspose2d)
        places = output if isinstance(module, nn.Conv2d) else inputs[0]
        total += module.weight.numel() * places.shape[2] * places.shape[3]

    hooks = [
        module.register_forward_hook(note)
        for module in network.modules()
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d)
    ]
    side = 16 * network.multiple
    with torch.inference_mode():
        network(torch.zeros(1, network.image_shape[0], side, side), torch.zeros(1, 1, 1, 1))
    for hook in hooks:
        hook.remove()
    return total / side**2


def speed(chosen: list[str]) -> Iterator[Row]:
    """Yield how fast each network takes a megapixel, against matrix products and against bm3d."""
    a, b = torch.rand(2, PRODUCT, PRODUCT)
    rate = PRODUCT**3 / statistics.median(milliseconds(lambda: a @ b))  # multiply-adds a ms
    yield Row(
        "matrix product", f"{2 * rate / 1e6:.0f} GFLOP/s, {torch.get_num_threads()} thread(s)"
    )
    picture = torch.rand(3, *MEGAPIXEL)
    seconds: dict[str, float] = {}
    for name in (name for name in networks() if name in chosen):
        run = method(name)
        network = checkpoints.load(name).load_model()
        assert isinstance(network, Denoiser)
        needed = multiply_adds(network)
        times = milliseconds(lambda run=run: run(picture, 0.1), 5)
        seconds[name] = statistics.median(times) / 1000
        share = needed * picture[0].numel() / (1000 * seconds[name]) / rate
        yield Row(
            f"{name}, 1 megapixel",
            f"{seconds[name]:.2f} s; {needed / 1000:.1f}k multiply-adds a pixel,"
            f" {100 * share:.0f} % of the product's rate",
        )
    if "bm3d" in chosen and seconds:
        start = time.perf_counter()
        bm3d.bm3d(picture, 0.1)
        theirs = time.perf_counter() - start
        slowest = max(seconds.values())
        yield Row(
            "bm3d, 1 megapixel",
            f"{theirs:.1f} s, {theirs / slowest:.0f} times ours",
            "≥ 30 times",
            theirs >= 30 * slowest,
        )


def main() -> None:
    """Print the tables as they grow."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.denoise")
    parser.add_argument("--pictures", type=int, default=68, help="of CBSD68 (default: all 68)")
    parser.add_argument("--bm3d", type=int, default=5, help="pictures for bm3d (default: 5)")
    parser.add_argument("--levels", type=int, nargs="+", default=LEVELS, help="σ of 255")
    parser.add_argument("--methods", nargs="*", help="names (default: all)")
    parser.add_argument("--json", type=Path, help="where to write the numbers too")
    options = parser.parse_args()
    chosen = options.methods or available()
    peaks = {name: memory(name) for name in chosen}
    report = []
    for tone, published in PUBLISHED.items():
        levels = tuple(options.levels)
        print(f"{tone}: PSNR dB / SSIM at σ = {', '.join(map(str, levels))}; s/Mpix; peak MB")
        for paper, numbers in (published if levels == LEVELS else {}).items():
            print(f"  {paper:38s} " + "   ".join(f"{n:.2f}       " for n in numbers))
        for name in chosen:
            count = min(options.pictures, options.bm3d if name == "bm3d" else options.pictures)
            found = [quality(name, tone, level, count) for level in levels]
            cells = "   ".join(f"{psnr:.2f} {ssim:.4f}" for psnr, ssim, _ in found)
            seconds = statistics.fmean(each[2] for each in found)
            part = "" if count == 68 else f" ({count} pictures)"
            print(f"  {name + part:38s} {cells}   {seconds:6.2f}   {peaks[name]:5.0f}", flush=True)
            report += [
                {"tone": tone, "method": name, "sigma": level, "pictures": count}
                | {"psnr": psnr, "ssim": ssim, "seconds_per_megapixel": seconds}
                | {"peak_megabytes": peaks[name]}
                for level, (psnr, ssim, seconds) in zip(levels, found, strict=True)
            ]
    for row in speed(chosen):
        mark = {None: "", True: "met", False: "MISSED"}[row.met]
        print(f"{row.what:40s} {row.measured}  {row.bar} {mark}".rstrip(), flush=True)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
