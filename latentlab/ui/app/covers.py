"""Remakes the pictures of the home page from the shipped models and sample pictures.

    python -m latentlab.ui.app.covers

writes ``ui/<page>/cover.svg``, all 480 x 270 units on the same dark ground, which suits the
light and the dark theme. Each holds what its page really shows: nothing is drawn by hand. A page
whose model is missing keeps the picture it has. The files are in the repository, so that the home
page needs neither torch nor a model. So are the two pictures above the cards: a face, and a
photograph before and after, with what was measured on it.
"""

import base64
import json
import math
from typing import TYPE_CHECKING, TypeVar

from latentlab.errors import LatentLabError, UnsupportedError
from latentlab.ui.app import contents, hero
from latentlab.ui.shared.figures import BASELINE, class_colour

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.models import Network

GROUND, ACCENT, END = "#141829", "#8f9dff", "#ffc24b"

PHOTO, PHOTO_SIZE, PHOTO_SIGMA = "chelsea", (400, 300), 50

N = TypeVar("N", bound="Network")


def main() -> None:
    """Write every picture that can be made here, and say so for each."""
    import torch

    for draw in (
        denoise,
        explore,
        interpolate,
        disentangle,
        bottleneck,
        regularise,
        anomaly,
        pretrain,
        adversaries,
        applications,
        embeddings,
        models,
    ):
        file = contents.find(draw.__name__).cover
        try:
            with torch.inference_mode():
                body = draw()
        except LatentLabError as error:
            print(f"{draw.__name__}: the picture stays as it is: {error}")
            continue
        file.write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 270">'
            f'<rect width="480" height="270" fill="{GROUND}"/>{body}</svg>\n',
            encoding="utf-8",
        )
        print(f"{draw.__name__}: written, {file.stat().st_size / 1024:.0f} kB")
    for write in (face, photograph):
        try:
            write()
        except LatentLabError as error:
            print(f"{write.__name__}: the picture stays as it is: {error}")
            continue
        print(f"{write.__name__}: written")


def face() -> None:
    """Write the face that stands on the home page until it moves."""
    import torch

    from latentlab.pictures import images

    plane, _ = hero.plane()
    with torch.inference_mode():
        hero.FACE.write_bytes(images.to_png(plane.decode(torch.zeros(1, 2))[0], 1))


def photograph() -> None:
    """Write a photograph under noise and denoised, and the decibels of both and of a filter."""
    from PIL import Image

    from latentlab import checkpoints
    from latentlab.baselines.photo_filters import photo_denoisers
    from latentlab.data.photographs import SAMPLES
    from latentlab.pictures import images
    from latentlab.restoration.restore import NoisyPhoto
    from latentlab.tasks import photographs as task

    sample, name = SAMPLES.get(PHOTO), "photo_denoiser.gaussian"
    width, height = PHOTO_SIZE
    clean = sample.pixels()[:height, :width]
    noisy = NoisyPhoto(clean, PHOTO_SIGMA / 255, seed=0)
    window = task.Window(0, 0, width, height)
    network = checkpoints.load(name).load_model()
    before = task.attempt(task.NOISY, noisy, window, clean=clean)
    after = task.attempt(name, noisy, window, clean=clean, network=network)
    filters = [task.attempt(each, noisy, window, clean=clean) for each in photo_denoisers]
    for file, x in ((hero.NOISY, before.picture), (hero.DENOISED, after.picture)):
        pixels = images.to_uint8(x)
        Image.fromarray(pixels).save(file, quality=80, method=6)
    best = max(filters, key=lambda one: one.psnr or 0)
    measured = {
        "sample": PHOTO,
        "size": [width, height],
        "sigma": PHOTO_SIGMA,
        "psnr": {"noisy": before.psnr, "network": after.psnr, "filter": best.psnr},
        "filter": best.label,
        "filters": len(filters),
    }
    hero.MEASURED.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


def denoise() -> str:
    """A digit under Gaussian noise, and what the denoising autoencoder makes of it."""
    from latentlab.models import Autoencoder
    from latentlab.noise import corruptions
    from latentlab.tasks import denoise as task

    model = _model("denoising_autoencoder.mnist", Autoencoder)
    noisy = task.corrupt(_samples("mnist", [2])[0], corruptions.make("gaussian", 0.5), seed=0)
    restored = model(noisy[None])[0]
    return _picture(noisy, 28, 47, 176) + _arrow(222) + _picture(restored, 276, 47, 176)


