"""The Interpolate page in a real browser: endpoints, player, square, upload, downloads."""

import io
import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

STAGE = ".morph figure canvas"
STATUS = ".morph .status"
IN_BROWSER = "decoded in your browser"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def sources(page, selector: str) -> list[str]:
    page.locator(selector).first.wait_for()
    return page.locator(selector).evaluate_all("images => images.map(image => image.src)")


def marked(page) -> list[int]:
    """The step that every strip marks, counted from 1; 0 where none is."""
    return page.locator(".walk-strip .ribbon").evaluate_all(
        """ribbons => ribbons.map(ribbon => 1 + [...ribbon.children].findIndex(
            column => getComputedStyle(column, '::before').opacity === '1'))"""
    )


def pictures(page) -> list[str]:
    """What the canvases of the player show, once it has drawn."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.locator(STAGE).evaluate_all("all => all.map(canvas => canvas.toDataURL())")


def changed(page, before: list[str]) -> list[str]:
    """Wait until every canvas of the player shows something else, and return what they show."""
    for _ in range(100):
        now = pictures(page)
        if all(a != b for a, b in zip(now, before, strict=True)):
            return now
        page.wait_for_timeout(100)
    raise AssertionError("a canvas of the player still shows what it did before")


def decoding(page) -> None:
    """Wait until the player decodes."""
    expect(page.locator(STATUS)).to_contain_text(IN_BROWSER)


def wait_for_pictures(page) -> None:
    """Wait until nothing moves any more because a picture or a font arrives."""
    page.wait_for_function("[...document.images].every(image => image.complete)")
    page.evaluate("document.fonts.ready.then(() => true)")


def stroke() -> bytes:
    """A digit one, dark on white, as somebody might upload it."""
    picture = Image.new("L", (90, 90), 255)
    ImageDraw.Draw(picture).line((45, 15, 45, 75), fill=0, width=9)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def test_the_slider_moves_all_three_pictures_while_it_is_held(visit, settle) -> None:
    page = visit("/interpolate")
    decoding(page)
    assert marked(page) == [6, 6, 6]
    seen = [pictures(page)]
    track = page.get_by_role("slider", name="The way").bounding_box()
    x, y = track["x"] + track["width"] / 2, track["y"] + track["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for share in (0.1, 0.2, 0.3):
        page.mouse.move(x + share * track["width"], y)
        seen.append(pictures(page))
        for before, now in zip(*seen[-2:], strict=True):
            assert before != now
    assert "interpolate_t" not in page.url  # the server learns where it comes to rest
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"interpolate_t=0\.[78]\d\d"))
    settle(page)
    assert marked(page) == [9, 9, 9]
    assert pictures(page) == seen[-1]


def test_keys_move_the_player_and_a_link_brings_it_back(visit, settle) -> None:
    page = visit("/interpolate")
    decoding(page)
    slider = page.get_by_role("slider", name="The way")
    slider.focus()
    for key, words in {"ArrowRight": "51 %", "PageDown": "41 %", "End": "100 %"}.items():
        page.keyboard.press(key)
        expect(slider).to_have_attribute("aria-valuetext", words)
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("interpolate_t=0.990"))
    settle(page)
    shown = pictures(page)
    other = visit("/" + page.url.split("/", 3)[3])
    decoding(other)
    assert pictures(other) == shown
    expect(other.locator(STAGE).first).to_have_attribute("aria-label", re.compile("Linear, 99 %"))


def test_the_ends_are_what_the_model_makes_of_them_and_the_pixels_themselves(visit) -> None:
    page = visit("/interpolate?interpolate_t=0.000")
    decoding(page)
    linear, spherical, fade = pictures(page)
    assert linear == spherical != fade
    # What the server drew differs by what 16-bit weights and one rounding make.
    strips = page.locator(".walk-strip img").evaluate_all(
        """images => images.map(image => {
            const canvas = document.createElement('canvas');
            const context = canvas.getContext('2d');
            context.imageSmoothingEnabled = false;
            canvas.width = canvas.height = 28;
            const side = image.naturalHeight;
            context.drawImage(image, 0, 0, side, side, 0, 0, 28, 28);
            return [...context.getImageData(0, 0, 28, 28).data];
        })"""
    )
    drawn = page.locator(STAGE).evaluate_all(
        "all => all.map(one => [...one.getContext('2d').getImageData(0, 0, 28, 28).data])"
    )
    for strip, picture in zip(strips, drawn, strict=True):
        assert max(abs(a - b) for a, b in zip(strip, picture, strict=True)) <= 2
    assert strips[2] == drawn[2]


def test_a_worker_decodes_the_same_pictures(visit) -> None:
    def drawn(prepare) -> list[list[int]]:
        page = visit("/")
        prepare(page)
        page.get_by_test_id("stSidebarNav").get_by_text("Interpolate", exact=True).click()
        decoding(page)
        pictures(page)
        return page.locator(STAGE).evaluate_all(
            "all => all.map(one => [...one.getContext('2d').getImageData(0, 0, 28, 28).data])"
        )

    def always_in_a_worker(route) -> None:
        reply = route.fetch()
        text = reply.text()
        assert "WORKER_ABOVE = 8;" in text
        route.fulfill(response=reply, body=text.replace("WORKER_ABOVE = 8;", "WORKER_ABOVE = -1;"))

    workers = []

    def in_a_worker(page) -> None:
        page.on("worker", lambda worker: workers.append(worker.url))
        page.route("**/latentlab.morph/bundles/morph.js", always_in_a_worker)

    usual = drawn(lambda page: None)
    assert not workers
    there = drawn(in_a_worker)
    assert workers and all(url.endswith("/bundles/worker.js") for url in workers)
    for expected, found in zip(usual, there, strict=True):
        assert max(abs(a - b) for a, b in zip(expected, found, strict=True)) <= 1


def test_nothing_is_left_behind_when_the_page_is_left(visit, settle) -> None:
    page = visit("/interpolate?interpolate_a_from=draw")
    decoding(page)
    count = """async name => {
        const folder = `/_stcore/bidi-components/latentlab.${name}/bundles`;
        return (await import(`${folder}/${name}.js`)).instances();
    }"""
    menu = page.get_by_test_id("stSidebarNav")
    for _ in range(2):
        page.get_by_role("button", name="Play").click()
        assert page.evaluate(count, "morph") == 1
        menu.get_by_text("Models", exact=True).click()
        page.get_by_role("heading", name="Models", exact=True).wait_for()
        settle(page)
        assert page.evaluate(count, "morph") == page.evaluate(count, "draw_pad") == 0
        menu.get_by_text("Interpolate", exact=True).click()
        decoding(page)
        page.get_by_role("button", name="Start", exact=True).click()
        page.locator(".draw_pad canvas[role=application]").wait_for()
        assert page.evaluate(count, "draw_pad") == 1
        page.keyboard.press("Escape")


@pytest.mark.parametrize("reason", ["asked", "broken"])
def test_without_a_decoder_the_servers_pictures_are_shown(visit, settle, reason: str) -> None:
    if reason == "asked":
        page = visit("/interpolate?decode=server")
        words = "This link asks the server to decode"
    else:
        page = visit("/")
        page.route(re.compile(r"/media/.*\.json"), lambda route: route.fulfill(body="{}"))
        page.get_by_test_id("stSidebarNav").get_by_text("Interpolate", exact=True).click()
        words = "cannot be used"
    expect(page.locator(STATUS)).to_contain_text(words)
    before = pictures(page)
    page.get_by_role("slider", name="The way").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert all(a != b for a, b in zip(before, pictures(page), strict=True))
    page.keyboard.press("ArrowRight")
    latent, _, fade = pictures(page)
    page.keyboard.press("ArrowRight")
    assert pictures(page)[0] == latent  # the nearest picture
    assert pictures(page)[2] != fade  # pixels can be mixed everywhere


def test_a_strip_lines_up_with_the_bars_under_it(visit) -> None:
    page = visit("/interpolate?interpolate_steps=9")
    edges = page.locator(".walk-strip").first.evaluate(
        """strip => {
            const image = strip.querySelector('img').getBoundingClientRect();
            const last = strip.querySelector('.column:last-child').getBoundingClientRect();
            return [image.width / 9 - last.width, image.right - last.right];
        }"""
    )
    assert all(abs(edge) < 1 for edge in edges)


def test_play_goes_on_until_it_is_paused_and_nothing_jumps(visit, settle) -> None:
    page = visit("/interpolate")
    decoding(page)
    wait_for_pictures(page)
    strip = page.locator(".walk-strip").first
    before = strip.bounding_box()["y"]
    slider = page.get_by_role("slider", name="The way")
    page.get_by_label("Speed").select_option("2")
    page.get_by_role("button", name="Play").click()
    seen, steps = set(), set()
    for _ in range(20):
        seen.add((slider.input_value(), pictures(page)[0]))
        marks = set(marked(page))
        assert len(marks) == 1, "all strips mark the same step"
        steps |= marks
        page.wait_for_timeout(50)
    assert len({value for value, _ in seen}) > 10 and len({shown for _, shown in seen}) > 10
    assert len(steps) > 3 and 0 not in steps, "the mark goes along while it plays"
    assert "interpolate_t" not in page.url
    assert strip.bounding_box()["y"] == pytest.approx(before, abs=2)
    page.get_by_role("button", name="Pause").click()
    expect(page).to_have_url(re.compile("interpolate_t="))
    settle(page)
    still = pictures(page)
    page.wait_for_timeout(200)
    assert pictures(page) == still


def test_a_hidden_tab_pauses(visit) -> None:
    page = visit("/interpolate")
    decoding(page)
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.evaluate(
        """() => {
            Object.defineProperty(document, 'hidden', { get: () => true });
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    page.get_by_role("button", name="Play").wait_for()


def test_an_upload_becomes_the_start_and_stays_when_its_menu_closes(visit, settle) -> None:
    page = visit("/interpolate?interpolate_a_from=upload")
    fade = ".walk-strip:last-of-type img"
    before = sources(page, fade)
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator("input[type=file]").set_input_files(
        {"name": "one.png", "mimeType": "image/png", "buffer": stroke()}
    )
    expect(page.locator(fade)).not_to_have_attribute("src", before[0])
    settle(page)
    uploaded = sources(page, fade)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Swap").click()
    expect(page.locator(fade)).not_to_have_attribute("src", uploaded[0])
    page.get_by_role("button", name="Swap").click()
    expect(page.locator(fade)).to_have_attribute("src", uploaded[0])


def test_a_file_that_is_no_picture_is_one_sentence(visit, settle) -> None:
    page = visit("/interpolate?interpolate_a_from=upload")
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator("input[type=file]").set_input_files(
        {"name": "bad.png", "mimeType": "image/png", "buffer": b"<svg/>"}
    )
    expect(page.get_by_test_id("stAlert")).to_have_count(1)
    settle(page)
    expect(page.locator(".walk-strip")).to_have_count(3)


@pytest.mark.parametrize("kind", ["GIF", "WebP", "PNG"])
def test_the_walk_can_be_saved(visit, settle, kind: str) -> None:
    page = visit("/interpolate?interpolate_steps=5")
    page.get_by_text("Save", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=kind).click()
    with Image.open(download.value.path()) as picture:
        assert picture.format == kind.upper()
        if kind == "PNG":
            assert picture.height < picture.width  # three rows of five
        else:
            assert picture.is_animated
            assert picture.width > 2 * picture.height  # three methods side by side


@pytest.mark.parametrize("between", ["two", "four"])
def test_a_phone_shows_everything_without_scrolling_sideways(visit, between: str) -> None:
    page = visit(f"/interpolate?interpolate_between={between}", width=390, height=844)
    page.locator("figure.scores").wait_for()
    wait_for_pictures(page)
    assert page.evaluate(SIDEWAYS) <= 0
    page.wait_for_function(  # both at once: what appears above moves them
        """() => {
          const walk = "[class*='st-key-walk_']";
          const endpoints = [...document.querySelectorAll(`${walk} [data-testid='stPopover']`)];
          const [first, second] = endpoints.map((end) => end.getBoundingClientRect().y);
          return Math.abs(first - second) <= 2;
        }"""
    )


@pytest.mark.parametrize("path", ["linear", "spherical"])
def test_the_point_in_the_square_is_dragged(visit, settle, path: str) -> None:
    page = visit(f"/interpolate?interpolate_between=four&interpolate_path={path}")
    decoding(page)
    square = page.get_by_role("application", name="The square")
    square.scroll_into_view_if_needed()
    box = square.bounding_box()
    before = pictures(page)
    assert len(before) == 2
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    # The middle of the top right picture is the corner itself; beyond it there is nothing more.
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + 4, steps=5)
    during = changed(page, before)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"interpolate_xy=1\.000%2C0\.000"))
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile(r"interpolate_xy=1\.000%2C0\.010"))
    settle(page)
    assert pictures(page) != during


