"""Data sets: what ships, what is read from disk or fetched, and what damaged files say."""

import gzip
import hashlib
import struct
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from latentlab.data import ImageDataset, datasets
from latentlab.data.base import SAMPLES, read_npz
from latentlab.data.idx import STEMS, IdxSource, is_stored, read_idx
from latentlab.errors import DataError, UnknownNameError

MNIST = datasets.get("mnist")
FACES = datasets.get("toon_faces")

# MNIST as far as its form goes: what pictures it holds is not known.
Published = tuple[ImageDataset, Path, list[str]]

ANY = replace(MNIST, read=IdxSource(url="http://127.0.0.1:9/", md5={}))

every_dataset = pytest.mark.parametrize("name", datasets.names())


@pytest.fixture(autouse=True)
def no_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LATENTLAB_DATA", raising=False)


# --- what ships -------------------------------------------------------------------------------


@every_dataset
def test_samples_are_pictures_of_the_test_split(name: str) -> None:
    dataset = datasets.get(name)
    samples = dataset.samples()
    assert samples.split == "test" and not samples.complete
    assert len(samples) == {"toon_faces": 800, "emoji": 186}.get(name, 2000)
    assert samples.images.shape == (len(samples), *dataset.image_shape)
    assert samples.images.dtype == np.uint8 and samples.labels.dtype == np.int64
    assert set(samples.labels.tolist()) == set(range(len(dataset.class_names)))
    assert len(set(samples.ids.tolist())) == len(samples)
    assert samples.images.max() == 255 and samples.images.std() > 20


@every_dataset
def test_a_data_set_says_whose_it_is(name: str) -> None:
    dataset = datasets.get(name)
    assert dataset.name == name
    assert dataset.title and dataset.licence and dataset.credit and dataset.label_title
    assert len(set(dataset.class_names)) == len(dataset.class_names)


def test_pictures_become_floats_between_zero_and_one() -> None:
    samples = MNIST.samples()
    everything = samples.tensor()
    assert everything.dtype == torch.float32 and everything.shape == (2000, 1, 28, 28)
    assert (everything.min(), everything.max()) == (0, 1)
    assert torch.equal(samples.tensor(np.array([5, 3])), everything[[5, 3]])
    assert torch.equal(samples.tensor(slice(2, 4)), everything[2:4])
    byte = samples.images[0, 0, 14, 14]
    assert everything[0, 0, 14, 14].item() == pytest.approx(byte / 255)


def test_batches_are_all_pictures_in_order() -> None:
    samples = MNIST.samples()
    batches = list(samples.batches(768))
    assert [len(batch) for batch in batches] == [768, 768, 464]
    assert torch.equal(torch.cat(batches), samples.tensor())


def test_a_data_set_that_is_not_there_suggests_its_neighbours() -> None:
    with pytest.raises(UnknownNameError, match="fashion_mnist"):
        datasets.get("fashion-mnist")


def test_samples_that_are_gone_are_missed_by_name() -> None:
    with pytest.raises(DataError, match=r"cats\.npz"):
        replace(MNIST, name="cats").samples()
    assert (SAMPLES / "mnist.npz").is_file()


# --- npz files --------------------------------------------------------------------------------


def write_npz(path: Path, **changes: Any) -> Path:
    """A file in the layout of our npz files, for three MNIST-like test pictures."""
    content: dict[str, Any] = {
        "test_images": np.full((3, 28, 28), 7, np.uint8),
        "test_labels": np.array([0, 1, 9], np.uint8),
        **changes,
    }
    np.savez(path, **{key: value for key, value in content.items() if value is not None})
    return path


def test_a_sound_npz_is_read_whole(tmp_path: Path) -> None:
    found = read_npz(write_npz(tmp_path / "mnist.npz"), MNIST, "test")
    assert found.images.shape == (3, 1, 28, 28) and found.images.flags.c_contiguous
    assert found.labels.tolist() == [0, 1, 9] and found.ids.tolist() == [0, 1, 2]
    assert found.complete and found.split == "test"


def test_colour_is_moved_before_height_and_width(tmp_path: Path) -> None:
    pictures = np.zeros((2, 64, 64, 3), np.uint8)
    pictures[0, 5, 6] = [10, 20, 30]
    known = {"test_labels": np.zeros(2, np.uint8), "test_factors": np.zeros((2, 13), np.int16)}
    path = write_npz(tmp_path / "f.npz", test_images=pictures, **known)
    assert read_npz(path, FACES, "test").images[0, :, 5, 6].tolist() == [10, 20, 30]


