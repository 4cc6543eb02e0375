"""The command line, as a person meets it."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from cases_of_pictures import camera_exif, smooth
from conftest import ROOT
from PIL import Image
from small_models import small_config, write_checkpoint

from latentlab import __main__ as cli
from latentlab import checkpoints, evaluation
from latentlab.checkpoints import Score
from latentlab.data import ImageDataset, datasets
from latentlab.evaluation import halving, shared
from latentlab.restoration import restore
from latentlab.training import fit
from latentlab.training.objectives.base import GradientLearner
from latentlab.training.recipes import recipes

NAME = "autoencoder.mnist_k2"


def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "latentlab", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def run(*arguments: str) -> object:
    """What the command exits with."""
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    return caught.value.code


def test_help_names_every_command() -> None:
    answer = ask("--help")
    assert answer.returncode == 0
    for command in ("run", "train", "evaluate", "denoise"):
        assert command in answer.stdout


def test_an_unknown_recipe_suggests_its_neighbours_and_shows_no_traceback() -> None:
    answer = ask("train", "vae.mnist_k61")
    assert answer.returncode == 1
    assert "vae.mnist_k61" in answer.stderr and "vae.mnist_k16" in answer.stderr
    assert "Traceback" not in answer.stderr and answer.stdout == ""


def test_train_without_a_name_lists_the_recipes() -> None:
    message = run("train")
    assert isinstance(message, str)
    assert all(name in message for name in recipes.names()) and "--all" in message


def test_an_unknown_checkpoint_suggests_its_neighbours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_checkpoint(tmp_path, "vae.mine")
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))
    message = run("evaluate", "vae.mime")
    assert isinstance(message, str) and "vae.mine" in message


@pytest.mark.parametrize("arguments", [(), ("fly",), ("train", NAME, "--device", "abacus")])
def test_what_the_parser_does_not_know_is_refused(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    assert "usage: latentlab" in capsys.readouterr().err


def test_run_starts_streamlit_where_its_settings_are(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, command: started.append(command))
    monkeypatch.setattr(os, "chdir", lambda folder: started.append([str(folder)]))
    with pytest.raises(SystemExit):
        cli.main(["run", "--", "--server.port", "9000"])
    assert started[0] == [str(ROOT)]
    assert started[1][1:] == ["-m", "streamlit", "run", "app.py", "--server.port", "9000"]


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """NAME's recipe made small, with few pictures to learn from; where its checkpoint goes."""
    small = replace(recipes.get(NAME), config=small_config("autoencoder"), epochs=2, batch_size=64)
    monkeypatch.setitem(recipes._entries, NAME, small)
    samples = datasets.get("mnist").samples()
    few = replace(
        samples, images=samples.images[:200], labels=samples.labels[:200], ids=samples.ids[:200]
    )
    monkeypatch.setattr(ImageDataset, "load", lambda self, split: replace(few, split=split))
    for cached in (shared.splits, shared._all_components):
        cached.cache_clear()
        request.addfinalizer(cached.cache_clear)
    out = tmp_path / "out"
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(out))
    monkeypatch.chdir(tmp_path)
    return out


