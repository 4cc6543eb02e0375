"""Checkpoints: what is saved comes back, and whatever is damaged is named in one sentence."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import ROOT
from safetensors.torch import load_file, save_file
from small_models import card_for, reference_for, small_network, statistics_for, write_checkpoint

from latentlab import checkpoints
from latentlab.errors import (
    BadConfig,
    CheckpointError,
    LatentLabError,
    MissingFile,
    UnknownNameError,
    WeightsMismatch,
)
from latentlab.models import (
    Autoencoder,
    Classifier,
    ConditionalGAN,
    CycleGAN,
    Denoiser,
    LatentModel,
    SentenceModel,
    SequenceLabeller,
    SuperResolution,
    TextNetwork,
    families,
)
from latentlab.models.images.autoencoder import DenseAutoencoder, DenseAutoencoderConfig

FILES = (
    checkpoints.CONFIG,
    checkpoints.WEIGHTS,
    checkpoints.STATISTICS,
    checkpoints.REFERENCE,
    checkpoints.CARD,
    checkpoints.MANIFEST,
)
NAME = "autoencoder.test"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound checkpoint folder, called NAME, in the place where users put theirs."""
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))
    return write_checkpoint(tmp_path, NAME)


def sign_again(folder: Path) -> None:
    """Make the manifest fit the files: the damage comes from whoever wrote the folder."""
    manifest = {
        file: checkpoints._sha256(folder / file) for file in FILES[:-1] if (folder / file).exists()
    }
    (folder / checkpoints.MANIFEST).write_text(json.dumps(manifest))


def edit_card(folder: Path, **changes: Any) -> None:
    """Rewrite the front matter as a stranger might, and sign it."""
    text = (folder / checkpoints.CARD).read_text()
    front = json.loads(text.split("---\n")[1])
    front.update(changes)
    (folder / checkpoints.CARD).write_text(f"---\n{json.dumps(front)}\n---\n# prose\n")
    sign_again(folder)


def broken() -> dict[str, LatentLabError]:
    """The checkpoints that cannot be used, with the reason."""
    found = {}
    for name in checkpoints.names():
        try:
            checkpoints.load(name)
        except LatentLabError as error:
            found[name] = error
    return found


def check_sentence(error: LatentLabError, *parts: str) -> None:
    """One clear sentence: a line that names the checkpoint, ends in a full stop, shows no repr."""
    assert "\n" not in error.message and error.message.endswith("."), error.message
    assert len(error.message) < 250, error.message
    for part in (NAME, *parts):
        assert part in error.message, error.message


# --- a sound folder ---------------------------------------------------------------------------


def test_a_saved_checkpoint_comes_back_whole(folder: Path) -> None:
    network = small_network("autoencoder")
    loaded = checkpoints.load(NAME)
    assert loaded.name == NAME and loaded.folder == folder
    assert loaded.card == card_for(network, "autoencoder")
    assert loaded.size == (folder / checkpoints.WEIGHTS).stat().st_size
    for name, tensor in vars(loaded.statistics()).items():
        assert torch.equal(tensor, getattr(statistics_for(3), name))
    for name, tensor in loaded.reference().items():
        assert torch.equal(tensor, reference_for(network)[name])


def test_a_card_answers_for_its_scores(folder: Path) -> None:
    card = checkpoints.read_card(NAME)
    score = card.score("mse")
    assert score is not None and (score.value, score.baseline) == (0.04, 0.05)
    assert card.score("no such score") is None


def test_the_card_is_also_prose_with_a_table(folder: Path) -> None:
    prose = (folder / checkpoints.CARD).read_text().split("\n---\n", 1)[1]
    assert "| mse | 0.04 | 0.05 (PCA, 3 components) |" in prose
    assert "latentlab train autoencoder.mnist" in prose and "Licence: MIT" in prose


def test_a_classifier_needs_no_statistics(folder: Path) -> None:
    write_checkpoint(folder.parent, "classifier.test")
    classifier = checkpoints.load("classifier.test")
    assert isinstance(classifier.load_model(), Classifier)
    with pytest.raises(MissingFile, match=checkpoints.STATISTICS):
        classifier.statistics()


def test_the_digest_changes_with_any_file(folder: Path) -> None:
    before = checkpoints.load(NAME).digest
    assert checkpoints.load(NAME).digest == before
    edit_card(folder, summary="Another line.")
    assert checkpoints.load(NAME).digest != before


