"""The arithmetic of components in the browser against that of the core, and by hand; in node."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import torch

from latentlab.interpolation import bilinear, paths


def test_javascript_walks_as_python_does(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        sentence = "no node here to run the components' JavaScript (apt install nodejs)"
        if os.environ.get("LATENTLAB_REQUIRE_BROWSER") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    rng = torch.Generator().manual_seed(0)

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=rng, dtype=torch.float64)

    a, b = draw(2, 16)
    ends = {
        "random codes": (a, b),
        "codes of two numbers": (*draw(2, 2),),
        "codes of 784 numbers": (*draw(2, 784),),
        "a code and a longer one in its direction": (a, 3 * a),
        "a code and nearly the same": (a, a + 1e-9 * b),
        "opposite codes": (a, -2 * a),
        "zero and a code": (0 * a, b),
        "equal codes": (a, a),
    }
    walks = [
        {
            "name": name,
            "path": path,
            "a": a.tolist(),
            "b": b.tolist(),
            "codes": paths.get(path)(a, b, 9).tolist(),
        }
        for path in paths
        for name, (a, b) in ends.items()
    ]
    corners = draw(4, 5)
    squares = [
        {
            "path": path,
            "corners": corners.tolist(),
            "rows": bilinear(corners, 4, 3, paths.get(path)).tolist(),
        }
        for path in paths
    ]
    numbers = tmp_path / "numbers.json"
    numbers.write_text(json.dumps({"walks": walks, "squares": squares}))
    result = subprocess.run(
        [node, "--test", str(Path(__file__).with_name("maths.test.mjs"))],
        env={**os.environ, "LATENTLAB_NUMBERS": str(numbers)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stdout + result.stderr
