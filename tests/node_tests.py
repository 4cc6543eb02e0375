"""The tests of a ``*.test.mjs`` as tests of pytest: each with a name, a result and its own failure.

    FILE = Path(__file__).with_name("decoder.test.mjs")

    @pytest.fixture(scope="module")
    def results(exported): return node_tests.run(FILE, FOLDER=exported)

    @pytest.mark.parametrize("name", node_tests.names(FILE))
    def test_in_node(name, results): node_tests.check(name, results)

Node lists the names when pytest collects, and runs them all at once when the first one is wanted.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

NONE = "no node here to run the JavaScript (apt install nodejs)"
PATIENCE = 300  # seconds

Results = dict[str, str | None]  # name of a test -> why it failed


def names(file: Path, **variables: object) -> list[str]:
    """Names of the tests in a file; without node one, which stands for all of them."""
    if shutil.which("node") is None:
        return [NONE]
    listed = _node(str(file), LATENTLAB_LIST="1", **variables)
    if listed.returncode:
        raise RuntimeError(f"{file.name} cannot be read:\n{listed.stderr}")
    found: list[str] = [json.loads(line) for line in listed.stdout.splitlines()]
    twice = {name for name in found if found.count(name) > 1}
    assert found and not twice, f"{file.name}: no tests, or several of one name: {twice}"
    return found


def run(file: Path, **variables: object) -> Results:
    """Run a file. Without node, skip what asks for it, or fail: LATENTLAB_REQUIRE_BROWSER=1."""
    if shutil.which("node") is None:
        if os.environ.get("LATENTLAB_REQUIRE_BROWSER") == "1":
            pytest.fail(NONE)
        pytest.skip(NONE)
    done = _node("--test", "--test-reporter=junit", str(file), **variables)
    results: Results = {}
    for case in ElementTree.fromstring(done.stdout).iter("testcase"):
        failure = case.find("failure")
        results[case.attrib["name"]] = None if failure is None else failure.text or "it failed"
        if case.find("skipped") is not None:
            results[case.attrib["name"]] = "node has skipped it"
    if done.returncode and not any(results.values()):
        pytest.fail(f"{file.name} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return results


def check(name: str, results: Results) -> None:
    """Fail as the test of that name did in node."""
    others = "\n".join(f"{other}: {why}" for other, why in results.items() if why)
    assert name in results, f"node did not run it. It says:\n{others}"
    if why := results[name]:
        pytest.fail(why, pytrace=False)


def _node(*arguments: str, **variables: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["node", *arguments],
        env={**os.environ, **{name: str(value) for name, value in variables.items()}},
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