def test_scores_can_be_written_again(folder: Path) -> None:
    card = replace(checkpoints.read_card(NAME), scores=())
    checkpoints.write_card(folder, card)
    assert checkpoints.load(NAME).card == card


def test_names_are_in_natural_order_and_filtered(folder: Path) -> None:
    parent = folder.parent
    for name in ("autoencoder.own_k16", "autoencoder.own_k2", "gan.own", "classifier.own"):
        write_checkpoint(parent, name, data="own")
    (parent / "Not A Checkpoint").mkdir()
    (parent / "autoencoder.file").write_text("not a folder")
    ours = [name for name in checkpoints.names() if (parent / name).is_dir()]
    assert ours == [
        "autoencoder.own_k2", "autoencoder.own_k16", NAME, "classifier.own", "gan.own",
    ]  # fmt: skip
    assert checkpoints.names(data="own", can=["encodes"]) == [
        "autoencoder.own_k2", "autoencoder.own_k16",
    ]  # fmt: skip
    assert checkpoints.names(data="own", can=["denoises"]) == []
    assert checkpoints.names(data="own", can=["decodes"], modality="text") == []
    assert checkpoints.names(data="own", can=["decodes"]) == [
        "autoencoder.own_k2", "autoencoder.own_k16", "gan.own",
    ]  # fmt: skip
    assert checkpoints.names(data="own", can=["classifies"]) == ["classifier.own"]
    assert checkpoints.names(data="nobody's") == []


