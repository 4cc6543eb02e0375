"""The Models page, without a browser, and what it writes on a card."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from small_models import card_for, small_network, write_checkpoint

from latentlab import checkpoints
from latentlab.checkpoints import Score
from latentlab.ui.app import contents
from latentlab.ui.models import card_html

NAMES = ("autoencoder.mnist_k3", "classifier.mnist", "denoising_autoencoder.mnist", "gan.mnist_k3")
BETTER = Score("mse", 0.01, "", False, 0.02, "PCA")


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> Path:
    """One small model of each kind for MNIST, and a VAE for the faces; no others."""
    for name in NAMES:
        write_checkpoint(tmp_path, name)
    write_checkpoint(tmp_path, "vae.toon_faces_k3", data="toon_faces", image_shape=(3, 64, 64))
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    return tmp_path


def shown(app) -> list[str]:
    """Names of the models whose cards are drawn."""
    return re.findall(r"<code>(.*?)</code>", " ".join(part.body for part in app.get("html")))


# --- the page ---------------------------------------------------------------------------------


def test_every_model_of_a_data_set_has_a_card_with_its_picture(
    zoo: Path, open_page: Callable
) -> None:
    app = open_page("models")
    assert not app.exception and not app.error and not app.warning
    assert shown(app) == list(NAMES)
    assert len(app.image) == len(NAMES)
    assert app.image[0].captions[0] == "test pictures · given back"
    assert app.image[1].captions[0].startswith("classified: ")
    assert len(app.dataframe) == 1 and len(app.dataframe[0].value) == 2 * len(NAMES)


def test_a_link_filters_by_data_set_and_family(zoo: Path, open_page: Callable) -> None:
    assert shown(open_page("models", models_data="toon_faces")) == ["vae.toon_faces_k3"]
    both = open_page("models", models_data="all", models_family="vae,gan")
    assert shown(both) == ["gan.mnist_k3", "vae.toon_faces_k3"]


def test_models_of_a_study_are_shown_to_whoever_asks_for_them(
    zoo: Path, open_page: Callable
) -> None:
    studied, alone = "autoencoder.mnist_stack_k3", "sparse_autoencoder.mnist_k3"
    for name in (studied, alone):
        write_checkpoint(zoo, name)
        loaded = checkpoints.load(name)
        checkpoints.write_card(loaded.folder, replace(loaded.card, study="a study"))
    assert shown(open_page("models")) == list(NAMES)
    with_studies = shown(open_page("models", models_studies="true"))
    assert set(with_studies) == {*NAMES, studied, alone}
    # A family that others have, too, is asked for as usual; one that studies alone have is shown.
    assert shown(open_page("models", models_family="autoencoder")) == [NAMES[0]]
    assert shown(open_page("models", models_family="sparse_autoencoder")) == [alone]


def test_families_that_a_data_set_lacks_are_not_offered_for_it(
    zoo: Path, open_page: Callable
) -> None:
    app = open_page("models", models_data="toon_faces", models_family="gan")
    assert len(app.warning) == 1 and not app.exception
    assert shown(app) == ["vae.toon_faces_k3"]


def test_data_that_studies_alone_have_is_shown(zoo: Path, open_page: Callable) -> None:
    write_checkpoint(zoo, "autoencoder.emoji_k3", "emoji", (3, 64, 64))
    loaded = checkpoints.load("autoencoder.emoji_k3")
    checkpoints.write_card(loaded.folder, replace(loaded.card, study="a study"))
    assert shown(open_page("models", models_data="emoji")) == ["autoencoder.emoji_k3"]


@pytest.mark.parametrize(
    "address",
    [{"models_data": "NaN"}, {"models_family": "../../etc"}, {"models_data": "<script>"}],
    ids=str,
)
def test_garbage_in_the_address_is_left_out_with_one_sentence(
    zoo: Path, open_page: Callable, address: dict[str, str]
) -> None:
    app = open_page("models", **address)
    assert not app.exception and not app.error
    assert len(app.warning) == 1 and shown(app) == list(NAMES)


def test_a_card_leads_to_the_pages_that_can_use_the_model(zoo: Path, open_page: Callable) -> None:
    app = open_page("models")
    links = {(link.proto.label, link.proto.query_string) for link in app.get("page_link")}
    for name in NAMES:
        abilities = checkpoints.read_card(name).abilities
        for page in ("denoise", "explore", "interpolate"):
            possible = "encodes" in abilities or ("decodes" in abilities and page != "denoise")
            assert ((page.title(), f"{page}_model={name}") in links) == possible


def test_a_denoiser_of_photographs_leads_to_its_bench(
    zoo: Path, tmp_path: Path, open_page: Callable
) -> None:
    write_checkpoint(tmp_path, "photo_denoiser.mine", "photographs", (3, 16, 16))
    app = open_page("models", models_data="photographs")
    assert "Photographs" in app.segmented_control(key="models_data").options
    (link,) = app.get("page_link")
    wanted = {"denoise_of": "photographs", "denoise_photo_model": "photo_denoiser.mine"}
    assert dict(parse_qsl(link.proto.query_string)) == wanted


def test_a_link_from_a_card_chooses_that_model_there(zoo: Path, open_page: Callable) -> None:
    for page in ("explore", "interpolate"):
        app = open_page(page, **{f"{page}_model": "gan.mnist_k3"})
        assert not app.exception and not app.error and not app.warning
        (box,) = [box for box in app.selectbox if box.key == f"{page}_model"]
        assert box.value == "gan.mnist_k3"


def test_a_broken_folder_is_named_and_the_others_stay(zoo: Path, open_page: Callable) -> None:
    (zoo / "gan.mnist_k3" / checkpoints.WEIGHTS).write_bytes(b"damaged")
    app = open_page("models")
    assert not app.exception
    assert [warning.value.replace("\\", "") for warning in app.warning] == [
        "gan.mnist_k3: the file model.safetensors is damaged: its sha256 is not the one in "
        "manifest.json. Get the folder again, or remake it with its recipe."
    ]
    assert shown(app) == [name for name in NAMES if name != "gan.mnist_k3"]


def test_a_model_that_cannot_be_drawn_keeps_its_card(zoo: Path, open_page: Callable) -> None:
    write_checkpoint(zoo, "autoencoder.other", data="cats")
    write_checkpoint(zoo, "autoencoder.wide", image_shape=(1, 32, 32))
    app = open_page("models", models_data="all")
    assert not app.exception
    assert {"autoencoder.other", "autoencoder.wide"} <= set(shown(app))
    sentences = " ".join(warning.value.replace("\\", "") for warning in app.warning)
    assert "cats" in sentences and "1, 32, 32)" in sentences


def test_without_any_model_the_page_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None, open_page: Callable
) -> None:
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    app = open_page("models")
    assert not app.exception and not app.error
    assert app.subheader[0].value == "No trained model here yet"
    assert app.code[0].value == "latentlab train --all"


def test_a_strangers_card_cannot_write_html_or_markdown(zoo: Path, open_page: Callable) -> None:
    nasty = "<img src=x onerror=alert(1)> ![x](http://evil.example/x.png)"
    folder = zoo / "autoencoder.mnist_k3"
    card = replace(
        checkpoints.read_card(folder.name),
        title=nasty,
        summary=nasty,
        licence=nasty,
        credit=nasty,
        machine=nasty,
        limits=(nasty,),
        scores=(Score(nasty, 1.0, nasty, True, 2.0, nasty),),
    )
    checkpoints.write_card(folder, card)
    app = open_page("models")
    assert not app.exception
    for part in app.get("html"):
        assert "<img" not in part.body, part.body[part.body.index("<img") - 200 :][:300]
    written = [text.value for text in (*app.markdown, *app.caption) if "evil" in text.value]
    assert len(written) == 2  # machine and limit
    for text in written:
        assert not re.search(r"(?<!\\)[<>\[\]]", text), text


def test_the_code_that_is_shown_runs(
    zoo: Path, open_page: Callable, capsys: pytest.CaptureFixture[str]
) -> None:
    code = open_page("models").code[-1].value
    assert "checkpoints.cards()" in code
    exec(compile(code, "models page", "exec"), {})
    assert "autoencoder.mnist_k3 mse 0.04 to beat: 0.05 PCA" in capsys.readouterr().out


# --- what a card says -------------------------------------------------------------------------


def test_the_winner_is_whoever_is_better() -> None:
    assert card_html.winner(BETTER) == "model"
    assert card_html.winner(replace(BETTER, value=0.03)) == "baseline"
    assert card_html.winner(replace(BETTER, higher_is_better=True)) == "baseline"
    assert card_html.winner(replace(BETTER, value=0.020001)) == "tie"  # 0.02000 both
    assert card_html.winner(replace(BETTER, baseline=None, baseline_name=None)) is None


@pytest.mark.parametrize(
    ("value", "best"), [(0.01, ["0.01000"]), (0.03, ["0.02000"]), (0.02, ["0.02000", "0.02000"])]
)
def test_the_better_number_of_a_row_is_marked(value: float, best: list[str]) -> None:
    rows = card_html.score_rows([replace(BETTER, value=value)])
    assert re.findall(r"class='best'><em>best</em> ([0-9.]+)", rows) == best
    assert "PCA" in rows


def test_numbers_are_read_as_people_write_them() -> None:
    assert card_html.number(0.0084123, "") == "0.008412"
    assert card_html.number(86.764, "nats") == "86.76 nats"
    assert card_html.number(0.0751, "share") == "7.5 %"
    assert card_html.number(float("nan"), "dB") == "–"


def test_the_table_and_its_file_hold_every_score() -> None:
    card = card_for(small_network("autoencoder"), "autoencoder")
    rows = card_html.table({"autoencoder.a": card})
    assert [(row["score"], row["winner"]) for row in rows] == [
        ("mse", "model"), ("10-NN accuracy", "baseline"),
    ]  # fmt: skip
    read = list(csv.DictReader(io.StringIO(card_html.to_csv(rows).decode("utf-8-sig"))))
    assert [(row["model"], float(row["value"]), float(row["to beat"])) for row in read] == [
        ("autoencoder.a", 0.04, 0.05), ("autoencoder.a", 0.5, 0.6),
    ]  # fmt: skip
    assert json.loads(json.dumps(rows)) == rows


def test_a_spreadsheet_runs_nothing_from_a_card() -> None:
    card = card_for(small_network("autoencoder"), "autoencoder")
    nasty = replace(card, scores=(Score("=1+1", 1.0, "@x", True, -2.0, "-cmd"),))
    text = card_html.to_csv(card_html.table({"a": nasty})).decode("utf-8-sig")
    assert ",'=1+1," in f",{text}" and "'@x" in text and "'-cmd" in text and ",-2.0," in text


def test_pages_that_cards_lead_to_exist() -> None:
    assert {"denoise", "explore", "interpolate"} <= {entry.name for entry in contents.PAGES}
