"""The Embeddings page, without a browser."""

import base64
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import small_models
from browser_reports import report
from small_models import write_checkpoint

from latentlab import checkpoints, experiments
from latentlab.latents.projections import UMAPMap
from latentlab.ui.embeddings import results, selection

FEW = {"embeddings_points": 200}


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> Path:
    """Small untrained encoders, with codes of two and of three numbers; no others."""
    write_checkpoint(tmp_path, "autoencoder.mnist_k3")
    write_checkpoint(tmp_path, "vae.faces", data="toon_faces", image_shape=(3, 64, 64))
    write_checkpoint(tmp_path, "classifier.mnist")
    for family in ("autoencoder", "vae"):
        monkeypatch.setitem(small_models.SMALL[family], "latent_size", 2)
        write_checkpoint(tmp_path, f"{family}.mnist_k2")
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    return tmp_path


def calm(app) -> bool:
    return not app.exception and not app.error and not app.warning


def clouds(app) -> list[dict]:
    """What the planes in the browser are told."""
    found = [found.proto for found in app.get("bidi_component")]
    return [json.loads(p.json) for p in found if p.component_name == "latentlab.point_cloud"]


def flags(app, plane: int = 0) -> np.ndarray:
    """Which points of a plane stand out."""
    bits = np.frombuffer(base64.b64decode(clouds(app)[plane]["chosen"]), np.uint8)
    return np.unpackbits(bits, count=clouds(app)[plane]["count"], bitorder="little")


def planes(app) -> list[str]:
    """The headings of the planes that are drawn."""
    return [heading.value for heading in app.header]


def test_the_names_of_the_planes_are_headings_and_no_stops_for_the_keyboard(open_page) -> None:
    app = open_page("embeddings", embeddings_points="200", embeddings_planes="pca,autoencoder_k2")
    headings = list(app.header)
    assert [heading.value for heading in headings] == ["PCA", "Autoencoder, k = 2"]
    assert {heading.tag for heading in headings} == {"h2"}  # after the page's own h1
    assert all(heading.proto.hide_anchor for heading in headings)


def rows(app) -> list[str]:
    """The labels beside the selected pictures."""
    return [text.value for text in app.markdown if text.value.startswith("**")]


def table(app) -> str:
    return next(html.value for html in app.get("html") if "figure class='scores'" in html.value)


def test_opens_with_pca_beside_the_encoders_of_two_numbers(zoo: Path, open_page: Callable) -> None:
    app = open_page("embeddings", **FEW)
    assert calm(app)
    assert planes(app) == ["PCA", "Autoencoder, k = 2", "VAE, k = 2"]
    assert len(clouds(app)) == 3
    assert len(app.get("plotly_chart")) == 1  # the error over k
    assert table(app).count("best") >= 3
    assert any("Select points" in info.value for info in app.info)


def test_a_link_brings_back_planes_points_classes_and_selection(
    zoo: Path, open_page: Callable
) -> None:
    ids = results.drawn("mnist", 200).ids[[3, 5]]
    app = open_page(
        "embeddings",
        **FEW,
        embeddings_planes="pca,codes",
        embeddings_picked=f"{ids[0]},{ids[1]}",
        embeddings_classes="4,9",
    )
    assert calm(app)
    assert planes(app) == ["PCA", "Autoencoder, k = 3 → PCA"]
    assert rows(app)[0].startswith("**2 selected**")
    assert len(app.get("imgs") or app.get("image")) == 3  # pictures, and what each plane makes
    assert sum("**best**" in row for row in rows(app)) == 1
    next(button for button in app.button if button.label == "Clear").click().run()
    assert calm(app) and "embeddings_picked" not in app.query_params
    assert any("Select points" in info.value for info in app.info)


def test_a_selection_in_one_plane_is_highlighted_in_the_others(
    zoo: Path, open_page: Callable
) -> None:
    ids = results.drawn("mnist", 200).ids[:2].tolist()
    app = open_page("embeddings", **FEW, embeddings_picked=f"{ids[0]},{ids[1]}")
    for plane in range(3):
        assert flags(app, plane).nonzero()[0].tolist() == [0, 1]