@pytest.mark.parametrize(
    "changes",
    [
        {"test_images": np.zeros((3, 28, 27), np.uint8)},
        {"test_images": np.zeros((3, 28, 28, 3), np.uint8)},
        {"test_images": np.zeros((3, 28, 28), np.float32)},
        {"test_images": np.zeros((0, 28, 28), np.uint8), "test_labels": np.zeros(0, np.uint8)},
        {"test_images": np.zeros(784, np.uint8)},
        {"test_images": np.uint8(7)},
        {"test_images": np.array([None, "a"], object)},
        {"test_images": None},
        {"test_labels": None},
        {"test_labels": np.array([0, 1], np.uint8)},
        {"test_labels": np.array([0, 1, 10], np.uint8)},
        {"test_labels": np.array([0, 1, -1], np.int8)},
        {"test_labels": np.zeros((3, 2), np.uint8)},
        {"test_labels": np.array(["a", "b", "c"])},
        {"ids": np.array([1])},
    ],
    ids=lambda c: f"{next(iter(c))} {np.shape(next(iter(c.values())))}",
)
def test_an_npz_that_holds_something_else_is_refused(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    path = write_npz(tmp_path / "mnist.npz", **changes)
    with pytest.raises(DataError, match=r"mnist\.npz"):
        read_npz(path, MNIST, "test")


def test_a_damaged_npz_is_refused_wherever_the_damage_is(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (3, 28, 28), dtype=np.uint8)
    whole = tmp_path / "whole.npz"
    np.savez_compressed(whole, test_images=noise, test_labels=np.zeros(3, np.uint8))
    sound = whole.read_bytes()
    path = tmp_path / "mnist.npz"
    refused = 0
    for place in range(0, len(sound), 7):
        content = bytearray(sound)
        content[place] ^= 0xFF
        path.write_bytes(content)
        try:
            found = read_npz(path, MNIST, "test")
        except DataError as error:
            refused += "mnist.npz" in error.message
        else:  # the byte was one that nothing reads, such as a date
            assert np.array_equal(found.images[:, 0], noise)
    assert refused > len(sound) / 7 / 2
    for kept in (0, 1, 30, len(sound) // 2, len(sound) - 1):
        path.write_bytes(sound[:kept])
        with pytest.raises(DataError, match=r"mnist\.npz"):
            read_npz(path, MNIST, "test")


def test_a_bare_array_is_no_npz(tmp_path: Path) -> None:
    path = tmp_path / "mnist.npz"
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(DataError, match=r"mnist\.npz"):
        read_npz(path, MNIST, "test")


def test_the_faces_label_is_one_column_of_their_factors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factors = np.zeros((2, 13), np.int16)
    factors[:, 8] = [3, 5]
    pictures = np.zeros((2, 64, 64, 3), np.uint8)
    factors[1, 11:] = [-8, 4]  # rotation and shift are numbers, of either sign
    np.savez(tmp_path / "toonfaces64.npz", train_images=pictures, train_factors=factors)
    monkeypatch.setenv("LATENTLAB_DATA", str(tmp_path))
    found = FACES.load("train")
    assert found.labels.tolist() == [3, 5]
    assert found.factors is not None and found.factors.tolist() == factors.tolist()
    for wrong in (factors[:, 0], factors[:, :11], np.where(factors == 5, 6, factors)):
        np.savez(tmp_path / "toonfaces64.npz", train_images=pictures, train_factors=wrong)
        with pytest.raises(DataError, match=r"toonfaces64\.npz"):
            FACES.load("train")


def test_the_shipped_faces_have_all_their_factors() -> None:
    found = FACES.samples()
    assert found.factors is not None and found.factors.shape == (len(found), len(FACES.factors))
    assert (found.factors[:, 8] == found.labels).all()


def test_faces_that_are_not_here_say_where_they_are_looked_for() -> None:
    with pytest.raises(DataError) as caught:
        FACES.load("train")
    assert "LATENTLAB_DATA" in caught.value.hint


# --- idx files --------------------------------------------------------------------------------


def idx(array: np.ndarray) -> bytes:
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.tobytes()


def write_idx_files(folder: Path, count: int = 4) -> dict[str, bytes]:
    """Both files of an MNIST-like test split; their contents by name."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = np.arange(count * 784, dtype=np.uint32).astype(np.uint8).reshape(count, 28, 28)
    names = STEMS["test"]
    content = {
        names[0]: gzip.compress(idx(pictures)),
        names[1]: gzip.compress(idx(np.arange(count, dtype=np.uint8))),
    }
    for name, data in content.items():
        (folder / name).write_bytes(data)
    return content


def test_a_sound_idx_file_is_read(tmp_path: Path) -> None:
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    (tmp_path / "a.gz").write_bytes(gzip.compress(idx(array)))
    assert np.array_equal(read_idx(tmp_path / "a.gz", 3), array)


SOUND = idx(np.zeros((2, 3, 4), np.uint8))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain text",
        gzip.compress(b""),
        gzip.compress(SOUND[:3]),
        gzip.compress(SOUND[:6]),
        gzip.compress(SOUND[:-1]),
        gzip.compress(SOUND + b"\0"),
        gzip.compress(bytes([0, 0, 8, 1]) + SOUND[4:]),
        gzip.compress(bytes([0, 0, 13, 3]) + SOUND[4:]),  # floats
        gzip.compress(bytes([0, 0, 8, 3]) + b"\xff" * 12),
        gzip.compress(SOUND)[:-9],
        gzip.compress(SOUND)[:12] + b"\xff\xff\xff" + gzip.compress(SOUND)[15:],
    ],
    ids=range(12),
)
def test_a_damaged_idx_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "digits.gz").write_bytes(content)
    with pytest.raises(DataError, match=r"digits\.gz"):
        read_idx(tmp_path / "digits.gz", 3)


def test_an_idx_file_may_be_unpacked(tmp_path: Path) -> None:
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    (tmp_path / "a").write_bytes(idx(array))
    assert np.array_equal(read_idx(tmp_path / "a", 3), array)


@pytest.mark.parametrize("spelling", ["{}", "{}.gz", "dotted", "dotted.gz"])
def test_idx_files_are_found_as_others_name_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelling: str
) -> None:
    for name, data in write_idx_files(tmp_path / "first").items():
        plain = name.removesuffix(".gz")
        plain = plain.replace("-idx", ".idx") if "dotted" in spelling else plain
        packed = spelling.endswith(".gz")
        target = tmp_path / f"{plain}{'.gz' if packed else ''}"
        target.write_bytes(data if packed else gzip.decompress(data))
    monkeypatch.setenv("LATENTLAB_DATA", str(tmp_path))
    assert len(ANY.load("test")) == 4 and is_stored(ANY, "test")


def test_a_file_as_keras_packs_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = np.full((3, 28, 28), 7, np.uint8)
    labels = np.array([0, 1, 9], np.uint8)
    np.savez(tmp_path / "mnist.npz", x_test=pictures, y_test=labels, x_train=pictures)
    monkeypatch.setenv("LATENTLAB_DATA", str(tmp_path))
    assert ANY.load("test").labels.tolist() == [0, 1, 9]
    with pytest.raises(DataError, match="mnist.npz") as caught:
        ANY.load("train")
    assert "x_train and y_train" in caught.value.hint


def test_files_of_equal_names_are_told_apart_by_what_they_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of another set lie where both are looked for."""
    write_idx_files(tmp_path, 5)
    content = write_idx_files(tmp_path / "right", 4)
    arrays = [np.frombuffer(gzip.decompress(data), np.uint8) for data in content.values()]
    hashes = tuple(
        hashlib.sha256(array[start:].tobytes()).hexdigest()
        for array, start in zip(arrays, (16, 8), strict=True)
    )
    known = IdxSource(url="http://127.0.0.1:9/", md5={}, sha256={"test": hashes})
    dataset = replace(MNIST, name="mine", read=replace(known, md5=dict.fromkeys(STEMS["test"], "")))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LATENTLAB_DATA", str(tmp_path))
    assert not is_stored(dataset, "test")
    with pytest.raises(DataError, match="does not hold the test split") as caught:
        dataset.load("test")
    assert "mine within LATENTLAB_DATA" in caught.value.hint
    write_idx_files(tmp_path / "mine", 4)
    assert len(dataset.load("test")) == 4 and is_stored(dataset, "test")


def test_pictures_that_are_not_mnist_are_not_taken_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_idx_files(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LATENTLAB_DATA", str(tmp_path))
    monkeypatch.setattr(IdxSource, "download", lambda *_: (_ for _ in ()).throw(DataError("no")))
    with pytest.raises(DataError, match="does not hold the test split of MNIST"):
        MNIST.load("test")
    assert not is_stored(MNIST, "test")


def test_a_damaged_cache_is_not_taken_for_the_set(
    published: Published, tmp_path: Path
) -> None:
    dataset, folder, _ = published
    dataset.load("test")
    assert is_stored(dataset, "test")
    for file in (tmp_path / "cache").rglob("t10k-images*"):
        file.write_bytes(b"damaged")
    assert not is_stored(dataset, "test")
    (folder / STEMS["test"][0]).unlink()  # and nobody can be asked
    with pytest.raises(DataError, match="t10k-images"):
        dataset.load("test")


@pytest.mark.parametrize("below", ["", "mnist"])
def test_idx_files_are_found_in_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    write_idx_files(tmp_path / below)
    monkeypatch.setenv("LATENTLAB_DATA", str(tmp_path))
    found = ANY.load("test")
    assert found.complete and found.images.shape == (4, 1, 28, 28)
    assert found.labels.tolist() == [0, 1, 2, 3]


def test_idx_files_are_found_where_the_system_puts_them(tmp_path: Path) -> None:
    write_idx_files(tmp_path)
    source = IdxSource(url="http://127.0.0.1:9/", md5={}, system_folder=tmp_path)
    assert len(source(MNIST, "test")) == 4


def test_labels_that_do_not_fit_their_pictures_are_refused(tmp_path: Path) -> None:
    write_idx_files(tmp_path)
    (tmp_path / STEMS["test"][1]).write_bytes(gzip.compress(idx(np.zeros(3, np.uint8))))
    with pytest.raises(DataError, match="MNIST"):
        IdxSource(url="", md5={}, system_folder=tmp_path)(MNIST, "test")


# --- downloads --------------------------------------------------------------------------------


class Quiet(SimpleHTTPRequestHandler):
    asked: list[str]

    def log_message(self, *_: object) -> None:
        type(self).asked.append(self.path)


@pytest.fixture
def published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[ImageDataset, Path, list[str]]]:
    """A data set published on this machine; its folder there, and what has been asked for."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    folder = tmp_path / "published"
    content = write_idx_files(folder)
    handler = type("Handler", (Quiet,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    hashes = {name: hashlib.md5(data).hexdigest() for name, data in content.items()}
    source = IdxSource(url=f"http://127.0.0.1:{server.server_port}/", md5=hashes)
    try:
        yield replace(MNIST, read=source), folder, handler.asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()



def test_what_is_not_here_is_downloaded_once(published: Published) -> None:
    dataset, _, asked = published
    assert dataset.load("test").labels.tolist() == [0, 1, 2, 3]
    assert sorted(asked) == [f"/{name}" for name in STEMS["test"]]
    assert dataset.load("test").images.shape == (4, 1, 28, 28)
    assert len(asked) == 2


def test_a_download_that_is_not_the_published_file_is_refused(
    published: Published, tmp_path: Path
) -> None:
    dataset, folder, _ = published
    (folder / STEMS["test"][0]).write_bytes(gzip.compress(idx(np.zeros((4, 28, 28), np.uint8))))
    with pytest.raises(DataError, match="t10k-images") as caught:
        dataset.load("test")
    assert "LATENTLAB_DATA" in caught.value.hint
    assert not list((tmp_path / "cache").rglob("t10k-images*"))


def test_a_file_that_the_server_does_not_have_is_named(published: Published) -> None:
    dataset, folder, _ = published
    (folder / STEMS["test"][1]).unlink()
    with pytest.raises(DataError, match="t10k-labels"):
        dataset.load("test")


def test_a_server_that_does_not_answer_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    hashes = dict.fromkeys(STEMS["test"], "0" * 32)
    nobody = replace(MNIST, read=IdxSource(url="http://127.0.0.1:9/", md5=hashes))
    with pytest.raises(DataError, match="could not be downloaded"):
        nobody.load("test")


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_: str) -> None:
        raise RuntimeError("could not determine the home directory")

    monkeypatch.setattr("pooch.os_cache", homeless)
    nobody = replace(MNIST, read=IdxSource(url="", md5=dict.fromkeys(STEMS["test"], "")))
    assert not is_stored(nobody, "test")
    with pytest.raises(DataError, match="home") as caught:
        nobody.load("test")
    assert "XDG_CACHE_HOME" in caught.value.hint
    monkeypatch.setenv("LATENTLAB_DATA", "~nobody-of-this-name/data")
    with pytest.raises(DataError, match="home"):
        nobody.load("test")
