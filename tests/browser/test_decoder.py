"""The decoder alone in Chromium, without Streamlit: what node has no Workers or servers for."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from small_decoders import odd_chains

from latentlab import export
from latentlab.ui.browser import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAME = "strides"


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
    """An empty page of a server that has decoder.js and one exported decoder."""
    folder = tmp_path_factory.mktemp("site")
    for file in build.KERNEL.parent.iterdir():
        if file.suffix in (".js", ".wasm"):
            (folder / file.name).write_bytes(file.read_bytes())
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
  const decoding = await import("/decoder.js");
  const urls = {{
    manifestUrl: "/{NAME}.json", weightsUrl: "/{NAME}.bin.gz", kernelUrl: "/kernel.wasm",
  }};
  const bytes = async (url) => (await fetch(url)).arrayBuffer();
  const files = {{
    manifest: await (await fetch(urls.manifestUrl)).json(),
    weights: await bytes(urls.weightsUrl), kernel: await bytes(urls.kernelUrl),
  }};
"""


def run(page: "Page", script: str) -> object:
    return page.evaluate(f"async () => {{ {FETCH} {script} }}")


@pytest.mark.parametrize("backend", ["wasm", "js"])
def test_a_worker_decodes_as_torch_does(page: "Page", backend: str) -> None:
    found = run(
        page,
        f"""
        if ("{backend}" === "js") files.kernel = null;
        const decoder = await decoding.openWorkerDecoder(files);
        const {{ difference }} = await decoder.check();
        const z = files.manifest.reference.z[1];
        const there = await decoder.decode(z);
        const here = (await decoding.openDecoder(files)).decode(z);
        decoder.close();
        const end = await decoder.decode(z).catch((error) => error.message);
        const same = here.every((value, i) => value === there.image[i]);
        return [decoder.backend, decoder.worker, difference < 1e-5, same, end];
        """,
    )
    assert found == [backend, True, True, True, "This decoder has been closed."]


def test_a_worker_refuses_damaged_weights(page: "Page") -> None:
    said = run(
        page,
        """
        files.weights = files.weights.slice(0, -9);
        return decoding.openWorkerDecoder(files).catch((error) => error.message);
        """,
    )
    assert said == "This decoder cannot be used: its weights did not arrive whole."


@pytest.mark.parametrize("address", ["", "?unzipped"])
def test_weights_may_be_unzipped_on_their_way(page: "Page", address: str) -> None:
    found = run(
        page,
        f"""
        urls.weightsUrl += "{address}";
        const unzipped = (await bytes(urls.weightsUrl)).byteLength;
        const decoder = await decoding.fetchDecoder(urls);
        const close = decoder.check().difference < 1e-5;
        return [decoder.backend, close, unzipped === files.manifest.weights.bytes];
        """,
    )
    assert found == ["wasm", True, address == "?unzipped"]


def test_without_webassembly_plain_javascript_decodes(page: "Page") -> None:
    found = run(
        page,
        """
        const { WebAssembly } = globalThis;
        delete globalThis.WebAssembly;
        try {
          const decoder = await decoding.fetchDecoder(urls);
          return [decoder.backend, decoder.check().difference < 1e-5];
        } finally {
          globalThis.WebAssembly = WebAssembly;
        }
        """,
    )
    assert found == ["js", True]