def test_the_users_folder_wins_over_ours_and_several_are_searched(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = tmp_path / "second"
    write_checkpoint(second, NAME, seed=1)
    write_checkpoint(second, "vae.second")
    places = [str(folder.parent), "", str(tmp_path / "not there"), str(second)]
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", os.pathsep.join(places))
    assert checkpoints.load(NAME).folder == folder
    assert checkpoints.load("vae.second").folder == second / "vae.second"


@pytest.mark.parametrize("name", ["", "autoencoder.tset", "../autoencoder.test", "/etc", "\0", "."])
def test_a_name_that_is_not_there_suggests_its_neighbours(folder: Path, name: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        checkpoints.load(name)
    if name == "autoencoder.tset":
        assert NAME in caught.value.hint


# --- damage -----------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(MissingFile) as caught:
        checkpoints.load(NAME)
    check_sentence(caught.value, file)
    assert NAME in broken()


@pytest.mark.parametrize("file", FILES[:-1])
@pytest.mark.parametrize("place", [0.0, 0.3, 0.999])
def test_one_flipped_bit_is_noticed(folder: Path, file: str, place: float) -> None:
    content = bytearray((folder / file).read_bytes())
    content[int(place * len(content))] ^= 1
    (folder / file).write_bytes(content)
    with pytest.raises(WeightsMismatch) as caught:
        checkpoints.load(NAME)
    check_sentence(caught.value, file)
    assert isinstance(broken()[NAME], WeightsMismatch)


def test_one_flipped_bit_anywhere_in_the_manifest_is_noticed(folder: Path) -> None:
    sound = (folder / checkpoints.MANIFEST).read_bytes()
    for place in range(len(sound)):
        content = bytearray(sound)
        content[place] ^= 1
        (folder / checkpoints.MANIFEST).write_bytes(content)
        with pytest.raises(CheckpointError) as caught:
            checkpoints.load(NAME)
        check_sentence(caught.value)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_cut_off_file_is_noticed(folder: Path, file: str, kept: float) -> None:
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[: int(kept * len(content))])
    with pytest.raises(CheckpointError) as caught:
        checkpoints.load(NAME)
    check_sentence(caught.value, file)


@pytest.mark.parametrize("file", FILES)
def test_a_folder_in_place_of_a_file_is_noticed(folder: Path, file: str) -> None:
    (folder / file).unlink()
    (folder / file).mkdir()
    with pytest.raises(MissingFile) as caught:
        checkpoints.load(NAME)
    check_sentence(caught.value, file)


@pytest.mark.parametrize("file", [checkpoints.CARD, checkpoints.CONFIG])
def test_a_huge_text_is_not_read(folder: Path, file: str) -> None:
    (folder / file).write_bytes(b" " * (checkpoints.MAX_TEXT + 1))
    sign_again(folder)
    with pytest.raises(BadConfig) as caught:
        checkpoints.load(NAME)
    check_sentence(caught.value, file)


@pytest.mark.parametrize("entry", ["../secret", "/etc/passwd", "sub/file"])
def test_a_manifest_cannot_name_files_elsewhere(folder: Path, entry: str) -> None:
    manifest = json.loads((folder / checkpoints.MANIFEST).read_text())
    (folder / checkpoints.MANIFEST).write_text(json.dumps({**manifest, entry: "0" * 64}))
    with pytest.raises(BadConfig) as caught:
        checkpoints.load(NAME)
    check_sentence(caught.value, checkpoints.MANIFEST)


@pytest.mark.parametrize("file", [checkpoints.CONFIG, checkpoints.WEIGHTS, checkpoints.CARD])
def test_a_manifest_must_list_every_file(folder: Path, file: str) -> None:
    manifest = json.loads((folder / checkpoints.MANIFEST).read_text())
    del manifest[file]
    (folder / checkpoints.MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(MissingFile) as caught:
        checkpoints.load(NAME)
    check_sentence(caught.value, file)


# --- a stranger's folder, signed by the stranger ----------------------------------------------

FRONT_MATTER = [
    b"",
    b"no front matter",
    b"---\n---\n",
    b"---\n[]\n---\n",
    b"---\n7\n---\n",
    b"---\nnull\n---\n",
    b"---\n{}\n---\n",
    b"---\n" + b"[" * 100_000 + b"\n---\n",
    b'---\n{"scores": 1' + b"0" * 10_000 + b"}\n---\n",
    b"---\n\xff\xfe\n---\n",
]


@pytest.mark.parametrize("content", FRONT_MATTER, ids=lambda c: repr(c[:20]))
def test_a_garbage_card_is_refused(folder: Path, content: bytes) -> None:
    (folder / checkpoints.CARD).write_bytes(content)
    sign_again(folder)
    with pytest.raises(BadConfig) as caught:
        checkpoints.load(NAME)
    check_sentence(caught.value, checkpoints.CARD)
    assert NAME not in checkpoints.cards()
    assert NAME not in checkpoints.names(data="mnist")
    assert NAME in checkpoints.names()


SCORE = {"name": "mse", "value": 0.1, "unit": "", "higher_is_better": False,
         "baseline": 0.2, "baseline_name": "PCA"}  # fmt: skip
FIELDS: list[dict[str, Any]] = [
    {"title": 3},
    {"summary": ["a"]},
    {"licence": None},
    {"unknown": 1},
    {"seed": "zero"},
    {"seed": 0.5},
    {"parameters": None},
    {"parameters": True},
    {"seconds": float("nan")},
    {"seconds": float("inf")},
    {"limits": "one"},
    {"limits": [1]},
    {"scores": 3},
    {"scores": [3]},
    {"scores": [{}]},
    {"scores": [{**SCORE, "value": "low"}]},
    {"scores": [{**SCORE, "value": float("nan")}]},
    {"scores": [{**SCORE, "value": 10**400}]},
    {"scores": [{**SCORE, "name": 1}]},
    {"scores": [{**SCORE, "higher_is_better": "yes"}]},
    {"scores": [{**SCORE, "baseline": "none"}]},
    {"scores": [{**SCORE, "baseline": float("inf")}]},
    {"scores": [{**SCORE, "baseline_name": ["PCA"]}]},
]


@pytest.mark.parametrize("changes", FIELDS, ids=lambda c: str(c)[:60])
def test_a_card_with_a_field_of_the_wrong_type_is_refused(
    folder: Path, changes: dict[str, Any]
) -> None:
    edit_card(folder, **changes)
    with pytest.raises(BadConfig) as caught:
        checkpoints.load(NAME)
    check_sentence(caught.value, checkpoints.CARD)


def test_the_card_that_these_changes_start_from_is_sound(folder: Path) -> None:
    edit_card(folder, scores=[SCORE])
    assert checkpoints.load(NAME).card.scores == (checkpoints.Score(**SCORE),)


@pytest.mark.parametrize(
    "changes", [{"format": 1}, {"config": []}, {"family": "vae"}, {"family": None}], ids=str
)
def test_a_config_of_another_format_or_family_is_refused(
    folder: Path, changes: dict[str, Any]
) -> None:
    content = json.loads((folder / checkpoints.CONFIG).read_text())
    (folder / checkpoints.CONFIG).write_text(json.dumps({**content, **changes}))
    sign_again(folder)
    with pytest.raises(BadConfig) as caught:
        checkpoints.load(NAME)
    check_sentence(caught.value, checkpoints.CONFIG)


def test_a_family_that_nobody_knows_is_refused(folder: Path) -> None:
    target = folder.with_name("reformer.test")
    shutil.move(folder, target)
    content = json.loads((target / checkpoints.CONFIG).read_text())
    (target / checkpoints.CONFIG).write_text(json.dumps({**content, "family": "reformer"}))
    edit_card(target, family="reformer")
    with pytest.raises(LatentLabError, match="reformer"):
        checkpoints.load("reformer.test").load_model()


def with_config(folder: Path, **changes: Any) -> None:
    content = json.loads((folder / checkpoints.CONFIG).read_text())
    content["config"].update(changes)
    (folder / checkpoints.CONFIG).write_text(json.dumps(content))
    sign_again(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"encoder_widths": [65536] * 16},  # 275 GB of weights, were they allocated
        {"latent_size": 65536, "decoder_widths": [65536] * 16},
        {"image_shape": [65536, 65536, 65536]},
    ],
    ids=str,
)
def test_a_hostile_config_allocates_nothing(folder: Path, changes: dict[str, Any]) -> None:
    with_config(folder, **changes)
    with pytest.raises(CheckpointError) as caught:
        checkpoints.load(NAME).load_model()
    assert "\n" not in caught.value.message


