"""The frame: links that hold choices, the error boundary, checkpoint choice, page furniture."""

import logging
import re
from dataclasses import replace
from html import escape, unescape
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from latentlab import checkpoints
from latentlab.checkpoints import ModelCard
from latentlab.ui.app import contents
from latentlab.ui.shared import widgets
from latentlab.ui.shared.entry import Entry

ROOT = Path(__file__).resolve().parents[2]

CARD = ModelCard(
    title="VAE, 16 numbers",
    summary="A convolutional VAE. ![x](http://example.org/x.png)",
    family="vae",
    kind="variational_autoencoder",
    modality="images",
    data="own",
    tag="",
    latent_size=16,
    licence="MIT",
    credit="nobody",
    recipe="latentlab train vae.one",
    seed=0,
    parameters=1,
    seconds=1.0,
    machine="none",
)


@pytest.fixture
def two_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> None:
    """Two checkpoint folders that hold nothing but a card."""
    for name, title in (("vae.one", "First title"), ("vae.two", "Second title")):
        (tmp_path / name).mkdir()
        checkpoints.write_card(tmp_path / name, replace(CARD, title=title, tag=name[4:]))
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))


def opened(script: object, **address: str) -> AppTest:
    app = AppTest.from_function(script, default_timeout=30)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def shown(app: AppTest) -> list[str]:
    """What the scripts below report with ``st.text``."""
    return [element.value for element in app.text]


# --- links -----------------------------------------------------------------------------------


def numbers() -> None:
    import streamlit as st

    from latentlab.ui.app import frame
    from latentlab.ui.shared import fields

    with frame.page("Numbers"):
        sigma = fields.url_slider("Noise", key="sigma", low=0.0, high=1.0, default=0.3, step=0.1)
        count = fields.url_slider("Points", key="points", low=1, high=100, default=10, step=1)
        invert = fields.url_toggle("Invert", key="invert")
        st.text(f"{sigma} {count} {invert}")


def test_a_link_sets_numbers() -> None:
    app = opened(numbers, sigma="0.7", points="33", invert="true")
    assert shown(app) == ["0.7 33 True"]
    assert not app.warning


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "7", "1e400", "0x1", "<script>", "", "0,3"])
def test_an_impossible_number_in_a_link_gives_the_usual_one_and_one_sentence(text: str) -> None:
    app = opened(numbers, sigma=text, points="12")
    assert shown(app) == ["0.3 12 False"]
    assert len(app.warning) == 1
    assert "Noise" in app.warning[0].value
    app.run()
    assert not app.warning  # said once


def test_every_unusable_setting_is_in_one_sentence() -> None:
    app = opened(numbers, sigma="nan", points="many", invert="perhaps")
    assert shown(app) == ["0.3 10 False"]
    assert len(app.warning) == 1
    assert all(name in app.warning[0].value for name in ("Noise", "Points", "Invert"))


def test_a_number_outside_new_bounds_moves_to_the_nearest_end() -> None:
    def script() -> None:
        import streamlit as st

        from latentlab.ui.app import frame
        from latentlab.ui.shared import fields

        with frame.page("Bounds"):
            high = 1.0 if st.checkbox("narrow") else 5.0
            z = fields.url_slider("z", key="z0", low=-high, high=high, default=0.0)
            st.text(f"{z}")

    app = opened(script, z0="3.5")
    assert shown(app) == ["3.5"]
    app.checkbox[0].check().run()
    assert not app.exception
    assert shown(app) == ["1.0"]
    assert not app.warning


def choices() -> None:
    import streamlit as st

    from latentlab.ui.app import frame
    from latentlab.ui.shared import fields

    paths = {"linear": "Linear", "spherical": "Spherical", "pixel": "Cross-fade"}

    def reset() -> None:
        st.session_state["path"] = "pixel"

    with frame.page("Choices"):
        path = fields.url_select("Path", paths, key="path", default="spherical")
        how = fields.url_select("How", paths, key="how", style="buttons")
        several = fields.url_choices("Several", paths, key="several", default=["linear"])
        seed = fields.url_seed("New noise", key="seed")
        st.button("Reset", on_click=reset)
        st.text(f"{path} {how} {'+'.join(several)} {seed}")


def address(app: AppTest) -> dict[str, str]:
    """The page's address, as the browser would now show it."""
    return {
        key: value[-1] if isinstance(value, list) else value
        for key, value in app.query_params.items()
    }