def explore() -> str:
    """A cartoon face decoded from 32 numbers, the first of them drawn as sliders."""
    import torch

    from latentlab.models import LatentModel

    model = _model("vae.toon_faces_k32", LatentModel)
    z = model.sample_prior(1, torch.Generator().manual_seed(10))  # one of the clearer draws
    body = ""
    for row, value in enumerate(z.flatten()[:5].clamp(-2, 2).tolist()):
        y, x = 63 + 36 * row, 116 + 40 * value  # from -2 to 2 over 160 units, 0 in the middle
        body += (
            f'<path d="M36 {y}H196" stroke="#3a4368" stroke-width="6" stroke-linecap="round"/>'
            f'<path d="M116 {y}H{x:.1f}" stroke="{ACCENT}" stroke-width="6"/>'
            f'<circle cx="{x:.1f}" cy="{y}" r="10" fill="#fff"/>'
        )
    return body + _arrow(222) + _picture(model.decode(z)[0], 276, 47, 176)


def interpolate() -> str:
    """Two walks between digits through the codes of a VAE."""
    from latentlab.latents.paths import paths
    from latentlab.models import Autoencoder

    model = _model("vae.mnist_k16", Autoencoder)
    codes = model.encode(_samples("mnist", [2, 0, 4, 9])).mode()
    body = ""
    for row in range(2):
        walk = model.decode(paths.get("spherical")(codes[2 * row], codes[2 * row + 1], 6))
        y = 34 + 112 * row
        body += "".join(_picture(x, 22 + 74 * i, y, 66) for i, x in enumerate(walk))
        body += f'<path d="M55 {y + 82}H425" stroke="{ACCENT}" stroke-width="3"/>'
        for i in range(6):
            end = i in (0, 5)
            body += (
                f'<circle cx="{55 + 74 * i}" cy="{y + 82}" r="{7 if end else 4.5}" '
                f'fill="{END if end else ACCENT}"/>'
            )
    return body


def disentangle() -> str:
    """Which numbers of a code tell of which factor: a map whose rows have one bright cell each."""
    from latentlab.experiments import disentanglement_maps
    from latentlab.tasks import disentangle as task

    kept = disentanglement_maps.load()["perfect"].importance
    rows = task.order(kept, 9)
    body = ""
    for y, row in enumerate(rows):
        for x, part in enumerate(kept[row]):
            cell = f'x="{64 + 27 * x}" y="{16 + 27 * y}" width="24" height="24" rx="4"'
            body += f'<rect {cell} fill="#262c4d"/>'
            body += f'<rect {cell} fill="{ACCENT}" opacity="{min(1.0, float(part) ** 0.5):.2f}"/>'
    return body


def bottleneck() -> str:
    """A digit, squeezed through 8 numbers, and made again by PCA and by an autoencoder."""
    from latentlab.data import components
    from latentlab.models import Autoencoder

    x = _samples("mnist", [2])
    model = _model("autoencoder.mnist_stack_k8", Autoencoder)
    linear = components.components("mnist").truncate(8).reconstruct(x)
    body = _picture(x[0], 24, 67, 136)
    # Layers of a funnel, and the code in its middle.
    for left, half in ((176, 52), (192, 34), (208, 20), (256, 20), (272, 34), (288, 52)):
        body += (
            f'<rect x="{left}" y="{135 - half}" width="10" height="{2 * half}" rx="3" '
            f'fill="{ACCENT}" opacity="0.75"/>'
        )
    body += f'<rect x="232" y="127" width="10" height="16" rx="3" fill="{END}"/>'
    return body + _picture(model(x)[0], 322, 20, 112) + _picture(linear[0], 322, 138, 112)