def with_weights(folder: Path, tensors: dict[str, torch.Tensor]) -> None:
    save_file(tensors, folder / checkpoints.WEIGHTS)
    sign_again(folder)


def test_weights_that_are_not_those_of_the_config_are_refused(folder: Path) -> None:
    sound = load_file(folder / checkpoints.WEIGHTS)
    key = "encoder.1.weight"
    wrong = {
        "lacks": {k: v for k, v in sound.items() if k != key},
        "unknown tensor": {**sound, "backdoor": torch.zeros(3)},
        "(8, 783)": {**sound, key: sound[key][:, 1:].contiguous()},
        "float64": {**sound, key: sound[key].double()},
        "no numbers": {**sound, key: torch.full_like(sound[key], float("nan"))},
    }
    for words, tensors in wrong.items():
        with_weights(folder, tensors)
        with pytest.raises(WeightsMismatch) as caught:
            checkpoints.load(NAME).load_model()
        check_sentence(caught.value, words)
    infinite = {**sound, key: torch.full_like(sound[key], float("inf"))}
    with_weights(folder, infinite)
    with pytest.raises(WeightsMismatch, match=re.escape(key)):
        checkpoints.load(NAME).load_model()
    with_weights(folder, sound)
    checkpoints.load(NAME).load_model()


def test_half_precision_on_disk_is_single_precision_in_use(folder: Path) -> None:
    sound = load_file(folder / checkpoints.WEIGHTS)
    halves = {k: v.half() if v.is_floating_point() else v for k, v in sound.items()}
    with_weights(folder, halves)
    for key, tensor in checkpoints.load(NAME).load_model().state_dict().items():
        assert tensor.dtype == sound[key].dtype
        assert torch.equal(tensor, halves[key].to(tensor.dtype)), key


def test_further_files_are_in_the_manifest_and_come_back(folder: Path) -> None:
    card = checkpoints.read_card(NAME)
    network = small_network("autoencoder")
    further = {"vocabulary.txt": b"cat\nmat\n"}
    checkpoints.save(folder, network, card, statistics_for(3), reference_for(network), further)
    loaded = checkpoints.load(NAME)
    assert loaded.file("vocabulary.txt") == b"cat\nmat\n"
    for name in ("other.txt", "../vocabulary.txt", checkpoints.WEIGHTS):
        with pytest.raises(MissingFile):
            loaded.file(name)
    (folder / "vocabulary.txt").write_bytes(b"dog")
    with pytest.raises(WeightsMismatch, match=r"vocabulary\.txt"):
        checkpoints.load(NAME)


