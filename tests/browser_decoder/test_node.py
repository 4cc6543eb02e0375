"""Runs decoder.test.mjs: both ways to decode, without a browser."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def test_decoder_js_in_node(exported: Path) -> None:
    node = shutil.which("node")
    if node is None:
        sentence = "no node here to run the decoder's JavaScript (apt install nodejs)"
        if os.environ.get("LATENTLAB_REQUIRE_BROWSER") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    result = subprocess.run(
        [node, "--test", str(Path(__file__).with_name("decoder.test.mjs"))],
        env={**os.environ, "LATENTLAB_EXPORTED": str(exported)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stdout + result.stderr