def regularise() -> str:
    """A digit as the code of three networks of 256 units: plain, sparse, contractive."""
    from latentlab.models import Autoencoder

    x = _samples("mnist", [0])
    body = _picture(x[0], 24, 75, 120)
    families = ("shallow_autoencoder", "sparse_autoencoder", "contractive_autoencoder")
    for row, (family, colour) in enumerate(zip(families, (ACCENT, END, ACCENT), strict=True)):
        code = _model(f"{family}.mnist_k256", Autoencoder).encode(x).mode()[0, ::2]
        bottom = 90 + 80 * row
        body += "".join(
            f'<rect x="{172 + 2.2 * i:.1f}" y="{bottom - 60 * z:.1f}" width="1.6" '
            f'height="{60 * z:.1f}" fill="{colour}"/>'
            for i, z in enumerate(code.tolist())
        )
    return body


def adversaries() -> str:
    """Eight modes, and what a generator makes of them on its way: its noise plane, bent."""
    import torch

    from latentlab.adversaries import targets
    from latentlab.adversaries.arena import Arena
    from latentlab.adversaries.settings import Settings

    target = targets.get("ring")
    with torch.inference_mode(mode=False):
        arena = Arena(target, Settings(losses=((0, "relativistic"),), rate=(0.002, 0.002)))
        arena.play([("step", 600)])
    across = torch.linspace(-2.2, 2.2, 13)
    along = torch.linspace(-2.2, 2.2, 40)

    def place(x: float, y: float) -> str:
        return f"{240 + 95 * x:.1f} {135 - 95 * y:.1f}"

    body = ""
    with torch.no_grad():
        for turned in (False, True):
            for at in across:
                fixed = at.expand(len(along))
                noise = torch.stack([along, fixed] if turned else [fixed, along], 1)
                line = arena.generator(noise).tolist()
                body += (
                    f'<path d="M{"L".join(place(x, y) for x, y in line)}" fill="none" '
                    f'stroke="{ACCENT}" stroke-width="0.8" opacity="0.55"/>'
                )
    for points, colour, radius in (
        (target.anchors, "#fff", 5.0),
        (arena.generate(260), END, 2.2),
    ):
        for x, y in points.tolist():
            left, top = place(x, y).split()
            body += f'<circle cx="{left}" cy="{top}" r="{radius}" fill="{colour}"/>'
    return body


def pretrain() -> str:
    """What three layers look for after half an epoch: from nothing, and after pretraining."""
    import torch

    from latentlab.experiments import pretrain_moments as kept

    moments = kept.load()
    at = kept.MOMENTS.index(0.5)
    colours = [
        torch.tensor([int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)])[:, None, None]
        for c in (GROUND, class_colour(6), ACCENT)
    ]
    body = ""
    for column, run in enumerate((0, 1)):
        for layer in range(3):
            for unit, shown in enumerate(moments.layer(run, at, layer)[:3]):
                signed = torch.from_numpy(shown.astype("float32"))[None] / 127 - 1
                sign = colours[1] * (signed < 0) + colours[2] * (signed >= 0)
                share = signed.abs().clamp(max=1)
                tinted = colours[0] * (1 - share) + sign * share
                left, top = 24 + 226 * column + 70 * unit, 180 - 78 * layer
                body += _picture(tinted, left, top, 66)
    return body
    return body


def anomaly() -> str:
    """What a network that knows 0s alone makes of a 7, and the scores of all test digits."""
    from latentlab.data import classes, datasets
    from latentlab.models import Autoencoder
    from latentlab.tasks import anomaly as task

    x = _samples("mnist", [7])
    known = classes.known_of("mnist", 0)
    model = _model("conv_autoencoder.mnist_anomaly0", Autoencoder)
    method = task.method("ae", known, model)
    found = task.judged(method, datasets.get("mnist").samples(), 0, known.held_out)
    logs = [scores.log() for scores in (found.normal, found.outliers)]
    low, high = min(map(float, map(min, logs))), max(map(float, map(max, logs)))
    body = _picture(x[0], 20, 24, 100) + _picture(method.again(x)[0], 20, 146, 100)
    bins, left, wide = 26, 150, 310
    for scores, colour in zip(logs, (ACCENT, END), strict=True):
        counts = scores.histc(bins, low, high)
        for place, share in enumerate((counts / counts.max()).tolist()):
            x_at, tall = left + place * wide / bins, 180 * share
            body += (
                f'<rect x="{x_at:.1f}" y="{235 - tall:.1f}" width="{wide / bins - 1.5:.1f}" '
                f'height="{tall:.1f}" fill="{colour}" opacity="0.75"/>'
            )
    at = left + wide * (math.log(found.threshold) - low) / (high - low)
    return body + f'<path d="M{at:.1f} 30V240" stroke="#fff" stroke-width="3"/>'


