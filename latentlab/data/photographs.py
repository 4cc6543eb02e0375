"""Photographs of any size, for denoising: read from tar archives, cut into random patches.

No picture of these ships with latentlab: they are looked for in the folder that ``LATENTLAB_DATA``
names. An archive is a plain tar of image files.
"""

import io
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from latentlab.data.base import data_folder
from latentlab.errors import DataError
from latentlab.kinds import Modality
from latentlab.registry import Registry

if TYPE_CHECKING:
    import torch

    from latentlab.models import ModelConfig

PhotoSplit = Literal["train", "validation", "test", "samples"]


@dataclass(frozen=True)
class SamplePhotograph:
    """A photograph that an installed package brings along."""

    name: str
    title: str
    credit: str
    package: Literal["skimage", "sklearn"]

    def pixels(self) -> NDArray[np.uint8]:
        """Return it, ``[H, W, 3]``, or ``[H, W]`` where it is grey."""
        if self.package == "sklearn":
            from sklearn.datasets import load_sample_image

            pixels: NDArray[np.uint8] = load_sample_image(f"{self.name}.jpg")
            return pixels
        from skimage import data

        pixels = getattr(data, self.name)()
        return pixels


# Those that are free of rights come with scikit-image, as it states for each; two with
# scikit-learn, under CC BY 2.0.
SAMPLES: Registry[SamplePhotograph] = Registry("sample photograph")
for _sample in (
    SamplePhotograph("astronaut", "Astronaut", "Eileen Collins. NASA, public domain", "skimage"),
    SamplePhotograph("chelsea", "Cat", "Chelsea. Stéfan van der Walt, CC0", "skimage"),
    SamplePhotograph("coffee", "Coffee", "Rachel Michetti, CC0", "skimage"),
    SamplePhotograph("rocket", "Rocket", "Launch of DSCOVR. SpaceX, public domain", "skimage"),
    SamplePhotograph("china", "Temple", "danielbuechele on Flickr, CC BY 2.0", "sklearn"),
    SamplePhotograph("flower", "Flower", "vultilion on Flickr, CC BY 2.0", "sklearn"),
    SamplePhotograph(
        "hubble_deep_field", "Galaxies", "Hubble eXtreme Deep Field. NASA, public domain", "skimage"
    ),
    SamplePhotograph("camera", "Grey", "Cameraman. Lav Varshney, CC0", "skimage"),
):
    SAMPLES.add(_sample.name, _sample)

SHOWCASE, SHOWCASE_SIDE = 4, 160  # photographs on a card, and their pixels
MAX_PIXELS = 1 << 23  # of one picture in an archive
MAX_PICTURES = 10_000  # in one archive
MAX_BYTES = 1 << 25  # of one file in an archive


@dataclass(frozen=True)
class Photographs:
    """Colour pictures of one split, uint8 ``[H, W, 3]`` each, and the names of their files."""

    pictures: tuple[NDArray[np.uint8], ...]
    names: tuple[str, ...]
    split: PhotoSplit

    def __len__(self) -> int:
        return len(self.pictures)

    def tensor(self, index: int, *, grey: bool = False) -> "torch.Tensor":
        """Return one picture, ``[1, 3, H, W]`` float32 in [0, 1]; grey ``[1, 1, H, W]``.

        Grey is the luma of ITU-R BT.601, rounded to one of 256 levels, as the grey BSD68 has it.
        """
        import torch

        picture = self.pictures[index]
        if grey:
            picture = np.asarray(Image.fromarray(picture).convert("L"))[..., None]
        x = torch.from_numpy(picture.copy()).permute(2, 0, 1)[None]
        return x.contiguous().float().div_(255)

    def patches(self, image_shape: tuple[int, int, int]) -> "Patches":
        """Return these as training data: patches ``[3, H, W]`` of that shape.

        Raises:
            DataError: a picture is smaller than a patch, or patches are not in colour.
        """
        channels, height, width = image_shape
        if channels != 3:
            raise DataError(f"Photographs have 3 channels, not {channels}.")
        # Patches are turned by quarter turns, so both sides must fit both ways.
        side = max(height, width)
        for name, picture in zip(self.names, self.pictures, strict=True):
            if min(picture.shape[:2]) < side:
                raise DataError(f"{name} is smaller than a patch of {height}x{width} pixels.")
        return Patches(self.pictures, height, width)


@dataclass(frozen=True)
class Patches:
    """Training data: every visit to a picture cuts out another patch, turned and mirrored."""

    pictures: tuple[NDArray[np.uint8], ...]
    height: int
    width: int

    def __len__(self) -> int:
        return len(self.pictures)

    def batch(
        self, chosen: NDArray[np.int64], rng: "torch.Generator", done: float = 1.0
    ) -> "tuple[torch.Tensor, torch.Tensor]":
        """Return a random patch of each chosen picture, ``[n, 3, H, W]`` in [0, 1], and no labels.

        Of the eight ways to turn and mirror a patch each is as likely.
        """
        import torch

        draws = torch.rand(len(chosen), 3, generator=rng, dtype=torch.float64).tolist()
        patches = []
        for index, (down, right, way) in zip(chosen.tolist(), draws, strict=True):
            picture = self.pictures[index]
            turns, mirrored = divmod(int(8 * way), 2)
            height, width = (self.width, self.height) if turns % 2 else (self.height, self.width)
            top = int(down * (picture.shape[0] - height + 1))
            left = int(right * (picture.shape[1] - width + 1))
            patch = np.rot90(picture[top : top + height, left : left + width], turns)
            patches.append(patch[:, ::-1] if mirrored else patch)
        x = torch.from_numpy(np.stack(patches)).permute(0, 3, 1, 2)  # channels last in memory
        return x.float().div_(255), torch.zeros(len(chosen), dtype=torch.long)


