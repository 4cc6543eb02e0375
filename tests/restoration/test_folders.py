"""Which files of a folder are restored, and into which."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from latentlab.errors import ImageError, InputError
from latentlab.restoration import folders


def picture(path: Path, kind: str = "PNG") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.zeros((9, 9, 3), np.uint8)).save(path, kind)
    return path


def test_a_folder_keeps_its_places_and_what_is_no_picture_stays_behind(tmp_path: Path) -> None:
    for name in ("b.png", "sub/a.JPG", "notes.txt", "out/old.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    out = tmp_path / "out"
    assert folders.files(tmp_path, out) == [
        (tmp_path / "b.png", out / "b.png"),
        (tmp_path / "sub/a.JPG", out / "sub/a.JPG"),
    ]


def test_a_file_goes_to_a_file_or_into_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    (tmp_path / "sub").mkdir()
    a = tmp_path / "a.png"
    assert folders.files(a, tmp_path / "b.jpg") == [(a, tmp_path / "b.jpg")]
    assert folders.files(a, tmp_path / "sub") == [(a, tmp_path / "sub/a.png")]


def test_nothing_is_overwritten_by_itself_and_nothing_comes_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    (tmp_path / "empty").mkdir()
    for source, target in (("a.png", "a.png"), ("a.png", "."), (".", "."), (".", "./empty/..")):
        with pytest.raises(InputError, match="overwritten"):
            folders.files(tmp_path / source, tmp_path / target)
    with pytest.raises(InputError, match="no picture"):
        folders.files(tmp_path / "empty", tmp_path / "out")
    with pytest.raises(InputError, match="not there"):
        folders.files(tmp_path / "gone.png", tmp_path / "out.png")


def test_what_systems_put_beside_pictures_is_no_picture(tmp_path: Path) -> None:
    a = picture(tmp_path / "a.jpg")
    for name in ("._a.jpg", ".DS_Store", ".hidden/b.png", "__MACOSX/._a.jpg", "@eaDir/a.jpg"):
        picture(tmp_path / name)
    picture(tmp_path / "Thumbs.db", "JPEG")
    assert folders.files(tmp_path, tmp_path / "out") == [(a, tmp_path / "out/a.jpg")]


def test_the_content_decides_where_the_ending_says_nothing(tmp_path: Path) -> None:
    found = {picture(tmp_path / "digit", "JPEG"), picture(tmp_path / "b.jfif", "JPEG")}
    (tmp_path / "BMW.txt").write_text("BMW")
    (tmp_path / "empty").touch()
    picture(tmp_path / "moving.gif", "GIF")
    assert {path for path, _ in folders.files(tmp_path, tmp_path / "out")} == found


def test_a_phones_photograph_becomes_a_jpeg_beside_one_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    picture(tmp_path / "a.jpg")
    written = [into.name for _, into in folders.files(tmp_path, tmp_path / "out")]
    assert written == ["a.jpg", "a.jpg.jpg"]


def test_an_earlier_run_into_the_source_is_no_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.png", "b.png", "below/c.png"):
        picture(tmp_path / name)
    for name in ("a.png", "b.png", "below/c.png"):
        picture(tmp_path / "out" / name)
    (tmp_path / "link").symlink_to(tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    for target in (tmp_path / "out", Path("out"), Path("link"), Path("below/../out")):
        assert len(folders.files(Path(), target)) == 3


def test_a_link_to_a_picture_is_not_written_over_it(tmp_path: Path) -> None:
    a = picture(tmp_path / "in" / "a.png")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.png").hardlink_to(a)
    for source in (tmp_path / "in", a):
        with pytest.raises(InputError, match="overwritten"):
            folders.files(source, tmp_path / "out")


def test_a_place_that_takes_no_files_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/nowhere")):
        with pytest.raises(ImageError, match="Nothing can be written"):
            folders.check_place(place)
    folders.check_place(tmp_path / "new" / "below")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