def picked(app, *positions: int, n: int = 1, crowd: str | None = None) -> dict[str, object]:
    """What the browser reports of a lasso around these points."""
    chosen = np.zeros(clouds(app)[0]["count"], bool)
    chosen[list(positions)] = True
    bits = base64.b64encode(np.packbits(chosen, bitorder="little").tobytes()).decode()
    return {"n": n, "crowd": clouds(app)[0]["crowd"] if crowd is None else crowd, "bits": bits}


def test_a_lasso_travels_as_one_bit_a_point(zoo: Path, open_page: Callable) -> None:
    app = open_page("embeddings", **FEW)
    report(app, "point_cloud", picked=picked(app, *range(5, 105), n=7))
    assert calm(app)
    assert rows(app)[0].startswith("**100 selected**")
    for plane in range(3):
        assert flags(app, plane).nonzero()[0].tolist() == list(range(5, 105))
    assert {cloud["handled"] for cloud in clouds(app)} == {7}
    assert max(len(json.dumps(cloud)) for cloud in clouds(app)) < 4000, "told with every run"


@pytest.mark.parametrize(
    "change",
    [
        {"crowd": "other"},
        {"bits": "AAAA"},
        {"bits": 3},
        {"bits": "é" * 36},
        {"n": -1},
        {"n": True},
        {"n": 1e99},
    ],
)
def test_a_report_that_makes_no_sense_selects_nothing(change: dict[str, object]) -> None:
    good = {"n": 3, "crowd": "this", "bits": base64.b64encode(bytes([5] + [0] * 24)).decode()}
    found = selection.read_report(good, "this", 200)
    assert found is not None and found[1] == 3 and np.flatnonzero(found[0]).tolist() == [0, 2]
    assert selection.read_report({**good, **change}, "this", 200) is None
    assert selection.read_report(None, "this", 200) is None


def test_the_one_selected_picture_can_be_followed(zoo: Path, open_page: Callable) -> None:
    app = open_page("embeddings", **FEW)
    number = int(results.drawn("mnist", 200).ids[30])
    report(app, "point_cloud", picked=picked(app, 30))
    button = next(b for b in app.button if b.label == f"Follow test picture {number}")
    button.click().run()
    assert calm(app)
    assert app.toggle(key="embeddings_follow").value is True
    assert app.query_params["embeddings_pic"] == str(number)
    place = results.embedding("mnist", 200, None).points[30]
    assert clouds(app)[0]["star"] == pytest.approx(place.tolist())


def test_pictures_can_stand_for_the_dots(zoo: Path, open_page: Callable) -> None:
    app = open_page("embeddings", **FEW, embeddings_as_pictures="true")
    assert calm(app) and all(cloud["pictures"] for cloud in clouds(app))
    assert not any(cloud["pictures"] for cloud in clouds(open_page("embeddings", **FEW)))


def test_every_picture_is_on_a_sheet() -> None:
    from PIL import Image

    sheets = results.sheets("mnist", 700)
    assert len(sheets) == 2
    drawn = results.drawn("mnist", 700)
    sheet = np.asarray(Image.open(io.BytesIO(sheets[1])).convert("L"), int)
    row, column = divmod(612 - results.SHEET, results.COLUMNS)
    cut = sheet[28 * row : 28 * row + 28, 28 * column : 28 * column + 28]
    assert np.abs(cut - drawn.images[612, 0]).mean() < 12
    assert np.abs(cut - drawn.images[611, 0]).mean() > 12


