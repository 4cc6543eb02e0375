"""Runs decoder.test.mjs: decoders in node's engine, without a browser."""

import json
from pathlib import Path

import node_tests
import pytest
from exported_names import NAMES

FILE = Path(__file__).with_name("decoder.test.mjs")
DECODERS = {"LATENTLAB_DECODERS": json.dumps(NAMES)}


@pytest.fixture(scope="module")
def results(exported: Path) -> node_tests.Results:
    return node_tests.run(FILE, **DECODERS, LATENTLAB_EXPORTED=exported)


@pytest.mark.parametrize("name", node_tests.names(FILE, **DECODERS))
def test_in_node(name: str, results: node_tests.Results) -> None:
    node_tests.check(name, results)
