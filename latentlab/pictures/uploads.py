"""Pictures from strangers: bytes to a checked picture, or to one sentence why not.

    picture = read_picture(data, name)             bytes -> float32 [3,H,W] in [0,1]

`read_picture` trusts nothing; `opening` says what is checked. What a model makes of the picture
begins in `preparation`.
"""

from contextlib import suppress

import numpy as np
import torch
from PIL import Image, ImageOps

from latentlab.errors import ImageError
from latentlab.pictures import images, profiles, reading
from latentlab.pictures.opening import MAX_BYTES, Opened, opened

__all__ = ["LONGEST", "MAX_BYTES", "read_picture"]

# Longer side of what `read_picture` returns. Models here see 28 to 64 pixels, so this leaves room
# to crop a digit out of a page, at 12 MB a picture where 50 megapixels would take 600.
LONGEST = 1024


def read_picture(data: bytes, name: str = "picture", longest: int = LONGEST) -> torch.Tensor:
    """Return an uploaded file as a picture, float32 [3,H,W] in [0,1].

    Turned upright as its EXIF data say; transparency put on white; the first frame of an
    animation; 16-bit, floating-point, palette, grey and CMYK pictures as colour with 8 bits or
    more; in sRGB, as the file's colour profile says.

    Args:
        data: content of the file.
        name: what messages call it, say its file name. Folders and control characters are taken
            off, Markdown and HTML are not: whoever shows a message as such has to escape it.
        longest: a longer picture is reduced, without aliasing, until its longer side fits.

    Raises:
        ImageError: empty, too large, not a picture of the accepted kinds, damaged or cut short.
    """
    with opened(data, name) as source:
        return _decode(source, longest)


def _decode(source: Opened, longest: int) -> torch.Tensor:
    """Decode, turn upright, flatten on white, reduce and convert to sRGB an opened file."""
    width, height = source.size
    shrink = min(1.0, longest / max(width, height))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    upright: Image.Image
    profile = reading.profile_of(source)
    if source.file is None or reading.needs_care(source):
        found = reading.pixels(source)
        upright = found.eight_bits()
        profile = found.profile
        upright = reading.turned(upright, source)
    else:
        file = source.file
        # A JPEG can be decoded at 1/2, 1/4 or 1/8 in a fraction of the time and memory. Twice the
        # final size leaves the rest of the reduction to a proper filter.
        file.draft("RGB", (2 * size[0], 2 * size[1]))
        file.load()
        with suppress(
            Exception
        ):  # damaged metadata, and Pillow may raise anything; pixels are good
            ImageOps.exif_transpose(file, in_place=True)
        upright = file
    if (upright.width > upright.height) != (width > height):
        size = size[::-1]
    picture = _flatten(upright, source.name, profile)
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    if picture.mode == "F" and profiles.mode_of(profile) == "L":
        eight = (np.asarray(picture).clip(0, 1) * 255).round().astype(np.uint8)
        picture = Image.fromarray(eight)
    if picture.mode == "F":
        grey = torch.from_numpy(np.array(picture, dtype=np.float32)).clamp(0, 1)
        return grey.expand(3, *grey.shape).contiguous()
    return images.from_uint8(np.asarray(profiles.to_srgb(picture, profile).convert("RGB")))


def _flatten(file: Image.Image, name: str, profile: bytes | None) -> Image.Image:
    """Return the picture on white: L or RGB, or F in [0,1] where it has more than 8 bits.

    RGB has the file's own primaries and curve still; CMYK and L*a*b* become sRGB.
    """
    if file.mode == "F" or file.mode.startswith("I"):
        return _deep_grey(file, name)
    if file.mode == "CMYK":
        return profiles.to_srgb(file, profile).convert("RGB")
    if file.mode == "LAB":
        return profiles.from_lab(file)
    if file.mode == "La":
        file = file.convert("LA")
    if file.has_transparency_data:
        picture = file.convert("RGBA")
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture.getchannel("A"))
        return white.convert("L") if profiles.mode_of(profile) == "L" else white
    # A profile of grey is for grey: what it says would be lost among colours.
    return file.convert("L" if profiles.mode_of(profile) == "L" else "RGB")


def _deep_grey(file: Image.Image, name: str) -> Image.Image:
    """Return a grey picture of 16 or 32 bits as mode F in [0,1].

    Modes I;16: white is 65535. Modes I and F do not say what white is: the smallest of 1 (F
    only), 255 and 65535 that holds every value is taken for it, and values beyond any of them
    are stretched from the least to the greatest.
    """
    values = np.asarray(file)
    if not np.isfinite(values).all():
        raise ImageError(
            f"{name} holds pixels that are not numbers (NaN or infinity).",
            "Save it again as an ordinary 8- or 16-bit picture.",
        )
    least, greatest = float(values.min()), float(values.max())
    if file.mode.startswith("I;16"):
        whites: tuple[float, ...] = (65535.0,)
    else:
        whites = (1.0, 255.0, 65535.0) if file.mode == "F" else (255.0, 65535.0)
    black = 0.0
    white = next((w for w in whites if least >= 0 and greatest <= w), None)
    if white is None:
        black, white = least, greatest
    transparent = file.info.get("transparency")
    if isinstance(transparent, int):
        file = Image.fromarray(np.where(values == transparent, white, values).astype(np.float32))
    scale = 1 / max(white - black, 1e-12)
    return file.convert("F").point(lambda value: value * scale - black * scale)
