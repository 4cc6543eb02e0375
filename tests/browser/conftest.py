"""A running app and a real Chromium for the tests in this folder.

    def test_something(visit, settle):
        page = visit("/denoise?sigma=0.5", dark=True, width=390)
        page.get_by_role("button", name="New noise").click()
        settle(page)

``page`` is a Playwright page. When a test fails, its last screenshot is in ``tests/screenshots``.
A test also fails when its page wrote an error to the browser's console.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from filelock import FileLock

from benchmarks.serving import FLAGS, find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120_000  # milliseconds; slow machines are slow, only a stuck page takes this long


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            # Two processes and a browser share a few cores: what fails is run again, and said.
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.stash.setdefault(_failed, False)
    item.stash[_failed] |= report.failed
    return report


_failed = pytest.StashKey[bool]()
_shared: "list[subprocess.Popen[bytes]]" = []


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """The browser; without one the test is skipped, or fails under LATENTLAB_REQUIRE_BROWSER=1."""
    found = find_chromium()
    if found is None:
        sentence = "There is no Chromium here: install it (apt-get install chromium)."
        if os.environ.get("LATENTLAB_REQUIRE_BROWSER") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app, served for the whole test run on a free port of this computer.

    The processes of one run share it: what a page computes once for all visitors takes a server
    more time than everything that the tests then ask of it. The first process to ask starts it,
    the last to leave ends it.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        with _served(tmp_path_factory.mktemp("server") / "log.txt") as address:
            yield address
        return
    together = tmp_path_factory.getbasetemp().parent
    users, note, lock = together / "users", together / "server.json", together / "server.lock"
    with FileLock(lock):
        users.mkdir(exist_ok=True)
        if not note.exists():
            server, address = _start(together / "server.txt")
            _shared.append(server)  # whoever ends it, this process must not forget it before
            note.write_text(json.dumps({"pid": server.pid, "address": address}))
        (users / worker).touch()
        known = json.loads(note.read_text())
    yield known["address"]
    with FileLock(lock):
        (users / worker).unlink()
        if not any(users.iterdir()):
            note.unlink()
            os.kill(known["pid"], signal.SIGTERM)


@pytest.fixture(scope="session")
def serve(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., AbstractContextManager[str]]:
    """Function that serves the app once more, with Streamlit's options, for a ``with`` block."""
    return lambda *options: _served(tmp_path_factory.mktemp("server") / "log.txt", *options)


@contextmanager
def _served(log: Path, *options: str) -> Iterator[str]:
    server, address = _start(log, *options)
    try:
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _start(log: Path, *options: str) -> tuple[subprocess.Popen[bytes], str]:
    """Return a server of the app that answers, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    base = options[options.index(_BASE) + 1] + "/" if _BASE in options else ""
    environment = {**os.environ, "LATENTLAB_WARM_UP": "1"}  # as visitors get it
    environment.pop("LATENTLAB_DATA", None)  # pages with all the data show other pictures
    command = [sys.executable, "-c", _SERVE, "run", "app.py", "--server.headless", "true"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "--server.address", "127.0.0.1", "--server.port", str(port), *options],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + PATIENCE / 1000
    while not _answers(f"{address}/{base}_stcore/health"):
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            pytest.fail(f"The app did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.1)
    return server, address


_BASE = "--server.baseUrlPath"
# Streamlit, but that background work does not give way to pages: in a test run it would give way
# to the browsers and servers of other processes, too, and be waited for.
_SERVE = """
import os
os.setpriority = lambda *_: None
from streamlit.web.cli import main
main(prog_name="streamlit")
"""


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as reply:
            return reply.status == 200
    except (URLError, OSError):
        return False


@pytest.fixture(scope="session")
def visitors(chromium: "Browser") -> "Iterator[BrowserContext]":
    """Where visitors come from: what the browser keeps of Streamlit's scripts serves them all.

    To fetch and compile them takes as long as all the rest of a visit.
    """
    context = chromium.new_context()
    yield context
    context.close()


@pytest.fixture
def visit(
    app: str, visitors: "BrowserContext", request: pytest.FixtureRequest
) -> "Iterator[Callable[..., Page]]":
    """Function that opens a path of the app as a new visitor and waits until it is drawn.

    ``visit(path, dark=False, width=1280, height=800)`` returns the Playwright page. Scripts that
    are to run before the app's are the page's (``page.add_init_script``), not its context's.
    """
    opened: list[Page] = []
    complaints: list[str] = []

    def listen(message: "ConsoleMessage") -> None:
        # On a deep link Streamlit looks for its own health check under that path first: a 404. And
        # it forgets a page's files once the visitor leaves it, whoever is still fetching one: then
        # the browser names the file, or Streamlit's script that wanted to draw it does.
        said = f"{message.text} ({message.location.get('url')})"
        if message.type == "error" and "/_stcore/" not in said and "/media/" not in said:
            complaints.append(said)

    def open_it(
        path: str = "/", *, dark: bool = False, width: int = 1280, height: int = 800
    ) -> "Page":
        page = visitors.new_page()
        opened.append(page)
        page.set_default_timeout(PATIENCE)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(app + path)
        _settle(page)
        return page

    yield open_it
    if request.node.stash.get(_failed, False):
        folder = ROOT / "tests" / "screenshots"
        folder.mkdir(exist_ok=True)
        for number, page in enumerate(opened):
            page.screenshot(path=folder / f"{request.node.name}-{number}.png", full_page=True)
    for page in opened:
        if not page.is_closed() and page.url.startswith(app):
            page.evaluate("localStorage.clear()")
        page.close()
    visitors.clear_cookies()
    assert complaints == [], "the page wrote errors to the browser's console"


@pytest.fixture
def settle() -> "Callable[[Page], None]":
    """Function that waits until the app has drawn a page and is at rest; call it after a click."""
    return _settle


def _settle(page: "Page") -> None:
    page.locator("h1").first.wait_for(state="attached")  # a presentation hides it
    page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for()