@pytest.mark.parametrize("name", ["../up.txt", ".hidden", "a/b", checkpoints.CONFIG, ""])
def test_further_files_of_odd_names_are_a_mistake(folder: Path, name: str) -> None:
    network = small_network("autoencoder")
    card = checkpoints.read_card(NAME)
    with pytest.raises(ValueError, match="holds no file"):
        checkpoints.save(folder, network, card, None, reference_for(network), {name: b""})


class Masked(DenseAutoencoder):
    """An autoencoder with a buffer that no file holds."""

    def __init__(self, config: DenseAutoencoderConfig) -> None:
        super().__init__(config)
        self.register_buffer("mask", torch.ones(5, 5).tril(), persistent=False)


def test_buffers_that_are_not_saved_are_there_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(families._entries, "autoencoder", Masked)
    mask = checkpoints.load(NAME).load_model().get_buffer("mask")
    assert torch.equal(mask, torch.ones(5, 5).tril())
    monkeypatch.setattr(checkpoints, "MAX_BUFFERS", 24)
    with pytest.raises(BadConfig):
        checkpoints.load(NAME).load_model()


def test_a_card_of_another_kind_is_refused(folder: Path) -> None:
    edit_card(folder, kind="generator")
    with pytest.raises(BadConfig, match="different kinds"):
        checkpoints.load(NAME).load_model()
    for changes in ({"kind": "oracle"}, {"modality": "text"}):
        edit_card(folder, **{"kind": "autoencoder", "modality": "images", **changes})
        with pytest.raises(BadConfig):
            checkpoints.load(NAME)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x04}q\x00.", b"\xff" * 64])
def test_weights_of_another_format_are_refused(folder: Path, content: bytes) -> None:
    for file, use in ((checkpoints.WEIGHTS, "load_model"), (checkpoints.STATISTICS, "statistics"),
                      (checkpoints.REFERENCE, "reference")):  # fmt: skip
        (folder / file).write_bytes(content)
        sign_again(folder)
        with pytest.raises(WeightsMismatch) as caught:
            getattr(checkpoints.load(NAME), use)()
        check_sentence(caught.value, file)


@pytest.mark.parametrize(
    "changes",
    [
        {"mean": None},
        {"backdoor": torch.zeros(3)},
        {"mean": torch.zeros(4)},
        {"std": torch.zeros(3, 1)},
        {"low": torch.full((3,), float("nan"))},
        {"directions": torch.eye(4)},
        {"direction_std": torch.ones(2)},
        {"importance": torch.ones(3, dtype=torch.int64)},
        {"high": torch.full((3,), -3.0)},
    ],
    ids=lambda c: next(iter(c)),
)
def test_statistics_that_cannot_be_are_refused(folder: Path, changes: dict[str, Any]) -> None:
    sound = load_file(folder / checkpoints.STATISTICS)
    tensors = {k: v for k, v in {**sound, **changes}.items() if v is not None}
    save_file(tensors, folder / checkpoints.STATISTICS)
    sign_again(folder)
    with pytest.raises(WeightsMismatch) as caught:
        checkpoints.load(NAME).statistics()
    check_sentence(caught.value, checkpoints.STATISTICS)


def test_a_link_to_a_device_is_not_read(folder: Path) -> None:
    (folder / checkpoints.CARD).unlink()
    (folder / checkpoints.CARD).symlink_to("/dev/zero")
    with pytest.raises(MissingFile) as caught:
        checkpoints.load(NAME)
    check_sentence(caught.value, checkpoints.CARD)


# --- the checkpoints that ship ----------------------------------------------------------------

SHIPPED = sorted(path.name for path in (ROOT / "checkpoints").glob("*.*") if path.is_dir())


@pytest.fixture
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LATENTLAB_CHECKPOINTS", raising=False)


def test_every_recipe_has_its_checkpoint() -> None:
    from latentlab.training.recipes import recipes

    assert set(SHIPPED) == set(recipes)


def test_nothing_that_ships_is_broken(only_ours: None) -> None:
    assert broken() == {}


