"""The app below a path, behind a proxy: as docs/deployment.md sets it up, with nginx.

Skipped where there is no nginx (apt-get install nginx-light).
"""

import io
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from latentlab.ui.app import contents

DEPLOYMENT = Path(__file__).resolve().parents[2] / "docs" / "deployment.md"
PHOTOGRAPH = "/denoise?denoise_of=photographs&denoise_photo=chelsea"  # the smallest
VIEWS = [*(f"/{entry.name}" for entry in contents.PAGES), PHOTOGRAPH, "/"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def documented(heading: str) -> str:
    """The nginx settings that stand under a heading of the documentation."""
    text = DEPLOYMENT.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    return text.partition("```nginx\n")[2].partition("```")[0]


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Function that starts nginx with a location of its own, and returns its address."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        pytest.skip("There is no nginx here: install it (apt-get install nginx-light).")
    running: list[subprocess.Popen[bytes]] = []

    def start(location: str) -> str:
        port = free_port()
        user = "user root;" if os.geteuid() == 0 else ""
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
        (tmp_path / "nginx.conf").write_text(
            f"{user} daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;"
            "events {} http { access_log off; " + places + f"server {{ listen 127.0.0.1:{port};\n"
            f"{location}\n}} }}"
        )
        running.append(
            subprocess.Popen([found, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")])
        )
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return f"http://127.0.0.1:{port}"
            time.sleep(0.1)
        pytest.fail((tmp_path / "error.log").read_text())

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def missing(page: Page, settle: Callable[[Page], None], base: str) -> list[str]:
    """Visit every view below ``base``; return what of ours or of its pictures did not come."""
    failed: list[str] = []

    def listen(response: object) -> None:
        url, status = response.url, response.status  # type: ignore[attr-defined]
        # Streamlit looks for its own health check under the page's path first, and finds none.
        if status >= 400 and not url.endswith(("/_stcore/health", "/_stcore/host-config")):
            failed.append(f"{status} {url}")

    page.on("response", listen)
    for view in VIEWS:
        page.goto(base + view)
        settle(page)
        expect(page.locator("[data-testid=stException]")).to_have_count(0)
        if "photographs" in view:
            # Every method has its try first, and there may be a whole class of them on two cores.
            expect(page.locator(".tiles.windows img")).not_to_have_count(0, timeout=240_000)
        for image in page.locator("img").all():
            loaded = "image => image.decode().then(() => true, () => image.currentSrc)"
            if (found := image.evaluate(loaded)) is not True:
                failed.append(f"{view}: {found}")
        if page.locator("[data-testid^=stBidiComponent]").count():
            page.wait_for_function(
                """[...document.querySelectorAll("[data-testid^=stBidiComponent]")].every((host) =>
                  (host.shadowRoot ?? host).querySelector(".live")?.childElementCount)"""
            )
    return failed


def test_everything_comes_through_a_proxy_that_strips_its_prefix(
    app: str, nginx: Callable[[str], str], opened: Page, settle: Callable[[Page], None]
) -> None:
    location = documented("Below a path, behind a proxy that strips it")
    assert "proxy_pass" in location
    address = nginx(location.replace("http://127.0.0.1:8501", app))
    assert missing(opened, settle, f"{address}/lab") == []


SETTINGS = ("--server.baseUrlPath", "course/lab", "--server.enableXsrfProtection", "false")


@pytest.fixture(scope="module")
def course(serve: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    """The app once more, below a base path and ready for a frame of another site."""
    with serve(*SETTINGS) as address:
        yield f"{address}/course/lab"


def test_everything_comes_below_a_base_path(
    course: str, opened: Page, settle: Callable[[Page], None]
) -> None:
    assert missing(opened, settle, course) == []


def upload_in_a_frame(chromium: Browser, address: str) -> Page:
    """Open the app in a frame of another site, and upload a picture there."""
    # To a browser, localhost and 127.0.0.1 are two sites.
    page = chromium.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    page.set_default_timeout(60_000)
    page.route(
        "http://localhost/course",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f"<iframe src='{address}/denoise?denoise_pic_from=upload'"
            " style='width: 100%; height: 95vh'></iframe>",
        ),
    )
    page.goto("http://localhost/course")
    frame = page.frame_locator("iframe")
    frame.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        {"name": "two.png", "mimeType": "image/png", "buffer": picture()}
    )
    return page


def picture() -> bytes:
    file = io.BytesIO()
    image = Image.new("L", (60, 60), 255)
    image.paste(0, (25, 10, 35, 50))
    image.save(file, "PNG")
    return file.getvalue()


def test_an_upload_in_a_frame_of_another_site_is_refused_in_a_sentence(
    app: str, chromium: Browser
) -> None:
    page = upload_in_a_frame(chromium, app)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Open it in a tab of its own")).to_be_visible()
    page.context.close()


def test_with_the_documented_setting_an_upload_in_a_frame_works(
    course: str, chromium: Browser
) -> None:
    assert " ".join(SETTINGS[2:]) in DEPLOYMENT.read_text(encoding="utf-8")
    page = upload_in_a_frame(chromium, course)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("two.png").first).to_be_visible()
    expect(frame.locator(".tiles img").first).to_be_visible()
    expect(frame.get_by_text("Open it in a tab of its own")).to_have_count(0)
    expect(frame.get_by_text("403")).to_have_count(0)
    page.context.close()
