"""What browsers compute of an opened network, against torch; in node."""

import base64
import gzip
import json
from pathlib import Path

import node_tests
import pytest
import torch
from small_models import small_network

from latentlab import export
from latentlab.baselines.pca import PrincipalComponents
from latentlab.data import datasets
from latentlab.models import Autoencoder

FILE = Path(__file__).with_name("network.test.mjs")


def opened(whole: export.Whole, name: str) -> dict[str, object]:
    """A chain as browsers get it, and what torch makes of a picture with the same weights."""
    x = datasets.get("mnist").samples().tensor(slice(3, 4))
    files = export.decoder_files(whole, name, x.flatten(1))
    plan = [export._round(layer, None) for layer in export.decoder_plan(whole, name)]
    linear = [layer for layer in plan if layer.weight is not None]
    after = [x.flatten()]
    x = x.flatten(1).requires_grad_()
    y = x
    units = []
    for place, layer in enumerate(linear, start=1):
        assert layer.weight is not None
        sums = torch.nn.functional.linear(y, layer.weight, layer.bias)
        y = export._ACTIVATIONS[layer.activation](sums, *layer.parameters)
        after.append(y.detach().flatten())
        for unit in {0, sums.shape[1] - 1}:
            (looks,) = torch.autograd.grad(sums[0, unit], x, retain_graph=True)
            units.append({"layer": place, "unit": unit, "looks": looks.flatten().tolist()})
    for one in units:  # what a unit draws: from what it passes on to what the last layer adds up
        whole_way = torch.autograd.functional.jacobian(
            lambda at, n=one["layer"]: _sums(linear[n:], at), after[one["layer"]]
        )
        one["draws"] = whole_way[:, one["unit"]].tolist()
    return {
        "name": name,
        "manifest": files.manifest,
        "weights": base64.b64encode(gzip.decompress(files.weights)).decode(),
        "x": after[0].tolist(),
        "after": [values.tolist() for values in after],
        "units": units,
    }


def _sums(layers: list[export.Layer], at: torch.Tensor) -> torch.Tensor:
    sums = at
    for layer in layers:
        assert layer.weight is not None
        sums = torch.nn.functional.linear(at, layer.weight, layer.bias)
        at = export._ACTIVATIONS[layer.activation](sums, *layer.parameters)
    return sums


def chains() -> list[dict[str, object]]:
    deep = small_network("autoencoder", latent_size=3, encoder_widths=(12, 6))
    flat = small_network("linear_autoencoder", latent_size=4)
    assert isinstance(deep, Autoencoder) and isinstance(flat, Autoencoder)
    pca = PrincipalComponents.fit(datasets.get("mnist").samples().tensor(slice(0, 300)), 6)
    made = [
        opened(export.end_to_end(deep), "a deep one"),
        opened(export.end_to_end(flat), "a linear one"),
        opened(export.end_to_end_pca(pca), "principal components"),
    ]
    cut = opened(export.end_to_end_pca(pca.truncate(2)), "two principal components")
    made[2]["cut"] = {"k": 2, "after": cut["after"]}
    return made


NAMES = [{"name": name} for name in ("a deep one", "a linear one", "principal components")]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> node_tests.Results:
    numbers = tmp_path_factory.mktemp("numbers") / "chains.json"
    numbers.write_text(json.dumps(chains()))
    return node_tests.run(FILE, LATENTLAB_NUMBERS=numbers)


@pytest.mark.parametrize("name", node_tests.names(FILE, LATENTLAB_NAMES=json.dumps(NAMES)))
def test_in_node(name: str, results: node_tests.Results) -> None:
    node_tests.check(name, results)
