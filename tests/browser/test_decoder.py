"""The decoder alone in Chromium, without Streamlit: what node has no Workers or servers for."""

import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from browser_modules import BROWSER
from small_decoders import odd_chains

from latentlab import export

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAME = "strides"
ASSETS = "_stcore/bidi-components/latentlab.some"  # as Streamlit serves them


class Files(SimpleHTTPRequestHandler):
    """A folder's files; one whose address ends in ?unzipped arrives unzipped by the browser."""

    def end_headers(self) -> None:
        if self.path.endswith("?unzipped"):
            self.send_header("Content-Encoding", "gzip")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass  # not into the tests' output


@pytest.fixture(scope="module")
def page(chromium: "Browser", tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Page]":
    """An empty page of a server that has our modules and one exported decoder."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(BROWSER, folder / ASSETS, ignore=shutil.ignore_patterns("*.py*", "*.css"))
    export.write(export.decoder_files(odd_chains()[NAME], NAME), folder)
    (folder / "index.html").write_text("<!doctype html><title>decoder</title>", encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        opened = chromium.new_page()
        opened.goto(f"http://127.0.0.1:{server.server_port}/")
        yield opened
        opened.close()
        server.shutdown()
        thread.join()


FETCH = f"""
  const module = (name) => import(`/{ASSETS}/decoder/${{name}}.js`);
  const [{{ openDecoder }}, {{ readFiles }}, {{ openFor }}, {{ startWorker }}] =
    await Promise.all(["decoder", "files", "opening", "remote"].map(module));
  const source = {{ manifest: "/{NAME}.json", weights: "/{NAME}.bin.gz" }};
  const bytes = async (url) => (await fetch(url)).arrayBuffer();
  const files = {{
    manifest: await (await fetch(source.manifest)).json(),
    weights: await bytes(source.weights),
    kernel: await bytes("/{ASSETS}/decoder/kernel.wasm"),
  }};
"""


def run(page: "Page", script: str) -> object:
    return page.evaluate(f"async () => {{ {FETCH} {script} }}")


def test_a_worker_decodes_as_torch_does(page: "Page") -> None:
    found = run(
        page,
        """
        const decoder = await startWorker(await readFiles(files));
        const z = files.manifest.reference.z[1];
        const there = await decoder.decode(z);
        const opened = await openDecoder(files);
        const here = opened.decode(z);
        decoder.close();
        const end = await decoder.decode(z).catch((error) => error.message);
        const same = here.every((value, i) => value === there.image[i]);
        return [decoder.worker, same, opened.check().difference < 1e-5, end];
        """,
    )
    assert found == [True, True, True, "This decoder has been closed."]


def test_damaged_weights_are_refused(page: "Page") -> None:
    said = run(
        page,
        """
        files.weights = files.weights.slice(0, -9);
        return readFiles(files).catch((error) => error.message);
        """,
    )
    assert said == "This decoder cannot be used: its weights did not arrive whole."


@pytest.mark.parametrize("address", ["", "?unzipped"])
def test_weights_may_be_unzipped_on_their_way(page: "Page", address: str) -> None:
    found = run(
        page,
        f"""
        source.weights += "{address}";
        const unzipped = (await bytes(source.weights)).byteLength;
        const {{ decoder, difference }} = await openFor(source, new AbortController().signal);
        return [decoder.worker, difference < 1e-5, unzipped === files.manifest.weights.bytes];
        """,
    )
    assert found == [False, True, address == "?unzipped"]
