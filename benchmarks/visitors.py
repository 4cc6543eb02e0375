"""A hundred visitors of Explore at once: they arrive together, then each drags and lets go.

They speak Streamlit's own websocket protocol and fetch what a browser does that has kept
Streamlit's own scripts from an earlier visit: the page, the component's files, the decoder, the
latent space, the pictures. They share this computer's processors with the server.
"""

import asyncio
import json
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.serving import Server, served
from benchmarks.timing import Row, percentiles

VISITORS = 100
PAUSE = 2.0  # seconds between two drags of a visitor
ROUNDS = 5  # drags of each
PATIENCE = 60.0  # seconds; nobody waits longer
ARRIVAL_BAR, SETTLED_BAR = 3.0, 500.0  # seconds; milliseconds, 95th percentile
COMPONENT = "latentlab.latent_sliders"
FILES = ("bundles/latent_sliders.js", "bundles/latent_sliders.css", "decoder/kernel.wasm")
# What Streamlit's own script asks for: beside the page's address at first, then above it.
ASKED = [f"{at}/_stcore/{what}" for at in ("/explore", "") for what in ("health", "host-config")]
ASKED += ["/favicon.png"]
MEDIA = re.compile(rb"/media/[0-9a-f]{32,64}\.(?:json|gz|png|jpg|webp)")
# A run may also end early because another has to follow it; that is not the end.
ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


def visitors() -> Iterator[Row]:
    """Yield how long arriving takes for all, and how long a page takes to follow a drag."""
    with served() as server:
        asyncio.run(_wait_until_warm(server))
        before = server.cpu_seconds()
        everyone = [Visitor(server) for _ in range(VISITORS)]
        # One loop for both halves: the websockets stay open between them.
        arrival, waits, spent = asyncio.run(_visit(everyone, server))
    interactive = max(arrival)
    yield Row(
        f"{VISITORS} visitors open Explore: the last is interactive",
        f"{interactive:.2f} s (median {statistics.median(arrival):.2f} s)",
    )
    if before is not None and spent is not None:
        cpu = spent[0] - before
        bar = f"≤ {ARRIVAL_BAR:g} s"
        yield Row("  processor time of the server", f"{cpu:.2f} s", bar, cpu <= ARRIVAL_BAR)
    median, worst = percentiles(waits)
    yield Row(
        f"{VISITORS} visitors drag every {PAUSE:g} s: the page follows",
        f"{median:.0f} ms p50, {worst:.0f} ms p95",
        f"≤ {SETTLED_BAR:g} ms p95",
        worst <= SETTLED_BAR,
    )
    if spent is not None and spent[1] is not None:
        yield Row("  processor time of the server a drag", f"{1000 * spent[1]:.0f} ms")


async def _wait_until_warm(server: Server) -> None:
    """Visit once, and wait until the server has loaded what it loads in the background."""
    await Visitor(server).arrive()
    calm, used = 0, server.cpu_seconds()
    for _ in range(60):
        await asyncio.sleep(0.5)
        now = server.cpu_seconds()
        if now is None or used is None:
            await asyncio.sleep(20)
            return
        calm = calm + 1 if now - used < 0.05 else 0
        used = now
        if calm == 10:
            return


async def _visit(
    everyone: "list[Visitor]", server: Server
) -> tuple[list[float], list[float], tuple[float, float | None] | None]:
    """Return seconds to arrive, milliseconds to follow, and the server's processor time."""
    await asyncio.gather(*(visitor.arrive() for visitor in everyone))
    after = server.cpu_seconds()
    arrival = [visitor.interactive for visitor in everyone]
    waits = await asyncio.gather(
        *(visitor.drag(delay=PAUSE * n / len(everyone)) for n, visitor in enumerate(everyone))
    )
    for visitor in everyone:
        await visitor.leave()
    times = [wait for each in waits for wait in each]
    end = server.cpu_seconds()
    if after is None or end is None:
        return arrival, times, None
    return arrival, times, (after, (end - after) / len(times))


@dataclass
class Visitor:
    """One browser tab."""

    server: Server
    interactive: float = 0.0  # seconds until everything was there
    _socket: ClientConnection | None = None
    _component: str = ""  # id of its widget
    _fragment: str = ""
    _page: str = ""
    _data: dict[str, object] = field(default_factory=dict)
    _media: set[str] = field(default_factory=set)  # addresses that the server has told

    async def arrive(self) -> None:
        """Open Explore and fetch what its component needs."""
        start = time.perf_counter()
        await self._get("/explore")
        await asyncio.gather(*(self._get(path, known=False) for path in ASKED))
        self._socket = await connect(
            f"ws://127.0.0.1:{self.server.port}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            open_timeout=PATIENCE,
        )
        message = BackMsg()
        message.rerun_script.page_name = "explore"
        await self._run(message)
        decoder = self._data["decoder"]
        assert isinstance(decoder, dict), "the page's model cannot be decoded in a browser"
        assert {self._data["space"], decoder["manifest"], decoder["weights"]} <= self._media
        base = f"/_stcore/bidi-components/{COMPONENT}/"
        await asyncio.gather(
            *(self._get(f"{base}{name}") for name in FILES),
            *(self._get(path) for path in self._media),
        )
        self.interactive = time.perf_counter() - start

    async def drag(self, delay: float) -> list[float]:
        """Settle somewhere else every two seconds; return the milliseconds until the page did."""
        await asyncio.sleep(delay)
        times = []
        for n in range(ROUNDS):
            start = time.perf_counter()
            at = [round(0.1 * (n + 1) * (-1) ** k, 3) for k in range(16)]
            report = {"origin": self._data["origin"], "at": at, "n": int(1000 * time.time())}
            message = BackMsg()
            message.rerun_script.page_script_hash = self._page
            message.rerun_script.fragment_id = self._fragment
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self._component
            state.json_value = json.dumps({"z": report})
            await self._run(message)
            times.append(1000 * (time.perf_counter() - start))
            await asyncio.sleep(max(0.0, PAUSE - (time.perf_counter() - start)))
        return times

    async def leave(self) -> None:
        """Close the tab."""
        if self._socket is not None:
            await self._socket.close()

    async def _run(self, message: BackMsg) -> None:
        """Ask for a run, and read until it has ended."""
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())
        while True:
            raw = await asyncio.wait_for(self._socket.recv(), PATIENCE)
            assert isinstance(raw, bytes)
            reply = ForwardMsg()
            reply.ParseFromString(raw)
            self._media.update(path.decode() for path in MEDIA.findall(raw))
            kind = reply.WhichOneof("type")
            if kind == "new_session":
                self._page = reply.new_session.page_script_hash
            elif kind == "delta" and reply.delta.new_element.bidi_component.id:
                element = reply.delta.new_element.bidi_component
                if element.component_name == COMPONENT:
                    self._component = element.id
                    self._fragment = reply.delta.fragment_id
                    self._data = json.loads(element.json)
            elif kind == "script_finished" and reply.script_finished in ENDED:
                return

    async def _get(self, path: str, *, known: bool = True) -> None:
        """Fetch a file; ``known``: the server has it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        try:
            request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
            writer.write(f"{request}Connection: close\r\n\r\n".encode())
            reply = await asyncio.wait_for(reader.read(), PATIENCE)
        finally:
            writer.close()
        status = reply.partition(b"\r\n")[0]
        if known and b" 200 " not in status:
            raise RuntimeError(f"{path}: the server answered {status!r}")
