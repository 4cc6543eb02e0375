"""The sliders in the browser: keyboard, fallbacks, several at once, and nothing left behind."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import torch
from exported_names import SHIPPED
from playwright.sync_api import expect

from latentlab import checkpoints, export
from latentlab.data import datasets
from latentlab.latents import spaces
from latentlab.models import LatentModel
from latentlab.ui.explore import space_file
from latentlab.ui.shared import component

ASSETS = "/_stcore/bidi-components/latentlab.latent_sliders"
STATUS = ".latent_sliders .status"
ONCE_DRAWN = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
SHAPE = (1, 28, 28)


def space(name: str) -> spaces.Space:
    checkpoint = checkpoints.load(name)
    model = checkpoint.load_model()
    assert isinstance(model, LatentModel)
    return spaces.network_space(model, checkpoint.statistics())


# --- without Streamlit's page around -----------------------------------------------------------


@dataclass
class Harness:
    """Components mounted as Streamlit does it, and what they send.

    The model is ``vae.mnist_k2``; the test itself serves its files.
    """

    page: Any
    data: dict[str, Any]
    complaints: list[str] = field(default_factory=list)

    def start(self, name: str, *, wait: str = "from torch", **changed: object) -> None:
        """Mount a component called ``name``, and wait until its status says so."""
        self.page.evaluate(
            f"""async ([name, data]) => {{
              const {{ default: start }} = await import("{ASSETS}/bundles/latent_sliders.js");
              const host = document.body.appendChild(document.createElement("div"));
              host.id = name;
              const parentElement = host.attachShadow({{ mode: "open" }});
              parentElement.innerHTML = '<div class="live latent_sliders"></div>'
                + '<link rel="stylesheet" href="{ASSETS}/bundles/latent_sliders.css">';
              const sent = [];
              const send = (event, value) => sent.push([event, value]);
              const component = {{
                data, parentElement, setStateValue: send, setTriggerValue: send,
              }};
              (window.mounted ??= {{}})[name] = {{ start, component, sent, end: start(component) }};
            }}""",
            [name, {**self.data, **changed}],
        )
        expect(self.page.locator(f"#{name} .status")).to_contain_text(wait)

    def update(self, name: str, **changed: object) -> None:
        """Call the component again with other data, as after a rerun."""
        self.page.evaluate(
            """([name, changed]) => {
              const it = window.mounted[name];
              it.component = { ...it.component, data: { ...it.component.data, ...changed } };
              it.before = it.end;
              it.end = it.start(it.component);
            }""",
            [name, changed],
        )

    def sent(self, name: str, count: int) -> list[tuple[str, dict[str, Any]]]:
        """The reports of a component, once there are ``count``."""
        self.page.wait_for_function(f"window.mounted.{name}.sent.length >= {count}")
        found = [tuple(pair) for pair in self.page.evaluate(f"window.mounted.{name}.sent")]
        assert len(found) == count
        return found

    def instances(self) -> int:
        found: int = self.page.evaluate(
            f'import("{ASSETS}/bundles/latent_sliders.js").then((m) => m.instances())'
        )
        return found

    def pixels(self, name: str) -> str:
        self.page.evaluate(ONCE_DRAWN)
        canvas = self.page.locator(f"#{name} .stage canvas")
        found: str = canvas.evaluate("(canvas) => canvas.toDataURL()")
        return found

    def sliders(self, name: str) -> Any:
        return self.page.locator(f"#{name}").get_by_role("slider")

    def values(self, name: str) -> list[float]:
        shown = self.page.locator(f"#{name} output").all_inner_texts()
        return [float(text.replace("−", "-")) for text in shown]


def picture(number: int, grey: int) -> dict[str, Any]:
    """What the server sends in answer to report ``number``: a picture of one grey."""
    pixels = base64.b64encode(bytes([grey]) * (28 * 28)).decode()
    return {"n": number, "shape": list(SHAPE), "pixels": pixels}


@pytest.fixture(scope="module")
def bare(chromium, app) -> Iterator[Harness]:
    """A page of the app's origin, empty but for what a test mounts in it."""
    of = space("vae.mnist_k2")
    shown = datasets.get("mnist").samples()
    codes = spaces.encode(of, shown.tensor(slice(0, 200)))
    names = datasets.get("mnist").class_names
    plane = space_file.plane(of, codes, shown.labels[:200], names, "digit")
    made = export.decoder_files(of.model, "vae.mnist_k2")
    served = {
        "space": space_file.space(of, plane),
        "manifest": json.dumps(made.manifest).encode(),
        "weights": made.weights,
        "other": export.decoder_files(space("vae.mnist_k16").model, "other").weights,
    }
    data = {
        "space": "/media/test-space",
        "decoder": {"manifest": "/media/test-manifest", "weights": "/media/test-weights"},
        "along": "dimensions",
        "shown": 2,
        "start": component.floats(torch.zeros(2)),
        "origin": "here",
        "at": None,
        "revision": 1,
        "picture": picture(0, grey=0),
        "backdrop": "",
        "text": {"start": "the middle", "note": "", "server": ""},
    }
    data["decoder"]["bytes"] = len(made.weights)
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    harness = Harness(page, data)
    page.on("console", lambda m: m.type == "error" and harness.complaints.append(m.text))
    page.on("pageerror", lambda error: harness.complaints.append(str(error)))
    page.goto(f"{app}/explore")  # the server serves our files once a page has used them
    expect(page.locator(STATUS)).to_contain_text("from torch")
    page.route(
        "**/media/test-*",
        lambda route: route.fulfill(body=served[route.request.url.rpartition("-")[2]]),
    )
    page.goto(f"{app}/_stcore/health")
    yield harness
    context.close()