def test_colours_and_faces_work_too(zoo: Path, open_page: Callable) -> None:
    app = open_page("embeddings", embeddings_data="toon_faces", **FEW)
    assert calm(app)
    assert planes(app) == ["PCA", "VAE, k = 3 → PCA"]
    cloud = clouds(app)[0]
    assert cloud["colours"][0] == "#2c1b18", "black hair is black"
    assert cloud["edged"], "and so may be the ground"
    assert any("64 × 64 pixels in 3 colours" in text.value for text in app.markdown)
    assert any("12,288 dimensions" in text.value for text in app.markdown)


def test_the_table_names_no_winner_of_a_race_that_was_not_run(
    zoo: Path, open_page: Callable
) -> None:
    assert "Time" not in table(open_page("embeddings", **FEW))


def test_a_sample_is_followed_by_a_star(zoo: Path, open_page: Callable) -> None:
    app = open_page("embeddings", **FEW, embeddings_follow="true")
    assert calm(app)
    for cloud in clouds(app):
        assert len(cloud["star"]) == 2
        assert "mse" in cloud["followed"]["text"]  # what each plane makes of it
        assert cloud["followed"]["pair"].startswith("data:image/png;base64,")


def spec(app) -> dict:
    """The last chart, which is the error over k."""
    return json.loads(app.get("plotly_chart")[-1].proto.spec)


def test_the_error_over_k_is_that_of_the_experiment(zoo: Path, open_page: Callable) -> None:
    app = open_page("embeddings", **FEW)
    ours = experiments.load("bottleneck").curve("autoencoder.mnist.error")
    traces = {trace["name"]: trace for trace in spec(app)["data"]}
    assert set(traces) == {"PCA", "Autoencoder", "VAE, k = 2"}
    assert traces["Autoencoder"]["x"] == list(ours.x)
    assert traces["Autoencoder"]["y"] == pytest.approx(ours.mean)
    assert traces["Autoencoder"]["error_y"]["array"] == pytest.approx(ours.spread)
    assert "error_y" not in traces["PCA"]
    assert any(f"Means of {len(ours.values)} seeds" in text.value for text in app.caption)


