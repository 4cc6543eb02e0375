"""Every page opens in Firefox too, where there is one; elsewhere these tests are skipped.

Debian's Firefox speaks Marionette, its own protocol: Playwright drives only a Firefox of its own.
"""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from latentlab.ui.app import contents

# The driver leaves a socket of each attempt to the collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

_PATIENCE = 60  # seconds
_SETTINGS = {
    "browser.shell.checkDefaultBrowser": "false",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "app.update.enabled": "false",
}
_SHOWN = """
const app = document.querySelector("[data-testid=stApp]");
return {
  heading: document.querySelector("h1")?.innerText ?? "",
  rests: app?.dataset.testScriptState === "notRunning",
  failed: document.querySelectorAll("[data-testid=stException]").length,
  // What our own components put into their boxes; empty where their script did not run.
  components: [...document.querySelectorAll("[data-testid^=stBidiComponent]")]
    .map((host) => (host.shadowRoot ?? host).querySelector(".live")?.childElementCount ?? 0),
  sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
};
"""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session of Firefox, driven through Marionette."""
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    if found is None:
        pytest.skip("There is no Firefox here: install it (apt-get install firefox-esr).")
    marionette = pytest.importorskip("marionette_driver.marionette")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    profile = tmp_path_factory.mktemp("firefox")
    settings = {**_SETTINGS, "marionette.port": str(port)}
    lines = "".join(f'user_pref("{name}", {value});\n' for name, value in settings.items())
    (profile / "user.js").write_text(lines)
    process = subprocess.Popen(
        [found, "--headless", "--marionette", "--no-remote", "--profile", str(profile)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + _PATIENCE
        while not _listens(port):
            assert process.poll() is None and time.monotonic() < deadline, "Firefox did not start"
            time.sleep(0.2)
        driver = marionette.Marionette(host="127.0.0.1", port=port)
        driver.start_session()
        yield driver
        with contextlib.suppress(Exception):
            driver.delete_session()
    finally:
        process.terminate()
        process.wait(timeout=30)


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


@pytest.mark.parametrize("name", ["", *(entry.name for entry in contents.PAGES)])
def test_every_page_opens_in_firefox(firefox: Any, app: str, name: str) -> None:
    firefox.navigate(f"{app}/{name}")
    deadline = time.monotonic() + _PATIENCE
    while True:
        shown = firefox.execute_script(_SHOWN)
        drawn = shown["heading"] and shown["rests"] and 0 not in shown["components"]
        # The two pages whose hero is our own component have to show it.
        drawn = drawn and (name not in ("explore", "interpolate") or shown["components"])
        if drawn or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    assert drawn, shown
    if name:
        assert shown["heading"] == contents.find(name).title
    assert shown["failed"] == 0 and shown["sideways"] <= 0
