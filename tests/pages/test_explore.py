"""The Explore page, without a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
import small_models
from small_models import write_checkpoint

from latentlab import checkpoints, images
from latentlab.data import datasets

FAMILIES = ("autoencoder", "denoising_autoencoder", "vae", "gan")


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> Path:
    """Small untrained models of the kinds that the page treats differently; no others."""
    for family in FAMILIES:
        write_checkpoint(tmp_path, f"{family}.test")
    monkeypatch.setitem(small_models.SMALL["autoencoder"], "latent_size", 2)
    write_checkpoint(tmp_path, "autoencoder.plane")
    write_checkpoint(tmp_path, "vae.faces", data="toon_faces", image_shape=(3, 64, 64))
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    return tmp_path


def button(app, label: str):
    return next(button for button in app.button if button.label == label)


def hero(app) -> str:
    """The caption below the large picture."""
    drawn = [image.proto.imgs[0] for image in app.image]
    return next(image.caption for image in drawn if image.alt.startswith("the picture decoded"))


@pytest.mark.parametrize("view", ["pca", "traversal", "nearest"])
@pytest.mark.parametrize("name", [*(f"{f}.test" for f in FAMILIES), "autoencoder.plane"])
def test_every_kind_of_model_opens_in_every_view(
    zoo: Path, open_page: Callable, name: str, view: str
) -> None:
    for drawn_by in ("network", "pca"):
        app = open_page("explore", explore_model=name, z_view=view, z_by=drawn_by)
        assert not app.exception and not app.error and not app.warning
        assert app.slider


def test_colour_models_open_too(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="vae.faces")
    assert not app.exception and not app.error


def test_a_slider_moves_the_code_and_the_link_holds_it(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="autoencoder.test")
    assert "z" not in app.query_params
    before = [slider.value for slider in app.slider]
    app.slider[1].set_value(1.5).run()
    after = [slider.value for slider in app.slider]
    assert after[1] == pytest.approx(1.5)
    assert [after[0], after[2]] == pytest.approx([before[0], before[2]], abs=1e-3)  # as in a link
    assert "moved away" in hero(app)

    again = open_page("explore", explore_model="autoencoder.test", z=app.query_params["z"])
    assert [slider.value for slider in again.slider] == pytest.approx(after, abs=1e-3)

    button(app, "Reset").click().run()
    assert [slider.value for slider in app.slider] == pytest.approx(before)
    assert "z" not in app.query_params


def test_directions_and_dimensions_show_the_same_code(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="autoencoder.test", z="0.5,-0.25,1.0")
    values = [slider.value for slider in app.slider]
    app.segmented_control(key="z_axes").set_value("directions").run()
    assert app.slider[0].label.startswith("**direction 1**")
    app.slider[0].set_value(0.0).run()
    app.segmented_control(key="z_axes").set_value("dimensions").run()
    # The directions of the test's statistics are the dimensions themselves.
    assert [slider.value for slider in app.slider] == pytest.approx([0.0, *values[1:]], abs=1e-3)


def test_a_code_of_many_numbers_is_linked_by_its_directions(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="denoising_autoencoder.test")
    app.slider[2].set_value(2.5).run()
    link = app.query_params["z"]
    assert len(link.split(",")) == 16
    again = open_page("explore", explore_model="denoising_autoencoder.test", z=link)
    assert [slider.value for slider in again.slider] == pytest.approx(
        [slider.value for slider in app.slider], abs=2e-3
    )


def test_random_draws_differ_and_are_in_the_link(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="vae.test")
    button(app, "Random draw").click().run()
    first = [slider.value for slider in app.slider]
    assert app.query_params["z_start"] == "random-0"
    button(app, "Random draw").click().run()
    assert app.query_params["z_start"] == "random-1"
    second = [slider.value for slider in app.slider]
    assert second != first
    again = open_page("explore", explore_model="vae.test", z_start="random-1")
    assert [slider.value for slider in again.slider] == second
    button(app, "Average").click().run()
    assert [slider.value for slider in app.slider] == pytest.approx([0, 0, 0])


def test_another_start_or_model_forgets_the_sliders(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="autoencoder.test", z="1,1,1")
    button(app, "Average").click().run()
    assert "z" not in app.query_params
    assert [slider.value for slider in app.slider] == pytest.approx([0, 0, 0])


def test_a_gan_says_that_it_cannot_encode(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="gan.test", z_view="nearest")
    assert button(app, "A picture").disabled
    assert any("no encoder" in caption.value for caption in app.caption)
    app.selectbox(key="explore_model").set_value("vae.test").run()
    assert not button(app, "A picture").disabled
    assert "the code of a test picture" in hero(app)


def test_a_reconstruction_stands_beside_pca(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="autoencoder.test")
    table = next(html.proto.body for html in app.get("html") if "<table" in html.proto.body)
    assert "PCA, 3 components" in table
    assert table.count("class='best'") == 1
    assert "On the whole test split: 0.0400, PCA, 3 components 0.0500" in table


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ({"z": "1,nan,2"}, "Code z"),
        ({"z": "1,2"}, "Code z"),
        ({"z": "inf,0,0"}, "Code z"),
        ({"z": "'; drop table"}, "Code z"),
        ({"z_start": "random--1"}, "Start"),
        ({"z_start": "random-٣"}, "Start"),
        ({"z_start": "nowhere"}, "Start"),
        ({"z_by": "magic"}, "Drawn by"),
        ({"z_view": "<script>"}, "Look closer"),
        ({"explore_model": "no.such"}, "Model"),
        ({"explore_pic": "NaN"}, "Picture"),
    ],
)
def test_garbage_in_the_address_gives_a_sentence_and_the_default(
    zoo: Path, open_page: Callable, address: dict[str, str], named: str
) -> None:
    app = open_page("explore", **{"explore_model": "autoencoder.test", **address})
    assert not app.exception and not app.error
    assert len(app.warning) == 1 and named in app.warning[0].value
    assert app.slider


def test_without_a_model_the_page_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None, open_page: Callable
) -> None:
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    app = open_page("explore")
    assert not app.exception
    assert app.subheader[0].value == "No trained model here yet"


def test_a_damaged_model_is_one_sentence_and_the_choice_stays(
    zoo: Path, open_page: Callable
) -> None:
    weights = zoo / "vae.test" / checkpoints.WEIGHTS
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    app = open_page("explore", explore_model="vae.test")
    assert not app.exception
    assert len(app.error) == 1 and checkpoints.WEIGHTS in app.error[0].value
    app.selectbox(key="explore_model").set_value("gan.test").run()
    assert not app.error and app.slider


@pytest.mark.parametrize("drawn_by", ["network", "pca"])
@pytest.mark.parametrize("name", ["autoencoder.test", "gan.test"])
def test_the_code_that_is_shown_runs(
    zoo: Path, open_page: Callable, name: str, drawn_by: str
) -> None:
    app = open_page("explore", explore_model=name, z_by=drawn_by)
    values: dict[str, object] = {}
    exec(app.code[0].value, values)
    assert values["picture"].shape == (1, 28, 28)


def test_an_upload_becomes_the_start_and_a_bad_one_one_sentence(
    zoo: Path, open_page: Callable
) -> None:
    digit = images.to_png(datasets.get("mnist").samples().tensor(slice(3, 4))[0], scale=8)
    app = open_page("explore", explore_model="vae.test", explore_pic_from="upload")
    sample = [slider.value for slider in app.slider]
    app.file_uploader[0].set_value(("me.png", digit, "image/png")).run()
    assert not app.exception and not app.error
    assert "me" in hero(app) and "png" in hero(app)
    assert [slider.value for slider in app.slider] != sample
    app.file_uploader[0].set_value(("bad.png", b"<svg onload=alert(1)>", "image/png")).run()
    assert not app.exception
    assert len(app.error) == 1 and "bad" in app.error[0].value
    assert [slider.value for slider in app.slider] == sample