def test_files_are_small_enough_for_a_repository() -> None:
    files = [path for path in (ROOT / "checkpoints").rglob("*") if path.is_file()]
    assert files
    assert max(path.stat().st_size for path in files) < 10e6
    assert sum(path.stat().st_size for path in files) < 100e6


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_checkpoint_reproduces_its_reference(name: str, only_ours: None) -> None:
    checkpoint = checkpoints.load(name)
    network, stored = checkpoint.load_model(), checkpoint.reference()
    with torch.inference_mode():
        if isinstance(network, Classifier):
            pairs = {"logits": network.logits(stored["images"])}
        elif isinstance(network, Denoiser):
            pairs = {"restored": network(stored["noisy"], stored["sigma"])}
        elif isinstance(network, SuperResolution):
            pairs = {"enlarged": network(stored["small"])}
        elif isinstance(network, ConditionalGAN):
            pairs = {"decoded": network.decode(stored["noise"], stored["classes"])}
        elif isinstance(network, CycleGAN):
            x = stored["images"]
            pairs = {"there": network.there(x), "back": network.back(x)}
        elif isinstance(network, SentenceModel):
            x, z = stored["sentences"], stored["latents"]
            pairs = {"latents": network.encode(x).mode()}
            pairs["log_likelihoods"] = network.log_likelihood(x, z)
        elif isinstance(network, SequenceLabeller):
            pairs = {"logits": network(stored["tokens"])}
        elif isinstance(network, TextNetwork):
            from latentlab import evaluation

            pairs = evaluation.reference(network, checkpoint.card.data)
        else:
            assert isinstance(network, LatentModel)
            pairs = {"decoded": network.decode(stored["latents"])}
        if isinstance(network, Autoencoder):
            pairs["latents"] = network.encode(stored["images"]).mode()
    for key, output in pairs.items():
        assert output.shape == stored[key].shape
        assert (output - stored[key]).abs().max() < 1e-4 * max(1, stored[key].abs().max()), key


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_card_is_complete(name: str, only_ours: None) -> None:
    from latentlab.models import count_parameters
    from latentlab.training.recipes import recipes

    checkpoint = checkpoints.load(name)
    card, recipe = checkpoint.card, recipes.get(name)
    network = checkpoint.load_model()
    assert network.config == recipe.config
    assert card.parameters == count_parameters(network)
    assert card.recipe == f"latentlab train {name}"
    assert (card.data, card.seed, card.kind) == (recipe.data, recipe.seed, type(network).kind)
    assert card.scores and card.limits and card.credit and card.machine and card.seconds > 0
    assert any(score.baseline is not None for score in card.scores)
    if isinstance(network, LatentModel | SentenceModel):
        assert checkpoint.statistics().mean.shape == (network.latent_size,)


# --- machines ---------------------------------------------------------------------------------


def test_line_endings_of_another_system_damage_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_checkpoint(tmp_path, "autoencoder.mine")
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))
    before = checkpoints.load("autoencoder.mine")
    for file in folder.iterdir():
        if file.suffix in (".json", ".md"):
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    after = checkpoints.load("autoencoder.mine")
    assert after.digest == before.digest and after.card == before.card


def test_git_gives_every_machine_the_same_bytes() -> None:
    wanted = {"README.md": "lf", "checkpoints/vae.mnist_k2/config.json": "lf"}
    for file, ending in wanted.items():
        said = subprocess.run(
            ["git", "check-attr", "eol", "--", file],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if said.returncode:
            pytest.skip("this is no checkout")
        assert said.stdout.strip().endswith(f"eol: {ending}")


def test_folders_that_nobody_may_look_into_have_no_checkpoints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, opened = tmp_path / "closed", tmp_path / "open"
    write_checkpoint(closed, "autoencoder.theirs")
    write_checkpoint(opened, "autoencoder.mine")
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", f"{closed}{os.pathsep}{opened}")
    scandir, stat, listdir = os.scandir, os.stat, os.listdir

    def refused(real: Any) -> Any:
        def look(path: Any = ".", *arguments: Any, **options: Any) -> Any:
            if str(path).startswith(str(closed)):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *arguments, **options)

        return look

    for name, real in (("scandir", scandir), ("stat", stat), ("listdir", listdir)):
        monkeypatch.setattr(os, name, refused(real))
    found = checkpoints.names()
    assert "autoencoder.mine" in found and "autoencoder.theirs" not in found
    assert checkpoints.load("autoencoder.mine").name == "autoencoder.mine"
    with pytest.raises(UnknownNameError):
        checkpoints.load("autoencoder.theirs")
