"""The arithmetic of thresholds in the browser against the core's, and by hand; in node."""

import json
import math
from pathlib import Path

import node_tests
import numpy as np
import pytest

from latentlab.metrics import anomalies

FILE = Path(__file__).with_name("alarms.test.mjs")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> node_tests.Results:
    rng = np.random.default_rng(0)
    normal = rng.integers(1, 40, 60).astype(np.float32) / 64  # with ties
    outliers = rng.integers(20, 80, 90).astype(np.float32) / 64
    thresholds = []
    for at in (0.1, 0.5, 0.625, 2.0):
        found = anomalies.alarms(normal, outliers, at)
        precision = None if math.isnan(found.precision) else found.precision
        thresholds.append({"at": at, **vars(found), "precision": precision})
    numbers = tmp_path_factory.mktemp("alarms") / "numbers.json"
    numbers.write_text(
        json.dumps(
            {
                "normal": normal.tolist(),
                "outliers": outliers.tolist(),
                "area": anomalies.auroc(normal, outliers),
                "thresholds": thresholds,
            }
        )
    )
    return node_tests.run(FILE, LATENTLAB_NUMBERS=numbers)


@pytest.mark.parametrize("name", node_tests.names(FILE))
def test_in_node(name: str, results: node_tests.Results) -> None:
    node_tests.check(name, results)