def test_train_then_evaluate(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("train", NAME, "--device", "cpu", "--out", str(tiny)) == 0
    checkpoint = checkpoints.load(NAME)
    assert checkpoint.folder == tiny / NAME
    assert checkpoint.card.recipe == f"latentlab train {NAME}"
    assert checkpoint.card.score("mse").baseline_name == "PCA, 3 components"
    assert not fit.state_file(NAME).exists()  # nothing is left to resume

    capsys.readouterr()
    assert run("evaluate", NAME) == 0
    assert "mse" in capsys.readouterr().out
    assert run("evaluate", NAME, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report[NAME]["disagreements"] == []
    assert report[NAME]["scores"][0]["name"] == "mse"


def test_evaluate_fails_on_a_bent_card_until_it_is_written_again(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("train", NAME, "--device", "cpu", "--out", str(tiny)) == 0
    card = checkpoints.load(NAME).card
    better = tuple(replace(score, value=score.value * 0.9) for score in card.scores)
    checkpoints.write_card(tiny / NAME, replace(card, scores=better))
    capsys.readouterr()
    assert run("evaluate", NAME) == 1
    assert "WRONG: the card states mse" in capsys.readouterr().out
    assert run("evaluate", NAME, "--json") == 1
    assert "mse" in json.loads(capsys.readouterr().out)[NAME]["disagreements"][0]
    assert run("evaluate", NAME, "--write") == 0
    assert checkpoints.load(NAME).card == card
    assert run("evaluate", NAME) == 0


def test_weights_are_halved_where_the_scores_stay(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("train", NAME, "--device", "cpu", "--out", str(tiny)) == 0
    whole = checkpoints.load(NAME)
    scores, size, expected = whole.card.scores, whole.size, whole.reference()["decoded"]
    bent = tuple(replace(score, value=score.value * 1.01) for score in scores)
    checkpoints.write_card(tiny / NAME, replace(whole.card, scores=bent))
    capsys.readouterr()
    assert run("evaluate", NAME, "--half") == 0
    assert "mse would be" in capsys.readouterr().out
    assert checkpoints.load(NAME).size == size

    checkpoints.write_card(tiny / NAME, whole.card)
    monkeypatch.setattr(halving, "scores", lambda network, data, only: scores)
    assert run("evaluate", NAME, "--half") == 0
    assert "float16" in capsys.readouterr().out
    half = checkpoints.load(NAME)
    assert half.size < 0.6 * size
    assert half.card == whole.card and half.statistics().mean.dtype == torch.float32
    found = half.reference()["decoded"]
    assert torch.allclose(expected, found, atol=0.01)
    model = half.load_model()
    assert torch.equal(model(half.reference()["images"]), found)


def test_a_stopped_training_goes_on_with_resume(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("train", NAME, "--device", "cpu", "--out", str(tiny)) == 0
    undisturbed = (tiny / NAME / checkpoints.WEIGHTS).read_bytes()

    monkeypatch.setattr(fit, "SAVE_SECONDS", -1.0)
    whole = fit.Run.fit

    def stopped(self: fit.Run, images: object) -> object:
        for progress in whole(self, images):
            yield progress
            if progress.step == 4:
                raise KeyboardInterrupt

    monkeypatch.setattr(fit.Run, "fit", stopped)
    assert run("train", NAME, "--device", "cpu", "--out", str(tiny)) == 130
    assert "--resume" in capsys.readouterr().err
    assert fit.state_file(NAME).exists()

    monkeypatch.setattr(fit.Run, "fit", whole)
    assert run("train", NAME, "--device", "cpu", "--resume", "--out", str(tiny)) == 0
    assert (tiny / NAME / checkpoints.WEIGHTS).read_bytes() == undisturbed
    assert not fit.state_file(NAME).exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_in_the_first_minute_keeps_what_was_trained(
    tiny: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: signal.Signals,
) -> None:
    assert run("train", NAME, "--device", "cpu", "--out", str(tiny)) == 0
    undisturbed = (tiny / NAME / checkpoints.WEIGHTS).read_bytes()
    step = GradientLearner.step

    def interrupted(self: object, *arguments: object) -> object:
        signal.raise_signal(number)  # in the middle of a step
        monkeypatch.setattr(GradientLearner, "step", step)
        return step(self, *arguments)

    monkeypatch.setattr(GradientLearner, "step", interrupted)
    assert run("train", NAME, "--device", "cpu", "--out", str(tiny)) == 130
    assert "--resume" in capsys.readouterr().err
    assert run("train", NAME, "--device", "cpu", "--resume", "--out", str(tiny)) == 0
    assert (tiny / NAME / checkpoints.WEIGHTS).read_bytes() == undisturbed


def test_resume_without_a_state_says_so(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("train", NAME, "--device", "cpu", "--resume", "--out", str(tiny)) == 0
    assert "nothing to go on from" in capsys.readouterr().out


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_a_device_that_is_not_here_is_one_sentence(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, device: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    for command in (("train", NAME), ("experiment", "bottleneck", "--quick")):
        assert f"no device “{device}”" in str(run(*command, "--device", device))


def test_where_nothing_can_be_kept_nothing_is_trained(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fit.Run, "fit", None)
    (tmp_path / "file").touch()
    assert "cannot be written" in str(run("train", NAME, "--out", str(tmp_path / "file")))
    Path("runs").touch()
    assert "cannot be written" in str(run("train", NAME, "--out", str(tiny)))


def test_a_full_disk_at_the_end_loses_nothing(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "save", full)
        message = str(run("train", NAME, "--device", "cpu", "--out", str(tiny)))
    assert "No space left" in message and "--resume" in message
    assert fit.state_file(NAME).exists()
    with monkeypatch.context() as patch:
        patch.setattr(fit.state, "save", full)  # no place for the state: the training goes on
        assert run("train", NAME, "--device", "cpu", "--out", str(tiny)) == 0
    assert (tiny / NAME / checkpoints.WEIGHTS).exists()


@pytest.mark.parametrize("count", [1, 2, 10, 65])
def test_very_few_pictures_are_enough_or_too_few_in_one_sentence(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    samples = datasets.get("mnist").samples()
    few = replace(
        samples,
        images=samples.images[:count],
        labels=samples.labels[:count],
        ids=samples.ids[:count],
    )
    monkeypatch.setattr(ImageDataset, "load", lambda self, split: replace(few, split=split))
    code = run("train", NAME, "--device", "cpu", "--out", str(tiny))
    if count < 10:
        assert f"has {count} item(s) to learn from" in str(code) and "\n" not in str(code)
        assert not fit.state_file(NAME).exists()  # no step was taken
    else:
        assert code == 0
        assert (tiny / NAME / checkpoints.WEIGHTS).exists()


def test_a_narrow_console_stops_no_work(denoisers: Path, tmp_path: Path) -> None:
    out = tmp_path / "Вывод…"
    answer = subprocess.run(
        [sys.executable, "-m", "latentlab", "denoise", str(denoisers), str(out)],
        env={**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert len([path for path in out.rglob("*") if path.is_file()]) == 2


def test_a_narrow_console_stops_no_training(tiny: Path) -> None:
    with open(os.devnull, "w", encoding="latin-1") as narrow:
        narrow_before, sys.stdout = sys.stdout, narrow
        try:
            assert run("train", NAME, "--device", "cpu", "--out", str(tiny)) == 0
        finally:
            sys.stdout = narrow_before
    assert (tiny / NAME / checkpoints.WEIGHTS).exists()


def test_without_its_pages_run_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cli, "root", lambda: tmp_path)
    assert "not installed here" in str(run("run"))


def test_a_damaged_state_stops_resume_with_one_sentence(tiny: Path) -> None:
    state = fit.state_file(NAME)
    state.parent.mkdir(parents=True)
    state.write_bytes(b"damaged")
    message = run("train", NAME, "--device", "cpu", "--resume", "--out", str(tiny))
    assert isinstance(message, str) and str(state) in message and "\n" not in message
    assert not (tiny / NAME).exists()


def test_scores_are_printed_with_what_they_have_to_beat(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_checkpoint(tiny, "autoencoder.mine")
    measured = (Score("mse", 0.0123, "", False, 0.0456, "PCA"),)
    monkeypatch.setattr(evaluation, "evaluate", lambda _: measured)
    assert run("evaluate", "autoencoder.mine") == 1
    printed = capsys.readouterr().out
    assert "0.0123" in printed and "PCA: 0.0456" in printed


# --- denoise ----------------------------------------------------------------------------------


@pytest.fixture
def denoisers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Small denoisers under the names that the command knows; a folder with two noisy pictures."""
    zoo = tmp_path / "zoo"
    for seed, name in enumerate((cli.REAL, cli.GAUSSIAN)):
        write_checkpoint(zoo, name, "photographs", (3, 16, 16), seed)
    write_checkpoint(zoo, "autoencoder.mine")
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(zoo))
    pictures = tmp_path / "pictures"
    (pictures / "below").mkdir(parents=True)
    values = np.random.default_rng(0).integers(80, 120, (40, 30, 3)).astype(np.uint8)
    Image.fromarray(values).save(pictures / "a.png")
    Image.fromarray(values).save(pictures / "below" / "b.jpg")
    return pictures


def test_denoise_restores_a_folder_and_goes_on_after_a_bad_file(
    denoisers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (denoisers / "bad.png").write_bytes(b"\x89PNG nothing")
    assert run("denoise", str(denoisers), str(tmp_path / "out")) == 1
    written = {str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.*")}
    assert written == {"a.png", str(Path("below") / "b.jpg")}
    told = capsys.readouterr()
    assert "2 of 3 pictures" in told.out
    (line,) = (line for line in told.err.splitlines() if "latentlab: " in line)
    assert "bad.png" in line


def test_denoise_takes_a_level_and_a_model(denoisers: Path, tmp_path: Path) -> None:
    source = str(denoisers / "a.png")
    results = []
    for index, options in enumerate(
        ([], ["--sigma", "5"], ["--sigma", "60"], ["--sigma", "auto", "--model", cli.GAUSSIAN])
    ):
        target = tmp_path / f"{index}.png"
        assert run("denoise", source, str(target), *options) == 0
        results.append(target.read_bytes())
    assert len(set(results)) == 4


def test_denoise_refuses_what_it_cannot_do(
    denoisers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, out = str(denoisers / "a.png"), str(tmp_path / "out.png")
    assert "would be overwritten" in str(run("denoise", a, a))
    assert "not there" in str(run("denoise", str(tmp_path / "gone.png"), out))
    assert "autoencoder.mine" in str(run("denoise", a, out, "--model", "autoencoder.mine"))
    for wrong in ("blue", "-1", "300", "nan"):
        assert run("denoise", a, out, "--sigma", wrong) == 2
        assert f"“{wrong}” is neither auto nor a number" in capsys.readouterr().err
    assert not Path(out).exists()


def test_a_cameras_jpeg_and_a_tiff_with_its_directory_are_written_as_tiffs(
    denoisers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exif = Image.Exif()
    exif.load(camera_exif())
    picture = Image.fromarray(smooth())
    picture.save(denoisers / "camera.jpg", exif=camera_exif())
    picture.save(denoisers / "camera.tif", exif=exif)
    out = tmp_path / "out.tif"
    assert run("denoise", str(denoisers / "camera.jpg"), str(out)) == 0
    assert run("denoise", str(denoisers), str(tmp_path / "all")) == 0
    assert "4 of 4 pictures" in capsys.readouterr().out
    with Image.open(out) as file:
        assert file.size == (40, 64) and file.getexif()[271] == "Maker"


def test_a_second_run_into_the_source_takes_the_same_pictures(
    denoisers: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(denoisers)
    Image.new("RGB", (20, 20)).save(denoisers / ("n" * 245 + ".png"))
    Image.new("RGB", (20, 20)).save(denoisers / "._a.jpg", "JPEG")
    for _ in range(2):
        assert run("denoise", ".", str(denoisers / "out")) == 0
        assert "3 of 3 pictures" in capsys.readouterr().out


def test_nowhere_to_write_is_one_sentence_before_the_work(denoisers: Path) -> None:
    (denoisers / "file").touch()
    for place in ("/proc/out.png", str(denoisers / "file" / "out.png")):
        message = str(run("denoise", str(denoisers / "a.png"), place))
        assert "Nothing can be written" in message and "\n" not in message
    assert "Nothing can be written" in str(run("denoise", str(denoisers), "/proc/out"))


def test_whatever_goes_wrong_with_one_picture_the_others_are_written(
    denoisers: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = restore.restore_file

    def failing(network: object, source: Path, *others: object) -> object:
        if source.name == "a.png":
            raise MemoryError
        return whole(network, source, *others)

    monkeypatch.setattr(restore, "restore_file", failing)
    assert run("denoise", str(denoisers), str(tmp_path / "out")) == 1
    assert (tmp_path / "out" / "below" / "b.jpg").is_file()
