"""Which words of a walk are new; in node."""

from pathlib import Path

import node_tests
import pytest

FILE = Path(__file__).with_name("lines.test.mjs")


@pytest.fixture(scope="module")
def results() -> node_tests.Results:
    return node_tests.run(FILE)


@pytest.mark.parametrize("name", node_tests.names(FILE))
def test_in_node(name: str, results: node_tests.Results) -> None:
    node_tests.check(name, results)