@pytest.fixture
def harness(bare: Harness) -> Iterator[Harness]:
    """``bare`` for one test, which must leave nothing mounted and nothing on the console."""
    bare.complaints.clear()
    yield bare
    bare.page.evaluate(
        """() => {
          for (const it of Object.values(window.mounted ?? {})) it.end();
          window.mounted = {};
          document.body.replaceChildren();
        }"""
    )
    assert bare.instances() == 0
    assert bare.complaints == []


@pytest.mark.parametrize("name", ["vae.mnist_k16", "denoising_autoencoder.mnist"])
def test_a_code_moves_as_in_the_core(harness: Harness, name: str) -> None:
    of = space(name)
    z = spaces.draw(of, 1, seed=1)[0]
    moves = [(kind, i, 0.3 * (i + 1)) for kind in spaces.kinds(of) for i in (0, 3, 7)]
    moved = z
    for kind, i, to in moves:
        moved = spaces.axes(of, kind)[i].move(moved, to)
    code, there, again, steps = harness.page.evaluate(
        f"""async ([file, z, moves]) => {{
          const {{ Space, step }} = await import("{ASSETS}/explore/space.js");
          const space = new Space(file);
          const code = space.at(z, null);
          for (const [kind, i, to] of moves) space.axes[kind][i].move(code, to);
          const there = space.coordinates(code);
          return [Array.from(code), there, Array.from(space.at(z, there)), [3, 0.4].map(step)];
        }}""",
        [json.loads(space_file.space(of)), z.tolist(), moves],
    )
    assert code == pytest.approx(moved.tolist(), abs=1e-5)
    linked = spaces.linked_axes(of)
    assert there == pytest.approx([axis.coordinate(moved) for axis in linked], abs=6e-4)
    assert again == pytest.approx(moved.tolist(), abs=6e-4)
    assert steps == pytest.approx([0.02, 0.002])