def applications() -> str:
    """A face made small, enlarged by bicubic interpolation, and by a network with a critic."""
    from latentlab.baselines.enlargement import classical_enlargers
    from latentlab.models import SuperResolution

    model = _model("super_resolution.toon_faces_gan", SuperResolution)
    small = model.shrink(_samples("toon_faces", [2]))
    bicubic = classical_enlargers.get("bicubic")(small, model.factor)
    body = _picture(small[0], 14, 75, 120) + _picture(bicubic[0], 180, 75, 120)
    return body + _picture(model.enlarge(small)[0], 346, 75, 120) + _arrow(139) + _arrow(305)


def embeddings() -> str:
    """Test digits where an autoencoder of two numbers puts them, coloured by class."""
    from latentlab.data import datasets
    from latentlab.models import Autoencoder

    model = _model("autoencoder.mnist_k2", Autoencoder)
    shown = datasets.get("mnist").samples()
    points = model.encode(shown.tensor(slice(0, 1200))).mode()
    low, high = points.quantile(0.01, 0), points.quantile(0.99, 0)
    points = (points - low) / (high - low)  # one picture in fifty lies outside the frame
    inside = ((points >= 0) & (points <= 1)).all(1)
    return "".join(
        f'<circle cx="{20 + 440 * x:.1f}" cy="{20 + 230 * y:.1f}" r="3" fill="{class_colour(k)}"/>'
        for (x, y), k, kept in zip(points.tolist(), shown.labels[:1200], inside, strict=True)
        if kept
    )


def models() -> str:
    """Reconstruction error of autoencoders of growing size (thick), each above PCA's (thin)."""
    from latentlab import checkpoints

    cards = [
        card
        for card in checkpoints.cards().values()
        if (card.family, card.data) == ("autoencoder", "mnist")
    ]
    scores = [card.score("mse") for card in sorted(cards, key=lambda card: card.latent_size or 0)]
    pairs = [(s.value, s.baseline) for s in scores if s is not None and s.baseline is not None]
    if len(pairs) < 3:
        raise UnsupportedError("Too few autoencoders of MNIST are here to compare.")
    longest, step = max(baseline for _, baseline in pairs), 190 / len(pairs)
    body = ""
    for row, (value, baseline) in enumerate(pairs):
        y = 40 + step * row
        body += _bar(y, 400 * value / longest, 0.4 * step, ACCENT)
        body += _bar(y + 0.48 * step, 400 * baseline / longest, 0.16 * step, BASELINE)
    return body


def _bar(top: float, width: float, height: float, colour: str) -> str:
    return (
        f'<rect x="40" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="3" '
        f'fill="{colour}"/>'
    )


def _model(name: str, kind: type[N]) -> N:
    from latentlab import checkpoints

    network = checkpoints.load(name).load_model()
    if not isinstance(network, kind):
        raise UnsupportedError(f"{name} is no {kind.__name__.lower()}.")
    return network


def _samples(dataset: str, classes: list[int]) -> "Tensor":
    """The first sample of each class, [N,C,H,W]."""
    import numpy as np

    from latentlab.data import datasets

    shown = datasets.get(dataset).samples()
    return shown.tensor(np.array([int((shown.labels == k).argmax()) for k in classes]))


def _picture(x: "Tensor", left: float, top: float, side: float) -> str:
    """A picture [C,H,W] as a square of hard-edged pixels."""
    from latentlab.pictures import images

    scale = max(1, round(2 * side / x.shape[-1]))
    data = base64.b64encode(images.to_png(x, scale)).decode()
    return (
        f'<image x="{left}" y="{top}" width="{side}" height="{side}" '
        f'href="data:image/png;base64,{data}"/>'
    )


def _arrow(left: float) -> str:
    return (
        f'<path d="M{left} 135h36m-11 -10l11 10l-11 10" fill="none" stroke="{ACCENT}" '
        'stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/>'
    )


if __name__ == "__main__":
    main()