def test_choices_start_at_their_defaults_and_leave_the_address_clean() -> None:
    app = opened(choices)
    assert shown(app) == ["spherical linear linear 0"]
    assert address(app) == {}


def test_a_link_sets_choices_by_name() -> None:
    app = opened(choices, path="pixel", how="pixel", several="pixel,linear", seed="41")
    assert shown(app) == ["pixel pixel linear+pixel 41"]
    assert not app.warning


def test_choosing_is_written_to_the_address_by_name() -> None:
    app = opened(choices)
    app.selectbox[0].select("linear").run()
    assert shown(app) == ["linear linear linear 0"]
    assert address(app) == {"path": "linear"}
    app.selectbox[0].select("spherical").run()
    assert address(app) == {}
    app.button(key="seed.button").click().run()
    app.button(key="seed.button").click().run()
    assert shown(app) == ["spherical linear linear 2"]
    assert address(app) == {"seed": "2"}


def test_a_choice_outlives_an_older_address() -> None:
    """The browser sends its address with every click; it may be older than the last choice."""
    app = opened(choices, path="pixel")
    app.selectbox[0].select("linear").run()
    app.query_params["path"] = "pixel"  # as sent by a click made before the answer arrived
    app.run()
    assert shown(app)[0].startswith("linear ")
    assert address(app) == {"path": "linear"}


def test_nothing_chosen_survives_in_a_link() -> None:
    app = opened(choices, several="none")
    assert shown(app) == ["spherical linear  0"]
    assert address(app) == {"several": "none"}


def test_a_button_can_set_a_choice() -> None:
    app = opened(choices)
    app.button[-1].click().run()
    assert not app.exception
    assert shown(app)[0].startswith("pixel ")
    assert address(app) == {"path": "pixel"}


@pytest.mark.parametrize("key", ["path", "how", "several", "seed"])
@pytest.mark.parametrize(
    "text", ["", "Linear", "linear,linear2", "-1", "nan", "x" * 5000, "[a](b)"]
)
def test_an_impossible_choice_in_a_link_gives_the_usual_one_and_one_sentence(
    key: str, text: str
) -> None:
    app = opened(choices, **{key: text})
    assert shown(app) == ["spherical linear linear 0"]
    assert len(app.warning) == 1
    assert len(app.warning[0].value) < 300
    assert "[a](b)" not in app.warning[0].value
    assert address(app) == {}


def test_a_vector_in_a_link_is_read_once_and_checked() -> None:
    def script() -> None:
        import streamlit as st

        from latentlab.ui.app import frame
        from latentlab.ui.shared import fields

        with frame.page("Vector"):
            st.text(repr(fields.url_vector("z", 2, bound=10)))
            fields.publish_vector("z", [0.12345, -2])

    app = opened(script, z="1.5,-2")
    assert shown(app) == ["[1.5, -2.0]"]
    assert address(app) == {"z": "0.123,-2.000"}
    app.run()
    assert shown(app) == ["None"]
    for bad in ("1.5", "1,2,3", "nan,0", "1e9,0", "a,b", ""):
        app = opened(script, z=bad)
        assert shown(app) == ["None"], bad
        assert len(app.warning) == 1, bad


def test_choices_survive_leaving_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = (
        "import streamlit as st\n"
        "from latentlab.ui.app import frame\nfrom latentlab.ui.shared import fields\n"
        "with frame.page('{name}'):\n"
        "    kept = fields.url_select('Kept', dict(a='A', b='B'), key='{name}_kept')\n"
        "    sigma = fields.url_slider('s', key='{name}_s', low=0.0, high=1.0, default=0.0)\n"
        "    st.text(f'{{kept}} {{sigma}}')\n"
    )
    (tmp_path / "app.py").write_text("from latentlab.ui.app import frame\nframe.run()\n")
    (tmp_path / "pages").mkdir()
    for entry in contents.PAGES[:2]:
        (tmp_path / "pages" / f"{entry.name}.py").write_text(body.format(name=entry.name))
    monkeypatch.setattr(contents, "PAGES", contents.PAGES[:2])
    monkeypatch.setattr("latentlab.ui.shared.entry.PAGES", tmp_path / "pages")
    first, second = (f"pages/{entry.name}.py" for entry in contents.PAGES)
    app = AppTest.from_file(str(tmp_path / "app.py"), default_timeout=30).run()
    app.switch_page(first).run()
    app.selectbox[0].select("b").run()
    app.slider[0].set_value(0.25).run()
    assert shown(app) == ["b 0.25"]
    app.switch_page(second).run()
    assert shown(app) == ["a 0.0"]
    app.switch_page(first).run()
    assert not app.exception
    assert shown(app) == ["b 0.25"]