@dataclass(frozen=True)
class PhotoDataset:
    """A named, licensed collection of photographs with fixed splits."""

    name: str
    title: str
    licence: str
    credit: str
    archives: dict[PhotoSplit, tuple[tuple[str, str], ...]]  # tar file, and folder within it
    modality: Modality = "images"

    def training_data(self, config: "ModelConfig") -> "Patches":
        """Return random patches of the training split, as large as the config's image shape.

        Raises:
            DataError: as ``load``; or the patches would not fit.
        """
        from latentlab.models import ImageConfig

        assert isinstance(config, ImageConfig)  # nothing else learns from photographs
        return self.load("train").patches(config.image_shape)

    def showcase(self, count: int) -> "torch.Tensor":
        """Return the middles of the first shipped photographs, ``[n, 3, 160, 160]``.

        Small enough for noise to be seen on a card.
        """
        import torch

        shipped = samples()
        return torch.cat([_middle(shipped.tensor(i)) for i in range(min(count, SHOWCASE))])

    def load(self, split: PhotoSplit) -> Photographs:
        """Return a whole split, decoded.

        Raises:
            DataError: an archive is not on this machine, or is not what it should be.
        """
        found: dict[str, NDArray[np.uint8]] = {}
        for archive, folder in self.archives[split]:
            found.update(read_archive(_find(archive, self.title), folder))
        names = sorted(found)
        return Photographs(tuple(found[name] for name in names), tuple(names), split)


def _middle(photograph: "torch.Tensor") -> "torch.Tensor":
    """Return the middle of ``[1, 3, H, W]``."""
    top, left = ((side - SHOWCASE_SIDE) // 2 for side in photograph.shape[2:])
    return photograph[..., top : top + SHOWCASE_SIDE, left : left + SHOWCASE_SIDE]


def samples() -> Photographs:
    """Return the colour photographs that are on every machine, in the order of ``SAMPLES``.

    No denoiser here has seen them. Those stored as JPEG have its traces.
    """
    found = {name: SAMPLES.get(name).pixels() for name in SAMPLES}
    names = tuple(name for name, pixels in found.items() if pixels.ndim == 3)
    return Photographs(tuple(found[name] for name in names), names, "samples")


photo_datasets: Registry[PhotoDataset] = Registry("photograph collection")

PHOTOGRAPHS = photo_datasets.add(
    "photographs",
    PhotoDataset(
        name="photographs",
        title="Photographs",
        licence="BSDS500 for non-commercial research and education; 36 desktop backgrounds CC0,"
        " CC BY, CC BY-SA, GPL or LGPL",
        credit="BSDS500 by Arbeláez, Maire, Fowlkes & Malik (2011), UC Berkeley, without CBSD68,"
        " which is the test split; backgrounds of Lomiri, MATE and KDE Plasma by their artists",
        archives={
            "train": (("bsds_train.tar", "train/"), ("photos_train.tar", "")),
            "validation": (("bsds_train.tar", "val/"),),
            "test": (("cbsd68.tar", ""),),
        },
    ),
)


def read_archive(path: Path, folder: str = "") -> dict[str, NDArray[np.uint8]]:
    """Return the pictures of a tar by file name, uint8 ``[H, W, 3]``; only those below ``folder``.

    Nothing is unpacked to disk, and other files are passed over.

    Raises:
        DataError: the archive or a picture is damaged or too large, or there is no picture.
    """
    found: dict[str, NDArray[np.uint8]] = {}
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                name = member.name.removeprefix("./")
                wanted = name.startswith(folder) and name.lower().endswith((".jpg", ".png"))
                if not (wanted and member.isfile()):
                    continue
                if member.size > MAX_BYTES or len(found) == MAX_PICTURES:
                    raise DataError(f"{path.name} is larger than a collection may be.")
                file = archive.extractfile(member)
                assert file is not None  # it is a regular file
                found[name] = _decode(file.read(), f"{path.name}: {name}")
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise DataError(f"{path.name} cannot be read ({error}).", "Get it again.") from error
    if not found:
        raise DataError(f"{path.name} holds no picture{f' in {folder}' if folder else ''}.")
    return found


def _decode(content: bytes, name: str) -> NDArray[np.uint8]:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise DataError(f"{name} has more than {MAX_PIXELS:,} pixels.")
            return np.array(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(f"{name} cannot be read as a picture ({error}).") from error


def _find(archive: str, title: str) -> Path:
    folder = data_folder()
    if folder is None:
        raise DataError(
            f"{title} are read from {archive}, and LATENTLAB_DATA names no folder.",
            "Set it to the folder that holds the archive.",
        )
    for place in (folder, folder / "eval"):
        if (place / archive).is_file():
            return place / archive
    raise DataError(f"{archive} is not there.", f"Expected it in {folder}.")
