"""Photographs from archives, and the patches that are cut from them."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from latentlab.data import PHOTOGRAPHS, Photographs, photographs
from latentlab.errors import DataError


def picture(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


# --- archives -----------------------------------------------------------------------------------


def test_splits_come_from_their_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b, c, d = (picture(9, 12, seed) for seed in range(4))
    archive(tmp_path / "bsds_train.tar", {"train/a.png": png(a), "./val/b.png": png(b)})
    archive(tmp_path / "photos_train.tar", {"LICENSES.txt": b"CC0", "c.png": png(c)})
    (tmp_path / "eval").mkdir()
    archive(tmp_path / "eval" / "cbsd68.tar", {"d.png": png(d)})
    monkeypatch.setenv("LATENTLAB_DATA", str(tmp_path))
    train = PHOTOGRAPHS.load("train")
    assert train.names == ("c.png", "train/a.png")
    assert np.array_equal(train.pictures[0], c) and np.array_equal(train.pictures[1], a)
    assert PHOTOGRAPHS.load("validation").names == ("val/b.png",)
    assert PHOTOGRAPHS.load("test").names == ("d.png",)


def test_data_that_is_not_there_is_said_where_to_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LATENTLAB_DATA", raising=False)
    with pytest.raises(DataError, match="LATENTLAB_DATA"):
        PHOTOGRAPHS.load("test")
    monkeypatch.setenv("LATENTLAB_DATA", str(tmp_path))
    with pytest.raises(DataError, match=r"cbsd68\.tar is not there"):
        PHOTOGRAPHS.load("test")


def test_damaged_and_hostile_archives_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = png(picture(9, 12))
    path = tmp_path / "it.tar"
    path.write_bytes(b"no tar")
    with pytest.raises(DataError, match="cannot be read"):
        photographs.read_archive(path)
    with pytest.raises(DataError, match="holds no picture in val/"):
        photographs.read_archive(archive(path, {"train/a.png": good}), "val/")
    with pytest.raises(DataError, match=r"a\.png cannot be read as a picture"):
        photographs.read_archive(archive(path, {"a.png": good[:60]}))
    monkeypatch.setattr(photographs, "MAX_PIXELS", 100)
    with pytest.raises(DataError, match="more than 100 pixels"):
        photographs.read_archive(archive(path, {"a.png": good}))
    monkeypatch.setattr(photographs, "MAX_PICTURES", 1)
    with pytest.raises(DataError, match="larger than a collection"):
        monkeypatch.setattr(photographs, "MAX_PIXELS", 1000)
        photographs.read_archive(archive(path, {"a.png": good, "b.png": good}))


def test_links_in_an_archive_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "it.tar"
    with tarfile.open(path, "w") as tar:
        link = tarfile.TarInfo("link.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(DataError, match="holds no picture"):
        photographs.read_archive(path)


# --- pictures and patches -----------------------------------------------------------------------


def collection(*sizes: tuple[int, int]) -> Photographs:
    pictures = tuple(picture(*size, seed) for seed, size in enumerate(sizes))
    return Photographs(pictures, tuple(f"{i}.png" for i in range(len(sizes))), "train")


def test_grey_is_the_rounded_luma() -> None:
    whole = collection((10, 14))
    x = whole.tensor(0)
    assert x.shape == (1, 3, 10, 14) and x.max() <= 1
    grey = whole.tensor(0, grey=True)
    assert grey.shape == (1, 1, 10, 14)
    luma = (x * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(1, keepdim=True)
    assert (grey - luma).abs().max() < 1.01 / 255
    assert torch.allclose(grey * 255, (grey * 255).round(), atol=1e-4)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_patches_are_parts_of_their_pictures_turned_in_all_eight_ways() -> None:
    whole = collection((9, 8))
    patches = whole.patches((3, 8, 8))
    chosen = np.zeros(200, np.int64)
    x, labels = patches.batch(chosen, rng())
    assert x.shape == (200, 3, 8, 8) and x.dtype == torch.float32 and len(labels) == 200
    pixels = whole.pictures[0]
    expected = {
        np.ascontiguousarray(view).tobytes()
        for top in (0, 1)
        for turns in range(4)
        for view in (
            np.rot90(pixels[top : top + 8], turns),
            np.rot90(pixels[top : top + 8], turns)[:, ::-1],
        )
    }
    found = {
        np.ascontiguousarray(p.permute(1, 2, 0).mul(255).round().byte().numpy()).tobytes()
        for p in x
    }
    assert len(expected) == 16 and found == expected


def test_patches_follow_their_generator_alone() -> None:
    patches = collection((20, 30), (30, 20)).patches((3, 8, 16))
    assert len(patches) == 2
    chosen = np.array([1, 0, 1])
    first, again, other = (patches.batch(chosen, rng(seed))[0] for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_pictures_smaller_than_a_patch_are_refused() -> None:
    with pytest.raises(DataError, match=r"1\.png is smaller"):
        collection((20, 20), (20, 15)).patches((3, 8, 16))
    with pytest.raises(DataError, match="3 channels"):
        collection((20, 20)).patches((1, 8, 8))


# --- samples ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(photographs.SAMPLES))
def test_samples_are_there_with_their_credit(name: str) -> None:
    sample = photographs.SAMPLES.get(name)
    pixels = sample.pixels()
    assert pixels.dtype == np.uint8
    assert pixels.ndim == 2 or pixels.shape[2] == 3
    assert min(pixels.shape[:2]) >= 256, "a window of it is compared"
    assert sample.title and ("CC" in sample.credit or "public domain" in sample.credit)


def test_samples_in_colour_make_a_collection() -> None:
    samples = photographs.samples()
    assert len(samples) > 4, "four stand on a card"
    assert all(picture.shape[2] == 3 for picture in samples.pictures)
    assert "camera" not in samples.names, "it is grey"