# --- errors ----------------------------------------------------------------------------------


def test_our_errors_are_shown_as_sentence_and_hint_and_the_rest_of_the_frame_stays() -> None:
    def script() -> None:
        import streamlit as st

        from latentlab.errors import ImageError
        from latentlab.ui.app import frame

        with frame.page("Errors", lead="Lead."):
            st.text("before")
            raise ImageError("`a.png` is no *picture* ![x](http://e.org/x.png).", "Try `b.png`.")

    app = opened(script)
    assert app.title[0].value == "Errors"
    assert shown(app) == ["before"]
    (error,) = app.error
    assert "`a.png`" in error.value and "Try `b.png`" in error.value
    assert "![x](" not in error.value and "*picture*" not in error.value.replace("\\*", "")


def test_a_mistake_of_ours_is_a_calm_sentence_with_a_number_that_the_log_knows(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def script() -> None:
        from latentlab.ui.app import frame

        with frame.page("Mistake"):
            raise KeyError("secret detail")

    monkeypatch.delenv("LATENTLAB_DEBUG")
    with caplog.at_level(logging.ERROR, logger="latentlab.ui.shared.guard"):
        app = opened(script)
    (error,) = app.error
    number = re.search(r"\*\*([0-9a-f]{6})\*\*", error.value)
    assert number and "secret detail" not in error.value
    assert number[1] in caplog.text and "secret detail" in caplog.text


def test_developers_see_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def script() -> None:
        from latentlab.ui.app import frame

        with frame.page("Mistake"):
            raise KeyError("secret detail")

    monkeypatch.setenv("LATENTLAB_DEBUG", "1")
    app = AppTest.from_function(script, default_timeout=30).run()
    assert "secret detail" in app.exception[0].message


def test_a_page_may_stop_early() -> None:
    def script() -> None:
        import streamlit as st

        from latentlab.ui.app import frame

        with frame.page("Stop"):
            st.text("before")
            st.stop()
            st.text("after")

    app = opened(script)
    assert shown(app) == ["before"]
    assert not app.error


# --- checkpoint choice ------------------------------------------------------------------------


def test_no_checkpoint_gives_a_page_that_says_how_to_get_one() -> None:
    def script() -> None:
        import streamlit as st

        from latentlab.ui.app import frame
        from latentlab.ui.shared import model_choice

        with frame.page("Empty"):
            model_choice.choose_checkpoint([], key="m")
            st.text("after")

    app = opened(script)
    assert shown(app) == [] and not app.error
    assert app.subheader[0].value == "No trained model here yet"
    assert "latentlab train" in app.code[0].value


def model_page() -> None:
    import streamlit as st

    from latentlab.ui.app import frame
    from latentlab.ui.shared import cache, model_choice

    with frame.page("Model"):
        st.text(model_choice.choose_checkpoint(cache.names(), key="m", default="vae.two"))


@pytest.mark.usefixtures("two_cards")
def test_checkpoint_choice_shows_titles_and_keeps_its_name_in_the_address() -> None:
    app = opened(model_page)
    assert shown(app) == ["vae.two"]
    assert {"First title", "Second title"} <= {
        option.partition(" · ")[0] for option in app.selectbox[0].options
    }
    assert not app.sidebar.selectbox, "phones hide the sidebar"
    app.selectbox[0].select("vae.one").run()
    assert shown(app) == ["vae.one"]
    assert address(app) == {"m": "vae.one"}


@pytest.mark.usefixtures("two_cards")
def test_a_link_chooses_the_checkpoint() -> None:
    assert shown(opened(model_page, m="vae.one")) == ["vae.one"]
    app = opened(model_page, m="../../etc/passwd")
    assert shown(app) == ["vae.two"]
    assert len(app.warning) == 1


@pytest.mark.usefixtures("two_cards")
def test_checkpoints_of_one_title_and_tag_can_both_be_chosen(tmp_path: Path) -> None:
    checkpoints.write_card(tmp_path / "vae.two", replace(CARD, title="Same"))
    (tmp_path / "gan.two").mkdir()
    checkpoints.write_card(tmp_path / "gan.two", replace(CARD, title="Same"))
    app = opened(model_page)
    app.selectbox[0].select("gan.two").run()
    assert shown(app) == ["gan.two"]
    app.selectbox[0].select("vae.two").run()
    assert shown(app) == ["vae.two"]


@pytest.mark.usefixtures("two_cards")
def test_a_checkpoint_with_an_unreadable_card_is_listed_by_name(tmp_path: Path) -> None:
    (tmp_path / "vae.one" / checkpoints.CARD).write_bytes(b"\xff\x00")
    app = opened(model_page, m="vae.one")
    assert shown(app) == ["vae.one"]


@pytest.mark.usefixtures("two_cards")
def test_a_damaged_checkpoint_is_one_sentence_that_names_the_file() -> None:
    def script() -> None:
        from latentlab.ui.app import frame
        from latentlab.ui.shared import cache, model_choice

        with frame.page("Damaged"):
            cache.model(model_choice.choose_checkpoint(["vae.one"], key="m"))

    app = opened(script)  # the folder has no weights
    (error,) = app.error
    assert ("vae.one" in error.value and "safetensors" in error.value) or "config" in error.value


def test_models_of_one_size_are_told_apart_by_their_versions() -> None:
    from latentlab.ui.shared import model_choice

    called = [model_choice.label(f"vae.toon_faces_k32{version}") for version in ("", "_labels")]
    assert called == ["VAE k=32", "VAE k=32, labels"]


@pytest.mark.usefixtures("two_cards")
def test_warm_up_passes_over_damaged_checkpoints(caplog: pytest.LogCaptureFixture) -> None:
    from latentlab.ui.shared import cache

    with caplog.at_level(logging.WARNING, logger="latentlab.ui.shared.cache"):
        cache.preload()
    assert "vae.one" in caplog.text and "vae.two" in caplog.text


@pytest.mark.usefixtures("two_cards")
def test_a_replaced_checkpoint_is_loaded_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from latentlab.ui.shared import cache

    loads = []

    def load(name: str) -> checkpoints.Checkpoint:
        loads.append(name)
        return checkpoints.Checkpoint(name, tmp_path / name, {}, CARD, str(len(loads)))

    monkeypatch.setattr(checkpoints, "load", load)
    assert cache.checkpoint("vae.one").digest == "1"
    assert cache.checkpoint("vae.one").digest == "1"
    (tmp_path / "vae.one" / checkpoints.MANIFEST).unlink()
    assert cache.checkpoint("vae.one").digest == "2"


# --- furniture --------------------------------------------------------------------------------


def table(
    measures: list[widgets.Measure], rows: dict[str, list[float | None]], caption: str = ""
) -> str:
    """The HTML that ``score_table`` hands to streamlit."""
    drawn: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(widgets.st, "html", drawn.append)
        widgets.score_table(measures, rows, caption=caption)
    return drawn[0]


def winners(html: str) -> list[str]:
    """Row names that hold a best value, once per value."""
    found = []
    for row in html.split("<tr>")[2:]:
        name = re.search(r"<th scope='row'>(.*?)</th>", row)
        assert name
        found += [name[1]] * row.count("class='best'")
    return found


def test_the_winner_is_marked_whoever_it_is() -> None:
    psnr = widgets.Measure("PSNR", "dB", higher_is_better=True, digits=1)
    error = widgets.Measure("Error", higher_is_better=False, digits=4)
    assert winners(table([psnr], {"net": [20.0], "median": [21.0]})) == ["median"]
    assert winners(table([psnr], {"net": [22.0], "median": [21.0]})) == ["net"]
    assert winners(table([error], {"net": [0.2], "median": [0.1]})) == ["median"]
    assert winners(table([error, psnr], {"net": [0.1, 1.0], "pca": [0.2, 2.0]})) == ["net", "pca"]


def test_what_looks_equal_in_the_table_wins_together() -> None:
    psnr = widgets.Measure("PSNR", "dB", higher_is_better=True, digits=1)
    assert winners(table([psnr], {"a": [20.04], "b": [19.96], "c": [1.0]})) == ["a", "b"]


def test_a_missing_value_is_a_dash_and_never_wins() -> None:
    error = widgets.Measure("Error", higher_is_better=False)
    html = table([error], {"a": [None], "b": [float("nan")], "c": [1.0], "d": [2.0]})
    assert html.count("<td>–</td>") == 2
    assert winners(html) == ["c"]


def test_a_measure_without_direction_or_rival_has_no_winner() -> None:
    size = widgets.Measure("Parameters", digits=0)
    assert winners(table([size], {"a": [1.0], "b": [2.0]})) == []
    psnr = widgets.Measure("PSNR", higher_is_better=True)
    assert winners(table([psnr], {"alone": [1.0], "absent": [None]})) == []


def test_table_text_cannot_be_markup() -> None:
    html = table([widgets.Measure("<b>")], {"<img src=x>": [1.0]}, caption="<script>")
    assert not re.search("<b>|<img|<script", html)


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://e.org)",
        "<b>",
        "$x$",
        ":red[x]",
        ":smile:",
        "# x",
        "- x",
        "~~x~~",
        "_x_",
        "|a|b|",
    ],
)
def test_plain_text_has_no_markdown_left(text: str) -> None:
    bare = re.sub(r"\\.", "", widgets.plain(text))
    assert not re.search(r"[\[\]()<>$:#~_*|!`-]", bare)
    assert widgets.plain(text).replace("\\", "") == text