def test_random_codes_are_spread_as_in_the_core(harness: Harness) -> None:
    of = space("conv_autoencoder.mnist_k32")  # no prior: a Gaussian fitted to its codes
    drawn = harness.page.evaluate(
        f"""async (file) => {{
          const {{ Space }} = await import("{ASSETS}/explore/space.js");
          const space = new Space(file);
          const start = new Float64Array(space.size).fill(100);
          return Array.from({{ length: 4000 }}, () => Array.from(space.random(start)));
        }}""",
        json.loads(space_file.space(of)),
    )
    ours, core = torch.tensor(drawn), spaces.draw(of, 4000, seed=0)
    # A mean of 4000 is known to 1/63 of the standard deviation, a standard deviation to 1/89.
    assert ((ours.mean(0) - core.mean(0)).abs() / core.std(0)).max() < 0.1
    assert (ours.std(0) / core.std(0) - 1).abs().max() < 0.1


def test_every_decoder_gives_what_torch_gives(harness: Harness) -> None:
    differences = {}
    for name in SHIPPED:
        of = space(name)
        made = export.decoder_files(of.model, name, spaces.draw(of, 4, seed=0))
        differences[name] = harness.page.evaluate(
            f"""async ([manifest, weights]) => {{
              const {{ openDecoder }} = await import("{ASSETS}/decoder/decoder.js");
              const buffer = Uint8Array.from(atob(weights), (c) => c.charCodeAt(0)).buffer;
              const kernel = await (await fetch("{ASSETS}/decoder/kernel.wasm")).arrayBuffer();
              const decoder = await openDecoder({{ manifest, weights: buffer, kernel }});
              const {{ difference }} = decoder.check();
              decoder.close();
              return difference;
            }}""",
            [made.manifest, base64.b64encode(made.weights).decode()],
        )
    assert differences
    assert {name: most for name, most in differences.items() if not most <= 1e-4} == {}


def test_the_keyboard_moves_undoes_and_says_so(harness: Harness) -> None:
    page = harness.page
    harness.start("a")
    first = harness.sliders("a").first
    low, high = float(first.get_attribute("min")), float(first.get_attribute("max"))
    first.focus()
    page.keyboard.press("End")
    assert first.get_attribute("aria-valuetext") == f"{high:.2f}"
    assert harness.values("a")[0] == pytest.approx(high, abs=5e-3)
    # The announcement comes with the rest, not with every step.
    expect(page.locator("#a .spoken")).to_contain_text(f"{high:.2f}")
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    step = page.evaluate(
        f'async (span) => (await import("{ASSETS}/explore/space.js")).step(span)', high - low
    )
    assert float(first.input_value()) == pytest.approx(high - 9 * step, abs=1e-3)
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.shadowRoot.activeElement.ariaLabel")
    assert focused == harness.sliders("a").nth(1).get_attribute("aria-label")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert harness.values("a") == [0, 0]
    expect(page.locator("#a").get_by_role("button", name="Undo")).to_be_disabled()


def test_a_double_click_resets_one_slider(harness: Harness) -> None:
    harness.start("a")
    harness.page.locator("#a").get_by_role("button", name="Shuffle sliders").click()
    drawn = harness.values("a")
    assert drawn[0] != 0 != drawn[1]
    harness.page.locator("#a .row").first.locator("label").dblclick()
    assert harness.values("a") == [0, drawn[1]]


