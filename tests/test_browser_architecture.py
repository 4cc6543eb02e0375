"""The browser's modules load one another in one direction: pages → draw, networks → decoder →
shared."""

import pytest
from browser_modules import BROWSER, Graph, circles, graph, loads, written

PAGES = (
    "home",
    "explore",
    "interpolate",
    "denoise",
    "embeddings",
    "bottleneck",
    "regularise",
    "anomaly",
    "pretrain",
    "adversaries",
    "time_machine",
    "transfer",
    "adaptation",
    "sequences",
    "attention",
    "sentences",
)
# What a folder may load, itself aside.
MAY = {
    "shared": (),
    "decoder": ("shared",),
    "draw": ("decoder", "shared"),
    "networks": ("decoder", "shared"),
    "training": ("shared",),
    **{page: ("draw", "networks", "training", "decoder", "shared") for page in PAGES},
}


def wrong_ways(edges: Graph) -> list[str]:
    """Every file that loads one it must not know, and every one that is in no known folder."""
    found = []
    for path, others in edges.items():
        folder = path.rpartition("/")[0]
        if folder not in MAY:
            found.append(f"{path} is in no folder of {', '.join(MAY)}")
            continue
        for other in sorted(others):
            to = other.rpartition("/")[0]
            if to not in (folder, *MAY[folder]):
                found.append(f"{path} → {other}")
    return found


def test_no_module_loads_itself_by_others() -> None:
    assert list(circles(graph())) == []


def test_modules_load_in_one_direction() -> None:
    assert wrong_ways(graph()) == []


def test_what_is_loaded_is_there_and_what_is_there_is_loaded() -> None:
    edges = graph()
    there = {file.relative_to(BROWSER).as_posix() for file in written()}
    loaded = set().union(*edges.values())
    assert loaded - there == set()
    mounted = {path for path in edges if "export default" in (BROWSER / path).read_text()}
    assert {path.partition("/")[0] for path in mounted} == {"draw", *PAGES}
    sheets = {path.replace(".js", ".css") for path in mounted}
    assert set(edges) - loaded == mounted | sheets


# --- the checks themselves ---------------------------------------------------------------------

SOURCE = """
import { a } from "./near.js";
import {
  b,
} from "../shared/far.js";
export { c } from "../shared/again.js";
import "../shared/whole.js";
// import { d } from "./commented.js";
/* from "./quoted.js" */
const link = "https://example.org/from";
const later = await import("./later.js");
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
const page = new URL(`../../../..${path}`, import.meta.url);
const here = new URL(window.location);
const words = "a picture from ";
"""


def test_every_way_to_load_is_read() -> None:
    near = {"draw/near.js", "draw/later.js", "draw/worker.js"}
    far = {"shared/far.js", "shared/again.js", "shared/whole.js"}
    assert loads("draw/some.js", SOURCE) == near | far
    assert loads("draw/some.css", '@import "../shared/live.css";') == {"shared/live.css"}


@pytest.mark.parametrize(
    "source",
    [
        "await import(name)",
        "import(`./${name}.js`)",
        "new URL(name, import.meta.url)",
        'import { a } from "lodash";',
        'import "https://example.org/a.js";',
    ],
)
def test_what_cannot_be_followed_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"^draw/some.js loads what cannot be followed: "):
        loads("draw/some.js", source)


def test_a_circle_is_found() -> None:
    tree = {"a": {"b", "c"}, "b": {"c"}, "c": {"d"}, "d": set()}
    assert list(circles(tree)) == []
    assert list(circles({**tree, "d": {"b"}})) == [["b", "c", "d", "b"]]
    assert list(circles({"a": {"a"}})) == [["a", "a"]]


def test_a_wrong_direction_is_found() -> None:
    right = {
        "explore/a.js": {"explore/b.js", "draw/a.js", "decoder/a.js", "shared/a.js"},
        "draw/a.js": {"decoder/a.js", "shared/a.js"},
        "decoder/a.js": {"shared/a.js"},
        "shared/a.js": {"shared/b.js"},
    }
    assert wrong_ways(right) == []
    for path, other in [
        ("shared/a.js", "decoder/a.js"),
        ("decoder/a.js", "draw/a.js"),
        ("draw/a.js", "explore/a.js"),
        ("explore/a.js", "denoise/a.js"),
    ]:
        assert wrong_ways({**right, path: {other}}) == [f"{path} → {other}"]
    assert wrong_ways({"a.js": set(), "new/a.js": set()}) == [
        f"{path} is in no folder of {', '.join(MAY)}" for path in ("a.js", "new/a.js")
    ]