def test_plain_text_keeps_code_and_stays_on_one_line() -> None:
    assert widgets.plain("run\n\n# `latentlab train`") == r"run \# `latentlab train`"
    assert widgets.plain("an odd ` mark") == r"an odd \` mark"


def drawn(pixels: np.ndarray, width: int) -> tuple[np.ndarray, int]:
    """The array and the CSS width that ``picture`` hands to streamlit."""
    calls = []

    def image(large: np.ndarray, *, width: int, **rest: object) -> None:
        calls.append((large, width))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(widgets.st, "image", image)
        widgets.picture(pixels, alt="x", width=width)
    return calls[0]


def test_every_pixel_of_a_picture_becomes_an_equal_square() -> None:
    pixels = np.arange(28 * 28, dtype=np.uint8).reshape(28, 28)
    large, width = drawn(pixels, 200)
    assert width == 7 * 28
    assert large.shape == (14 * 28, 14 * 28)
    assert np.array_equal(large[::14, ::14], pixels)
    assert np.array_equal(large[13::14, 13::14], pixels)


def test_a_picture_larger_than_its_place_is_left_to_the_browser() -> None:
    large, width = drawn(np.zeros((300, 500, 3), np.uint8), 200)
    assert large.shape == (300, 500, 3)
    assert width == 200