def test_a_drag_on_the_picture_moves_the_first_two(harness: Harness) -> None:
    page = harness.page
    harness.start("a")
    before = harness.pixels("a")
    box = page.locator("#a .stage canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3, steps=3)
    assert harness.pixels("a") != before
    across, up = sorted(harness.values("a"))  # the sliders are sorted by information
    assert across < 0 < up
    page.wait_for_timeout(300)
    harness.sent("a", 0)  # nothing is reported while the button is held
    page.mouse.up()
    ((event, report),) = harness.sent("a", 1)
    assert event == "z" and report["origin"] == "here"
    page.locator("#a").get_by_role("button", name="Undo").click()
    assert harness.sent("a", 2)[1][1]["at"] is None  # back at the start


def test_a_finger_that_scrolls_the_page_leaves_the_slider_where_it_was(harness: Harness) -> None:
    harness.start("a")
    harness.sliders("a").first.evaluate(
        """(input) => {
          const fire = (Kind, type) => input.dispatchEvent(new Kind(type, { bubbles: true }));
          fire(PointerEvent, "pointerdown");
          input.value = input.max; // what browsers do at once where the finger comes down
          fire(InputEvent, "input");
          window.between = input.valueAsNumber;
          fire(PointerEvent, "pointercancel"); // and then it scrolls
        }"""
    )
    assert harness.page.evaluate("window.between") > 1
    assert harness.values("a") == [0, 0]


def test_the_plane_is_moved_with_keys_too(harness: Harness) -> None:
    harness.start("a")
    plane = harness.page.locator("#a").get_by_role("application")
    plane.focus()
    harness.page.keyboard.press("ArrowUp")
    harness.page.keyboard.press("Shift+ArrowLeft")
    across, up = sorted(harness.values("a"))  # the sliders are sorted by information
    assert across < -5 * up < 0


def test_several_on_one_page_do_not_meddle(harness: Harness) -> None:
    page = harness.page
    harness.start("a")
    harness.start("b")
    assert harness.instances() == 2
    still = harness.pixels("b")
    harness.sliders("a").first.focus()
    page.keyboard.press("End")
    assert harness.pixels("a") != still == harness.pixels("b")
    harness.sent("a", 1)
    harness.sent("b", 0)
    page.evaluate("window.mounted.a.end()")
    assert harness.instances() == 1
    harness.sliders("b").first.focus()
    page.keyboard.press("End")
    assert harness.pixels("b") != still


def test_a_call_that_was_overtaken_ends_nothing(harness: Harness) -> None:
    harness.start("a")
    harness.update("a", at=[1.0, -1.0], revision=2)
    harness.page.evaluate("window.mounted.a.before()")
    assert harness.instances() == 1
    assert sorted(harness.values("a")) == [-1, 1]
    harness.page.evaluate("window.mounted.a.end()")
    harness.page.evaluate("window.mounted.a.end()")
    assert harness.instances() == 0


def test_an_echo_of_the_server_does_not_pull_the_slider_back(harness: Harness) -> None:
    harness.start("a")
    slider = harness.sliders("a").first
    slider.focus()
    harness.page.keyboard.press("End")
    ((event, report),) = harness.sent("a", 1)
    assert event == "z" and len(report["at"]) == 2
    harness.page.keyboard.press("ArrowLeft")
    further = slider.input_value()
    harness.update("a", at=report["at"], picture=picture(report["n"], grey=255))  # a little late
    assert slider.input_value() == further
    harness.update("a", at=[0.5, 0.5], revision=2)  # what Python wants
    assert harness.values("a") == [0.5, 0.5]


def test_the_server_is_asked_one_question_at_a_time(harness: Harness) -> None:
    page = harness.page
    text = {**harness.data["text"], "server": "A reason."}
    harness.start("a", decoder=None, text=text, wait="decoded by the server: A reason.")
    harness.sliders("a").first.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        page.evaluate(ONCE_DRAWN)
    page.wait_for_timeout(200)  # longer than a rest: nor is the rest reported in between
    ((event, first),) = harness.sent("a", 1)
    assert event == "ask"
    before = harness.pixels("a")
    harness.update("a", picture=picture(first["n"] - 1, grey=255))  # no answer to the question
    assert harness.pixels("a") == before
    harness.update("a", picture=picture(first["n"], grey=255))
    event, second = harness.sent("a", 2)[1]
    assert event == "ask" and second["n"] > first["n"] and second["at"] != first["at"]
    assert harness.pixels("a") != before
    harness.update("a", picture=picture(second["n"], grey=128))
    event, rest = harness.sent("a", 3)[2]
    assert event == "z" and rest["at"] == second["at"]


def test_a_silent_server_is_reported_and_asked_again(harness: Harness) -> None:
    page = harness.page
    page.evaluate(
        """() => {
          const patient = window.setTimeout.bind(window);
          window.setTimeout = (act, wait) => {
            if (wait < 5000) return patient(act, wait);
            window.setTimeout = patient;
            return patient(act, 300); // the first time as if so many seconds had passed
          };
        }"""
    )
    text = {**harness.data["text"], "server": "A reason."}
    harness.start("a", decoder=None, text=text, wait="A reason.")
    harness.sliders("a").first.focus()
    page.keyboard.press("End")
    expect(page.locator("#a .status")).to_contain_text("the server does not answer")
    (_, first), (_, second) = harness.sent("a", 2)[:2]
    assert second["at"] == first["at"] and second["n"] > first["n"]
    harness.update("a", picture=picture(second["n"], grey=255))
    expect(page.locator("#a .status")).not_to_contain_text("does not answer")
    event, rest = harness.sent("a", 3)[2]
    assert event == "z" and rest["at"] == first["at"]


def test_weights_of_another_model_are_refused(harness: Harness) -> None:
    decoder = {**harness.data["decoder"], "weights": "/media/test-other"}
    harness.start("a", decoder=decoder, wait="decoded by the server: ")
    harness.sliders("a").first.focus()
    harness.page.keyboard.press("End")
    assert harness.sent("a", 1)[0][0] == "ask"


def test_a_worker_decodes_what_is_slow_and_is_ended(harness: Harness) -> None:
    page = harness.page
    page.evaluate(
        """() => {
          let late = 0; // every look at the clock takes ten milliseconds: all decoders are slow
          performance.now = () => Performance.prototype.now.call(performance) + (late += 10);
        }"""
    )
    harness.start("a")
    page.evaluate("delete performance.now")
    assert len(page.workers) == 1
    before = harness.pixels("a")
    harness.sliders("a").first.focus()
    page.keyboard.press("End")
    page.wait_for_function(
        """(before) => document.querySelector("#a").shadowRoot.querySelector(".stage canvas")
          .toDataURL() !== before""",
        arg=before,
    )
    with page.workers[0].expect_event("close"):
        page.evaluate("window.mounted.a.end()")


def test_a_code_that_nothing_follows_is_reported_when_somebody_turns_away(
    harness: Harness,
) -> None:
    page = harness.page
    start = page.url
    page.evaluate("history.replaceState({ kept: 1 }, '', '?a=b+c&z=9')")
    entries = page.evaluate("history.length")
    harness.start("a", follow=False)
    assert page.url == f"{start}?a=b+c"  # Python says that it is at the start
    harness.sliders("a").first.focus()
    page.keyboard.press("End")
    page.wait_for_url(re.compile(r"[?]a=b[+]c&z=-?[0-9.]+%2C-?[0-9.]+$"))
    assert page.evaluate("[history.state.kept, history.length]") == [1, entries]
    harness.sent("a", 0)
    # Streamlit has put its own query string there: the next rerun puts it right.
    there = page.url
    page.evaluate("history.replaceState(null, '', '?a=2')")
    harness.update("a")
    assert page.url == there.replace("b+c", "2")
    # Inside, a pointer turns to nothing else.
    page.locator("#a .note").first.dispatch_event("pointerdown")
    page.locator("#a .note").first.dispatch_event("pointerup", {"bubbles": True, "composed": True})
    harness.sent("a", 0)
    page.locator("body").dispatch_event("pointerdown")
    page.locator("body").dispatch_event("pointerdown")
    ((event, report),) = harness.sent("a", 1)
    assert event == "z"
    assert there.partition("z=")[2] == "%2C".join(f"{number:.3f}" for number in report["at"])
    # Whoever is quicker than a rest is not too quick.
    page.keyboard.press("Home")
    page.locator("body").dispatch_event("pointerdown")
    assert harness.sent("a", 2)[1][1]["at"] != report["at"]
    # As soon as something follows, all is reported, now and at every rest.
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    harness.sent("a", 2)
    harness.update("a", follow=True)
    harness.sent("a", 3)
    page.locator("#a").get_by_role("button", name="Reset").click()
    assert harness.sent("a", 4)[3][1]["at"] is None
    page.evaluate("([to]) => history.replaceState(null, '', to)", [start])


# --- on Streamlit's page -----------------------------------------------------------------------


def moves_on_the_server(page) -> None:
    canvas = page.locator(".latent_sliders .stage canvas")
    before = canvas.evaluate("(canvas) => canvas.toDataURL()")
    page.locator(".latent_sliders").get_by_role("slider").first.focus()
    page.keyboard.press("Home")
    page.wait_for_url(re.compile(r"[?&]z=-?[0-9]"))
    assert canvas.evaluate("(canvas) => canvas.toDataURL()") != before


def test_the_server_decodes_without_webassembly(visit, app) -> None:
    page = visit("/")
    page.add_init_script("delete globalThis.WebAssembly")
    page.goto("about:blank")  # what Home still fetches for its own decoder is not asked about
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"{app}/explore?explore_model=vae.mnist_k16")
    expect(page.locator(STATUS)).to_contain_text(
        "decoded by the server: This browser cannot run the decoder, which needs WebAssembly"
    )
    moves_on_the_server(page)
    assert not any(url.endswith((".gz", ".wasm")) for url in fetched)