def test_other_ends_and_another_model_reach_the_player(visit, settle) -> None:
    page = visit("/interpolate")
    decoding(page)
    before, strip = pictures(page), sources(page, ".walk-strip img")[0]
    page.get_by_role("button", name="Draw others").click()
    expect(page.locator(".walk-strip img").first).not_to_have_attribute("src", strip)
    changed(page, before)
    faces = visit("/interpolate?interpolate_model=vae.toon_faces_k32", dark=True)
    decoding(faces)
    assert faces.locator(STAGE).first.evaluate("canvas => canvas.width") == 64


def test_four_corners_their_square_and_the_verdict_fit_the_first_screen(visit) -> None:
    page = visit("/interpolate?interpolate_between=four", width=1280, height=720)
    decoding(page)
    wait_for_pictures(page)
    answer = page.get_by_text("off real pictures").first
    for shown in (answer, page.get_by_role("application"), *page.locator(STAGE).all()):
        box = shown.bounding_box()
        assert box["y"] + box["height"] <= 720
    for menu in page.locator("[class*='st-key-walk_'] [data-testid='stPopover']").all():
        box = menu.bounding_box()
        assert box["y"] + box["height"] <= 720
    assert page.get_by_role("application").bounding_box()["width"] > 300


def test_four_corners_fill_two_boards(visit) -> None:
    page = visit("/interpolate?interpolate_between=four", dark=True)
    expect(page.locator(".walk-grid img")).to_have_count(2)
    wait_for_pictures(page)
    tops = page.locator(".walk-grid img").evaluate_all(
        "grids => grids.map(grid => grid.getBoundingClientRect().top)"
    )
    assert tops[0] == tops[1]


def test_ends_and_steps_outlive_a_visit_to_another_page(visit, settle) -> None:
    page = visit("/interpolate?interpolate_steps=7")
    before = sources(page, ".walk-strip img")
    page.get_by_role("button", name="Draw others").click()
    expect(page.locator(".walk-strip img").first).not_to_have_attribute("src", before[0])
    settle(page)
    chosen, link = sources(page, ".walk-strip img"), page.url
    menu = page.get_by_test_id("stSidebarNav")
    menu.get_by_text("Home", exact=True).click()
    page.locator(".cards").wait_for()
    menu.get_by_text("Interpolate", exact=True).click()
    page.locator(".walk-strip").first.wait_for()
    settle(page)
    assert sources(page, ".walk-strip img") == chosen
    assert page.url == link
