"""A picture made ready for a model: it is to look as the pictures of a data set were made.

    prepared = prepare(picture, image_shape, datasets.get("mnist").convention)

Every step is kept as a small picture with a sentence, so that a page can show what the model
really sees.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch.nn import functional

from latentlab.errors import ShapeError
from latentlab.pictures import images
from latentlab.pictures.conventions import Convention

Invert = Literal["auto", "yes", "no"]

# Facts about MNIST, measured on its training split: the longer side of the ink is 20 pixels in
# 99.98 % of the images; the centre of mass is pixel (14, 14), counted from 0, to within half a
# pixel in all of them; strokes (ink per pixel of skeleton) are 1.5 pixels wide at the 1 % quantile
# and 2.0 at the 10 % quantile.
MASS_BOX = 20 / 28
THINNEST_STROKE = 1.5 / 28
THIN_STROKE = 2.0 / 28

# Widths of the window that takes the ink out of the light, as shares of √(height · width); the
# strokes of a digit drawn to fill a picture are up to 0.2 of it wide.
WINDOWS = (0.03, 0.06, 0.1, 0.16, 0.25, 0.4)
# Ink that takes less than this share of the light is noise: pencil takes 0.15 and more.
FAINTEST_INK = 0.08
# A digit is cropped to 20 pixels in the end: more than this is only slower.
WORKING_SIDE = 512


@dataclass(frozen=True)
class Step:
    """One step of the preparation, to be shown."""

    name: str
    explanation: str  # one or two sentences, with the numbers that decided
    image: torch.Tensor  # float32 [1 or 3,h,w] in [0,1], longer side at most 256


@dataclass(frozen=True)
class Prepared:
    """An upload as a model sees it, and how it came about."""

    image: torch.Tensor  # float32 [C,H,W] in [0,1]
    steps: tuple[Step, ...]  # the first is the picture as it came, the last is ``image``


def prepare(
    picture: torch.Tensor,
    image_shape: tuple[int, int, int],
    convention: Convention,
    invert: Invert = "auto",
) -> Prepared:
    """Return a picture made the way that the pictures of a data set were made.

    A picture on which nothing stands out gives an empty (black) image where ``convention`` crops
    to the content, and a step that says so.

    Args:
        picture: float32 [3,H,W] in [0,1], from `read_picture`.
        image_shape: (C,H,W) of the model; C = 1 for grey conventions, 3 for colour.
        convention: what to imitate, usually out of `conventions`.
        invert: ``"yes"`` takes the negative, ``"no"`` does not; ``"auto"`` takes it when the
            convention is light on dark and the picture is dark on light. The step "Polarity"
            says what was decided and why.

    Raises:
        ShapeError: ``picture`` is not [3,H,W], or ``image_shape`` does not fit ``convention``.
    """
    if picture.ndim != 3 or picture.shape[0] != 3 or 0 in picture.shape:
        raise ShapeError("A picture", "[3,H,W]", list(picture.shape))
    channels = 1 if convention.colour == "grey" else 3
    if len(image_shape) != 3 or image_shape[0] != channels or min(image_shape) < 1:
        raise ShapeError("The input of the model", f"[{channels},H,W]", list(image_shape))
    if invert not in ("auto", "yes", "no"):
        raise ValueError(f"invert must be auto, yes or no, got {invert!r}")

    height, width = picture.shape[1:]
    steps = [_step("Picture", f"As it came, {width} × {height} pixels.", picture)]
    x = picture
    if convention.colour == "grey":
        # ITU-R BT.601, what "convert to grey" means in PIL and in most cameras
        x = images.luma(x)
        steps.append(_step("Grey", "Brightness only: 0.299 R + 0.587 G + 0.114 B.", x))

    if convention.polarity == "light_on_dark" or invert == "yes":
        negate, why = _decide_polarity(x, invert)
        x = 1 - x if negate else x
        steps.append(_step("Polarity", why, x))

    if convention.centring == "square":
        x = _square(x, image_shape, steps)
    elif convention.centring == "mass":
        x = _centred_by_mass(x, image_shape, steps)
    else:
        x = _centred_by_box(x, image_shape, steps)
    return Prepared(x, tuple(steps))


def _step(name: str, explanation: str, x: torch.Tensor) -> Step:
    shrink = min(1.0, 256 / max(x.shape[1:]))
    size = max(1, round(x.shape[1] * shrink)), max(1, round(x.shape[2] * shrink))
    return Step(name, explanation, images.resize(x, size))


def _decide_polarity(x: torch.Tensor, invert: Invert) -> tuple[bool, str]:
    """Whether to take the negative of ``x`` [C,H,W], and a sentence that says why."""
    if invert == "yes":
        return True, "Negative, because you asked for it."
    if invert == "no":
        return False, "Left as it is, because you asked for it."
    grey = x.mean(0).numpy()
    border = grey[border_mask(*grey.shape)]
    paper = float(np.median(border))
    # The border is judged by its level where most of it has one. 60 % because the things of
    # Fashion-MNIST reach the border: none of 3,000 is then judged wrongly.
    if _even_border(grey) >= 0.6:
        apart = grey - paper
        apart = apart[np.abs(apart) > 0.1]
        if not apart.size:
            negate, why = (
                paper > 0.5,
                f"Nothing stands out from the border (brightness {paper:.2f})",
            )
        else:
            negate = bool(apart.sum() < 0)
            why = (
                f"The border has brightness {paper:.2f}, and what stands out from it is "
                f"{'darker' if negate else 'lighter'} ({paper + apart.mean():.2f})"
            )
    else:
        darker, lighter = _first_edges(grey)
        # Ink on paper is the usual case; a desk around the paper blurs the vote for it.
        share = lighter / max(darker + lighter, 1)
        negate = share < 0.6
        why = (
            "The border has no one brightness, so the first sharp edge on the way in from it is "
            f"judged: in {share:.0%} of the rows and columns it turns lighter (60 % would mean "
            "light ink)"
        )
    return negate, f"{why}, {'so the negative is taken' if negate else 'so it is left as it is'}."


def border_mask(height: int, width: int) -> np.ndarray:
    """Mask [H,W] of a frame 3 % wide, at least one pixel."""
    thickness = max(1, round(0.03 * min(height, width)))
    mask = np.ones((height, width), dtype=bool)
    mask[thickness:-thickness, thickness:-thickness] = False
    return mask


def _even_border(grey: np.ndarray) -> float:
    """Share of the border pixels that are within 0.03 of their median."""
    border = grey[border_mask(*grey.shape)]
    return float(np.mean(np.abs(border - np.median(border)) < 0.03))


def _first_edges(grey: np.ndarray) -> tuple[int, int]:
    """Rows and columns whose first sharp edge, seen from either end, turns darker; and lighter.

    The edge of a shadow counts once as darker and once as lighter, from its two sides, and so
    cancels; ink turns darker from every side.
    """
    from skimage.filters import gaussian

    sigma = min(grey.shape) / 400  # against noise and paper grain; thinner than any stroke
    if sigma > 0.5:
        grey = gaussian(grey, sigma)
    walks = [np.diff(g, axis=1) for g in (grey, grey[:, ::-1], grey.T, grey.T[:, ::-1])]
    walks = [walk for walk in walks if walk.size]  # none across a picture one pixel wide
    if not walks:
        return 0, 0
    steepness = np.abs(np.concatenate([walk.ravel() for walk in walks]))
    noise = 1.4826 * float(np.median(steepness))  # standard deviation, from the median
    sharp = max(0.3 * float(np.quantile(steepness, 0.999)), 6 * noise, 1 / 255)
    darker = lighter = 0
    for walk in walks:
        edges = np.abs(walk) >= sharp
        rows = edges.any(axis=1)
        first = walk[rows, edges[rows].argmax(axis=1)]
        darker += int((first < 0).sum())
        lighter += int((first > 0).sum())
    return darker, lighter


def _square(x: torch.Tensor, image_shape: tuple[int, int, int], steps: list[Step]) -> torch.Tensor:
    height, width = image_shape[1:]
    # For a model whose images are not square, the largest part of their proportions.
    scale = min(x.shape[1] / height, x.shape[2] / width)
    h, w = max(1, round(height * scale)), max(1, round(width * scale))
    top, left = (x.shape[1] - h) // 2, (x.shape[2] - w) // 2
    x = x[:, top : top + h, left : left + w]
    steps.append(_step("Crop", f"The largest part that fits, from the middle: {w} × {h}.", x))
    x = images.resize(x, (height, width))
    steps.append(_step("Resize", f"To {width} × {height}, the size that the model sees.", x))
    return x


def _centred_by_mass(
    x: torch.Tensor, image_shape: tuple[int, int, int], steps: list[Step]
) -> torch.Tensor:
    """Light ink on dark [1,H,W] as MNIST was made (LeCun, Bottou, Bengio, Haffner 1998, III-A)."""
    longer = max(x.shape[1:])
    if longer > WORKING_SIDE:
        shrink = WORKING_SIDE / longer
        x = images.resize(
            x, (max(1, round(x.shape[1] * shrink)), max(1, round(x.shape[2] * shrink)))
        )
    paper_and_ink = 1 - x[0].numpy()
    if _even_border(paper_and_ink) >= 0.9:
        level = float(np.median(paper_and_ink[border_mask(*paper_and_ink.shape)]))
        ink = np.clip(1 - paper_and_ink / max(level, 0.1), 0, 1)
        why = "The border has one brightness: the light is even, and the border is paper."
    else:
        ink = _even_light(paper_and_ink)
        why = "Shadows and uneven light divided out: what is left is the light that the ink takes."
    steps.append(_step("Even light", why, _tensor(ink)))
    ink, found = _paper_to_black(ink)
    if not found:
        steps.append(_step("Clean", "No ink stands out from the paper: nothing is left.", x * 0))
        return _empty(image_shape, steps)
    steps.append(
        _step("Clean", "Paper to black, the darkest ink to white, specks removed.", _tensor(ink))
    )

    ink = _crop(ink, ink > 0.1)  # the foot of a blurred edge would make the digit smaller
    steps.append(
        _step("Crop", f"To the ink: {ink.shape[1]} × {ink.shape[0]} pixels.", _tensor(ink))
    )

    side = min(image_shape[1:])
    box = max(1, round(MASS_BOX * side))
    stroke, longer = _stroke_width(ink), max(ink.shape)
    if stroke * box / longer < THINNEST_STROKE * side:
        # Grown by r to all sides, strokes of w + 2r shrink by box / (longer + 2r) to `thin`.
        thin = THIN_STROKE * side
        ink = _thicken(ink, (thin * longer - box * stroke) / (2 * (box - thin)))
        steps.append(
            _step(
                "Thicken",
                f"The strokes, {stroke:.1f} pixels wide, would shrink to "
                f"{stroke * box / longer:.1f} and fade; they are widened to become {thin:.1f}.",
                _tensor(ink),
            )
        )
    height, width = ink.shape
    scale = box / max(height, width)
    size = max(1, round(height * scale)), max(1, round(width * scale))
    small = images.resize(_tensor(ink), size)[0]
    small = small / small.max().clamp(min=1e-6)  # a dot of a few pixels keeps its white

    image, (top, left) = _by_centre_of_mass(small, image_shape)
    steps.append(_step("Box", f"Its longer side fitted to {box} pixels, as in MNIST.", small[None]))
    steps.append(
        _step(
            "Centre",
            f"Put on {image_shape[2]} × {image_shape[1]} pixels, its centre of mass in the middle "
            f"(rows from {top}, columns from {left}).",
            image,
        )
    )
    return image


def _even_light(paper_and_ink: np.ndarray) -> np.ndarray:
    """Ink [H,W] in [0,1] with the light divided out, from dark ink on unevenly lit paper.

    A photograph is I = L·R with light L and reflectance R (1 for paper), and the ink is 1 - R =
    1 - I / L. L is found in two parts. A smooth surface through the border takes the gradient of
    the lamp and the dark corners of the lens; what is left of the light, such as shadows with an
    edge, is a morphological closing: the paper without anything narrower than a window. The
    window has to be wider than the strokes, or it takes their inside for paper, and no wider than
    it must, or shadows count as ink. Of several, the narrowest is used whose ink has an outline
    (almost) as sharp as any.
    """
    from skimage.filters import gaussian, sobel
    from skimage.measure import label
    from skimage.morphology import closing, footprint_rectangle

    sigma = min(paper_and_ink.shape) / 400
    if sigma > 0.5:  # otherwise the closing follows the brightest grain of the paper
        paper_and_ink = gaussian(paper_and_ink, sigma)
    # Below 0.1 there is too little light to tell ink from noise.
    paper_and_ink = paper_and_ink / np.maximum(ground_of(paper_and_ink), 0.1)
    steepness = sobel(paper_and_ink)

    candidates, sharpness, with_desk = [], [], []
    for share in WINDOWS:
        window = max(3, round(share * float(np.sqrt(paper_and_ink.size))) | 1)
        square = footprint_rectangle((window, window), decomposition="separable")
        paper = np.maximum(closing(paper_and_ink, square), 0.1)
        ink = np.clip(1 - paper_and_ink / paper, 0, 1).astype(np.float32)
        cleaned = _paper_to_black(ink)[0] > 0.5
        inside = np.pad(cleaned, 1)
        outline = (inside[1:, 1:] != inside[:-1, 1:]) | (inside[1:, 1:] != inside[1:, :-1])
        outline = outline[:-1, :-1]
        candidates.append(ink)
        sharpness.append(float(steepness[outline].mean()) if outline.any() else 0.0)
        with_desk.append(bool(_along_a_side(label(cleaned, connectivity=2))))
    if not all(with_desk):
        # A desk beside the paper has the sharpest edge of all, and is to be left out.
        sharpness = [
            0.0 if desk else sharp for sharp, desk in zip(sharpness, with_desk, strict=True)
        ]
    enough = 0.98 * max(sharpness)
    return next(ink for ink, sharp in zip(candidates, sharpness, strict=True) if sharp >= enough)


def _paper_to_black(ink: np.ndarray) -> tuple[np.ndarray, bool]:
    """Ink [H,W] stretched so that paper is exactly 0 and ink reaches 1; False if there is none.

    What lies along a whole side of the picture is the desk that the paper lies on, and is left
    out, unless it is all there is.
    """
    from skimage.measure import label
    from skimage.morphology import isotropic_dilation

    stretched, found = _stretched(ink)
    pieces = label(stretched > 0, connectivity=2)
    desk = _along_a_side(pieces)
    if desk:
        # Its blurred edge with it.
        covered = isotropic_dilation(np.isin(pieces, desk), 0.01 * max(ink.shape))
        inner, found_inside = _stretched(np.where(covered, np.float32(0), ink))
        if found_inside:
            return inner, True
    return stretched, found


def _along_a_side(pieces: np.ndarray) -> list[int]:
    """Numbers of the pieces in a labelled picture [H,W] that lie along a whole side of it."""
    sides = (pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1])
    along = {int(n) for side in sides for n in np.flatnonzero(np.bincount(side) > 0.9 * len(side))}
    return sorted(along - {0})  # 0 is the ground


def _stretched(ink: np.ndarray) -> tuple[np.ndarray, bool]:
    """`_paper_to_black`, taking the desk for ink."""
    from skimage.filters import threshold_otsu
    from skimage.measure import label

    nothing = np.zeros_like(ink), False
    if ink.max() - ink.min() < FAINTEST_INK:
        return nothing
    # Otsu (1979) parts ink from paper. Where ink is rare its threshold falls among the noise of
    # the paper, so it is raised to where noise, measured robustly below it, ends.
    threshold = float(threshold_otsu(ink))
    for _ in range(2):
        paper = ink[ink <= threshold]
        level = float(np.median(paper))
        noise = 1.4826 * float(np.median(np.abs(paper - level)))
        threshold = max(threshold, level + 6 * noise)
    dark = ink[ink > threshold]
    if not dark.size:
        return nothing
    black, white = level + 4 * noise, float(np.quantile(dark, 0.9))
    if white - level < FAINTEST_INK or white <= black:
        return nothing
    stretched = np.clip((ink - black) / (white - black), 0, 1)
    stretched[stretched < 1 / 512] = 0  # below half a grey level it is rounding, not ink

    # Keep only pieces that hold real ink, and of these none that is a speck beside the largest.
    pieces = label(stretched > 0, connectivity=2)
    area = np.bincount(pieces.ravel())
    strong = np.bincount(pieces.ravel(), weights=(stretched > 0.5).ravel())
    area[0] = strong[0] = 0
    keep = (strong > 0) & (strong >= 0.02 * strong.max()) & (area >= 3e-5 * ink.size)
    stretched = np.where(keep[pieces], stretched, 0)
    return stretched.astype(np.float32), bool(keep.any())


def _stroke_width(ink: np.ndarray) -> float:
    """Mean width of the strokes in pixels: ink per pixel of their skeleton."""
    from skimage.morphology import skeletonize

    return float(ink.sum()) / max(int(skeletonize(ink > 0.5).sum()), 1)


def _thicken(ink: np.ndarray, radius: float) -> np.ndarray:
    """Ink with every stroke, and so the picture, grown by ``radius`` pixels to all sides."""
    from skimage.morphology import isotropic_dilation

    ink = np.pad(ink, int(np.ceil(radius)))
    thick: np.ndarray = isotropic_dilation(ink > 0.5, radius)
    return _crop(np.maximum(ink, thick.astype(np.float32)), thick | (ink > 0.1))


def _by_centre_of_mass(
    small: torch.Tensor, image_shape: tuple[int, int, int]
) -> tuple[torch.Tensor, tuple[int, int]]:
    """Put ink [h,w] on black so that its centre of mass is pixel (H // 2, W // 2), as in MNIST.

    By whole pixels, and never so far that ink is cut off.
    """
    mass = small.sum()
    corner = []
    for axis, (length, full) in enumerate(zip(small.shape, image_shape[1:], strict=True)):
        profile = small.sum(1 - axis)  # [length]
        centre = float((profile * torch.arange(length)).sum() / mass)
        corner.append(min(max(round(full // 2 - centre), 0), full - length))
    top, left = corner
    image = small.new_zeros(image_shape)
    image[0, top : top + small.shape[0], left : left + small.shape[1]] = small
    return image, (top, left)


def _centred_by_box(
    x: torch.Tensor, image_shape: tuple[int, int, int], steps: list[Step]
) -> torch.Tensor:
    """A light thing on dark [1,H,W] as Fashion-MNIST was made (Xiao et al. 2017, section 2)."""
    ground_and_thing = 1 - x[0].numpy()
    ground = ground_of(ground_and_thing)
    thing = np.clip(1 - ground_and_thing / np.maximum(ground, 0.1), 0, 1).astype(np.float32)
    mask = _unlike_the_ground(ground_and_thing - ground)
    if not mask.any():
        steps.append(_step("Trim", "Nothing stands out from the ground: nothing is left.", x * 0))
        return _empty(image_shape, steps)
    thing = np.where(mask, thing, np.float32(0))
    steps.append(
        _step(
            "Ground to black",
            "What reaches the border within 5 % of the brightness there is ground.",
            _tensor(thing),
        )
    )
    thing = _crop(thing, mask)
    height, width = thing.shape
    steps.append(_step("Trim", f"To the thing: {width} × {height} pixels.", _tensor(thing)))

    scale = min(image_shape[1] / height, image_shape[2] / width)
    size = max(1, round(height * scale)), max(1, round(width * scale))
    small = images.resize(_tensor(thing), size)
    if scale < 1:
        small = _sharpen(small)
    steps.append(
        _step(
            "Resize",
            f"Its longer side to {max(size)} pixels"
            + (", then sharpened, as in Fashion-MNIST." if scale < 1 else "."),
            small,
        )
    )
    image = small.new_zeros(image_shape)
    # An odd pixel goes above and to the left: so it is in Fashion-MNIST, measured.
    top, left = (image_shape[1] - size[0] + 1) // 2, (image_shape[2] - size[1] + 1) // 2
    image[:, top : top + size[0], left : left + size[1]] = small
    steps.append(_step("Centre", f"On {image_shape[2]} × {image_shape[1]} pixels.", image))
    return image


def ground_of(grey: np.ndarray) -> np.ndarray:
    """Brightness [H,W] of the ground behind a thing: a quadratic surface through the border.

    Fitted by least squares to the border pixels, again and again without those that lie off it,
    for the thing may reach the border. Where most of the border has one level, it is that level.
    """
    if _even_border(grey) >= 0.6:
        return np.full_like(grey, np.median(grey[border_mask(*grey.shape)]))
    height, width = grey.shape
    v, u = np.meshgrid(
        np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij"
    )  # [H,W]
    terms = np.stack([np.ones_like(u), u, v, u * u, u * v, v * v], axis=-1)  # [H,W,6]
    border = border_mask(height, width)
    levels, rows = grey[border].astype(np.float64), terms[border]
    fitted = np.full(levels.shape, np.median(levels))
    for _ in range(6):
        off = np.abs(levels - fitted)
        near = off < 2.5 * max(0.02, 1.4826 * float(np.median(off)))
        if near.sum() < max(24, 0.4 * len(levels)):
            # Too little of the border agrees to bend a surface through it.
            return np.full_like(grey, np.median(levels))
        coefficients = np.linalg.lstsq(rows[near], levels[near], rcond=None)[0]
        fitted = rows @ coefficients
    surface: np.ndarray = np.clip(terms @ coefficients, 0, 1)
    return surface.astype(np.float32)


def _unlike_the_ground(difference: np.ndarray) -> np.ndarray:
    """Mask [H,W] of the thing: all that is not joined to the border by pixels like the ground."""
    from skimage.measure import label

    border = border_mask(*difference.shape)
    noise = 1.4826 * float(np.median(np.abs(difference[border])))
    alike = np.abs(difference) <= max(0.05, 4 * noise)  # 5 %: Xiao et al.
    pieces = label(alike, connectivity=1)
    joined = np.unique(pieces[border & alike])
    mask = ~np.isin(pieces, joined[joined > 0])
    things = label(mask, connectivity=2)
    area = np.bincount(things.ravel())
    area[0] = 0
    # Less than a thousandth of the picture is noise or dust, and no thing.
    keep = (area >= 0.01 * area.max()) & (area >= 1e-3 * difference.size) & (area > 0)
    thing: np.ndarray = keep[things]
    return thing


def _sharpen(x: torch.Tensor) -> torch.Tensor:
    """Sharpen ``x`` [1,h,w] by a 3x3 kernel: 2δ - G, G Gaussian of radius and deviation 1.

    Step 4 of Xiao et al. (2017), "sharpening pixels using a Gaussian operator of the radius and
    standard deviation of 1.0", with the kernel of ImageMagick's -sharpen.
    """
    offsets = torch.arange(-1.0, 2.0)
    gauss = torch.exp(-(offsets[:, None] ** 2 + offsets[None] ** 2) / 2) / (2 * torch.pi)  # [3,3]
    kernel = -gauss
    kernel[1, 1] = 2 * gauss.sum()
    padded = functional.pad(x[None], (1, 1, 1, 1), mode="replicate")  # [1,1,h+2,w+2]
    return functional.conv2d(padded, (kernel / kernel.sum())[None, None])[0].clamp(0, 1)


def _crop(x: np.ndarray, mask: np.ndarray) -> np.ndarray:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return x[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _empty(image_shape: tuple[int, int, int], steps: list[Step]) -> torch.Tensor:
    image = torch.zeros(image_shape)
    steps.append(_step("Result", "An empty image.", image))
    return image


def _tensor(x: np.ndarray) -> torch.Tensor:
    """Turn [H,W] into float32 [1,H,W]."""
    return torch.from_numpy(np.ascontiguousarray(x, dtype=np.float32))[None]