def test_the_server_decodes_after_a_truncated_download(visit, app) -> None:
    def truncate(route) -> None:
        body = route.fetch().body()
        route.fulfill(body=body[: len(body) // 2])

    page = visit("/")
    page.route("**/media/*.gz", truncate)
    page.goto(f"{app}/explore?explore_model=vae.mnist_k16")
    expect(page.locator(STATUS)).to_contain_text("decoded by the server: ")
    moves_on_the_server(page)


def test_dark_and_light_are_the_pages_own(visit) -> None:
    colours = []
    for dark in (False, True):
        page = visit("/explore?explore_model=vae.mnist_k2", dark=dark)
        expect(page.locator(STATUS)).to_contain_text("from torch")
        ours, theirs = (
            page.locator(where).first.evaluate("(found) => getComputedStyle(found).color")
            for where in (".live", "h1")
        )
        assert ours == theirs
        colours.append(ours)
    assert colours[0] != colours[1]


def test_nothing_is_left_behind_when_pages_switch(visit) -> None:
    page = visit("/explore?explore_model=vae.mnist_k2")
    menu = page.get_by_test_id("stSidebarNav")
    browser = page.context.new_cdp_session(page)
    heaps = []
    for _ in range(12):
        expect(page.locator(STATUS)).to_contain_text("from torch")
        page.locator(".latent_sliders").get_by_role("slider").first.focus()
        page.keyboard.press("ArrowRight")  # with a report on its way, too
        menu.get_by_text("Home", exact=True).click()
        expect(page.locator(".cards")).to_be_visible()
        expect(page.locator(".latent_sliders")).to_have_count(0)
        live = page.evaluate(
            f'async () => (await import("{ASSETS}/bundles/latent_sliders.js")).instances()'
        )
        assert live == 0
        browser.send("HeapProfiler.collectGarbage")
        used = browser.send("Runtime.getHeapUsage")
        heaps.append(sum(used.get(part, 0) for part in ("usedSize", "backingStorageSize")) / 1e6)
        menu.get_by_text("Explore", exact=True).click()
    # A decoder's weights alone are 2 MB, its memory more: had they stayed, this would be 23.
    assert heaps[-1] - heaps[4] < 10, heaps