def test_a_single_seed_has_no_spread(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = experiments.load("bottleneck")
    curves = tuple(replace(curve, values=curve.values[:1]) for curve in shipped.curves)
    one = replace(shipped, seeds=(0,), curves=curves)
    monkeypatch.setattr(experiments, "load", lambda name: one)
    app = open_page("embeddings", **FEW)
    traces = {trace["name"]: trace for trace in spec(app)["data"]}
    found = one.curve("autoencoder.mnist.error")
    assert traces["Autoencoder"]["y"] == pytest.approx(found.mean)
    assert "error_y" not in traces["Autoencoder"]
    assert any("One seed" in text.value for text in app.caption)


def test_a_damaged_result_takes_the_curve_alone(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "bottleneck.json").write_text("{}")
    monkeypatch.setattr(experiments.base, "RESULTS", tmp_path / "results")
    app = open_page("embeddings", **FEW)
    assert not app.exception and len(app.error) == 1
    assert "bottleneck.json" in app.error[0].value.replace("\\", "")  # as markdown
    assert len(clouds(app)) == 3 and app.code


def test_slow_plane_waits_its_turn_and_then_stands_beside_the_others(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    from latentlab.ui.shared.background import Background, Progress

    asked = []

    def ask(self, key, work):
        asked.append(key)
        return Progress(None, False, 12.0, 0)

    with monkeypatch.context() as patch:
        patch.setattr(Background, "ask", ask)
        app = open_page(
            "embeddings", **FEW, embeddings_planes="pca,tsne", embeddings_perplexity="5"
        )
        assert calm(app)
        assert any("12 s" in text.value for text in app.markdown)
        assert asked and set(asked) == {("tsne", "mnist", 200, 5)}
        assert table(app).count("–") >= 3
    at_once = Background(inline=True)
    monkeypatch.setattr(results, "background", lambda: at_once)
    app.run()
    assert calm(app)
    assert not any("so far" in text.value for text in app.markdown)
    assert len(clouds(app)) == 2


def test_missing_umap_says_what_to_install(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    from latentlab.ui.shared.background import Background

    at_once = Background(inline=True)
    monkeypatch.setattr(UMAPMap, "available", classmethod(lambda cls: False))
    monkeypatch.setattr(results, "background", lambda: at_once)
    app = open_page("embeddings", **FEW, embeddings_planes="pca,umap")
    assert not app.exception
    assert planes(app) == ["PCA", "UMAP (not installed)"]
    assert "pip install" in app.error[0].value
    assert len(clouds(app)) == 1


def test_without_checkpoints_the_classical_planes_remain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None, open_page: Callable
) -> None:
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    app = open_page("embeddings", **FEW)
    assert calm(app)
    assert planes(app) == ["PCA"]


def test_damaged_checkpoint_gets_one_sentence_and_the_rest_works(
    zoo: Path, open_page: Callable
) -> None:
    weights = zoo / "vae.mnist_k2" / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    app = open_page("embeddings", **FEW)
    assert not app.exception and not app.error
    assert len(app.warning) == 1 and "model.safetensors" in app.warning[0].value
    assert planes(app) == ["PCA", "Autoencoder, k = 2"]


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ("embeddings_points", "nan"),
        ("embeddings_points", "1e9"),
        ("embeddings_planes", "pca,mind_reading"),
        ("embeddings_picked", "1,,2"),
        ("embeddings_picked", "-4"),
        ("embeddings_picked", "99999999"),
        ("embeddings_classes", "11"),
        ("embeddings_data", "../../etc/passwd"),
        ("embeddings_model", "<script>"),
        ("embeddings_perplexity", "7"),
        ("embeddings_select_by", "telepathy"),
        ("embeddings_follow", "maybe"),
    ],
)
def test_garbage_in_the_address_gives_one_sentence(
    zoo: Path, open_page: Callable, setting: str, text: str
) -> None:
    address = {**FEW, setting: text}
    if setting == "embeddings_model":  # asked for with its plane alone
        address["embeddings_planes"] = "codes"
    if setting == "embeddings_perplexity":
        from latentlab.ui.shared.background import Background, Progress

        address["embeddings_planes"] = "tsne"
        with pytest.MonkeyPatch.context() as patch:
            waiting = Progress(None, False, 0.0, 1)
            patch.setattr(Background, "ask", lambda self, key, work: waiting)
            app = open_page("embeddings", **address)
    else:
        app = open_page("embeddings", **address)
    assert not app.exception and not app.error
    assert len(app.warning) == 1 and "left out" in app.warning[0].value


def test_no_plane_at_all_is_a_choice(zoo: Path, open_page: Callable) -> None:
    app = open_page("embeddings", **FEW, embeddings_planes="none")
    assert calm(app)
    assert any(title.value == "No plane chosen" for title in app.subheader)


def test_points_as_csv(zoo: Path) -> None:
    from latentlab.ui.embeddings import planes as page
    from latentlab.ui.embeddings import scores

    sizes, failures = page.encoders("mnist")
    assert not failures
    offered = page.offered("mnist", sizes, None)
    setting = page.Setting("mnist", 50, 30)
    pictures = results.drawn("mnist", 50)
    shown = [offered["pca"], offered["autoencoder_k2"]]
    file = scores.as_csv(shown, page.Asked(setting), pictures, tuple("0123456789"))
    lines = file.decode().splitlines()
    assert lines[0] == ("test_picture,label,class,pca_x,pca_y,autoencoder_k2_x,autoencoder_k2_y")
    assert len(lines) == 51
    number, label, name, x, *_ = lines[1].split(",")
    assert int(number) == pictures.ids[0] and int(label) == pictures.labels[0] and name == label
    assert float(x) == pytest.approx(results.embedding("mnist", 50, None).points[0, 0], rel=1e-4)


def test_the_code_that_is_shown_runs(zoo: Path, open_page: Callable, capsys) -> None:
    app = open_page("embeddings", **FEW)
    exec(app.code[0].value, {})
    assert "Quality(" in capsys.readouterr().out
