"""Remakes the screenshots of the README from the running app: ``python docs/screenshots.py``."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
VIEWS = {
    "home": "",
    "denoise": "denoise?denoise_gaussian=0.5",
    "explore": "explore?explore_model=vae.toon_faces_k32",
    "disentangle": "disentangle",
    "bottleneck": "bottleneck",
    "regularise": "regularise",
    "adversaries": "adversaries?adversaries_moves=1500s",
    "time_machine": "time_machine?time_machine_beside=true",
    "applications": "applications?applications_data=toon_faces",
    "adaptation": "adaptation?adaptation_section=live&adaptation_moves=1500x100",
    "pretrain": "pretrain?pretrain_section=moments",
    "transfer": "transfer",
    "sentences": "sentences",
    "anomaly": "anomaly",
    "sequences": "sequences",
    "embeddings": "embeddings",
    "attention": "attention?attention_layer=1&attention_head=3",
}
CHROMIUM = os.environ.get("LATENTLAB_CHROMIUM", "/usr/bin/chromium")
QUIET = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking"


def main() -> None:
    """Start the app, take one picture a page, and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    server = subprocess.Popen([*command, "--server.port", str(port)], cwd=ROOT)
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health")
        IMAGES.mkdir(exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
            for name, address in VIEWS.items():
                page = browser.new_page(viewport={"width": 1280, "height": 860})
                page.goto(f"http://127.0.0.1:{port}/{address}", timeout=180_000)
                _settle(page)
                page.screenshot(path=IMAGES / f"{name}.png")
                page.close()
            browser.close()
    finally:
        server.terminate()
        server.wait()


def _wait(address: str) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The app did not start.")


def _settle(page: Page) -> None:
    """Wait until the page has its heading and nothing has run for two seconds."""
    page.get_by_role("heading", level=1).wait_for(timeout=120_000)
    quiet = 0
    while quiet < 4:
        running = page.locator("[data-testid=stStatusWidget], [data-testid=stSkeleton]").count()
        quiet = 0 if running else quiet + 1
        page.wait_for_timeout(500)


if __name__ == "__main__":
    main()