def test_one_channel_counts_as_grey() -> None:
    large, _ = drawn(np.zeros((8, 8, 1), np.uint8), 8)
    assert large.ndim == 2


def test_a_page_that_runs_without_app_py_keeps_its_identity(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the first visitor's first click is lost: its widget belongs to another page."""
    (tmp_path / "app.py").write_text("from latentlab.ui.app import frame\nframe.run()\n")
    (tmp_path / "pages").mkdir()
    entry = contents.PAGES[0]
    (tmp_path / "pages" / f"{entry.name}.py").write_text(
        "import streamlit as st\n"
        "from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState\n"
        "from latentlab.ui.app import frame\n"
        "before = ThreadState.get().active_script_hash\n"
        "with frame.page('Here'):\n"
        "    st.text(ThreadState.get().active_script_hash == before)\n"
    )
    monkeypatch.setattr(contents, "PAGES", contents.PAGES[:1])
    monkeypatch.setattr("latentlab.ui.shared.entry.PAGES", tmp_path / "pages")
    app = AppTest.from_file(str(tmp_path / "app.py"), default_timeout=30).run()
    app.switch_page(f"pages/{entry.name}.py").run()
    assert shown(app) == ["True"]


# --- the app as a whole -----------------------------------------------------------------------


@pytest.mark.parametrize("entry", contents.PAGES, ids=lambda entry: entry.name)
def test_every_page_opens_alone(entry: Entry, open_page) -> None:
    app = open_page(entry.name)
    assert not app.exception, app.exception
    assert app.title[0].value == entry.title


def test_home_leads_to_every_page_and_every_lesson() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    assert not app.exception
    html = "".join(element.proto.body for element in app.get("html"))
    links = [unescape(link) for link in re.findall(r"<a href='([^']*)' data-stays>", html)]
    count = len(contents.PAGES)
    assert links[:count] == [entry.name for entry in contents.PAGES]
    scenes = [(entry, scene) for entry in contents.PAGES for scene in entry.scenes]
    for link, (entry, scene) in zip(links[count:], scenes, strict=True):
        page, _, query = link.partition("?")
        assert (page, dict(parse_qsl(query))) == (entry.name, dict(scene.settings))
        assert escape(scene.sentence) in html


def test_home_is_few_elements() -> None:
    """Every one of them keeps the browser from showing the page: fifty cost half a second."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    assert not app.exception
    assert len(list(app.main)) <= 8
