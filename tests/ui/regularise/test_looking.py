"""What browsers compute of a picture on the Regularise page, against torch; in node."""

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
from latentlab.evaluation.shared import latent_statistics
from latentlab.metrics.copying import likeness, pure_noise
from latentlab.models import VAE, Autoencoder
from latentlab.tasks import regularise
from latentlab.ui.regularise import binding

FILE = Path(__file__).with_name("looking.test.mjs")
K = 5
SIGMA = 0.4
FAMILIES = {
    "plain": ("shallow_autoencoder", {"code": "sigmoid"}),
    "denoising": ("shallow_autoencoder", {"code": "sigmoid"}),
    "sparse": ("sparse_autoencoder", {"weight": 2.0, "rho": 0.1}),
    "l1": ("sparse_autoencoder", {"weight": 2.0, "penalty": "l1"}),
    "contractive": ("contractive_autoencoder", {"weight": 3.0}),
    "vae": ("dense_vae", {"beta": 4.0}),
}
NAMES = [*FAMILIES, "pca"]


def halved(network: Autoencoder) -> Autoencoder:
    """With weights as browsers get them."""
    for parameter in network.parameters():
        parameter.data = parameter.data.half().float()
    return network


def told(name: str, pictures: torch.Tensor) -> dict[str, object]:
    """What a browser is told of a network, and what torch makes of a picture with it."""
    x = pictures[0]
    noisy = regularise.with_noise(x, SIGMA, regularise.normal(*x.shape, seed=0))
    drawn = regularise.normal(K, seed=2)
    if name == "pca":
        pca = PrincipalComponents.fit(pictures, K)
        whole, beside = export.end_to_end_pca(pca), regularise.beside_linear(pca)
        seen = regularise.look_linear(pca, x, noisy, drawn)
    else:
        family, fields = FAMILIES[name]
        network = small_network(family, latent_size=K, **fields)
        assert isinstance(network, Autoencoder)
        halved(network)
        with torch.inference_mode():
            z = network.encode(pictures).mode()
            about = latent_statistics(z, torch.ones(K), torch.eye(K), torch.ones(K))
            whole, damaged = export.end_to_end(network), name == "denoising"
            beside = regularise.beside(network, about, damaged)
            seen = regularise.look(network, about, x, noisy, drawn, damaged)
        assert isinstance(network, VAE) == (beside.variance is not None)
    files = export.decoder_files(whole, name, x.flatten()[None])
    return {
        "name": name,
        # Components are rounded for browsers; the networks here have rounded weights already.
        "tolerance": 2e-3 if name == "pca" else 1e-4,
        "manifest": files.manifest,
        "weights": base64.b64encode(gzip.decompress(files.weights)).decode(),
        "beside": json.loads(binding.beside_file({"it": beside}))["it"],
        "x": x.flatten().tolist(),
        "pattern": regularise.normal(*x.shape, seed=0).flatten().tolist(),
        "sigma": SIGMA,
        "drawn": drawn.tolist(),
        "noisy": noisy.flatten().tolist(),
        "code": seen.code.tolist(),
        "spread": None if seen.spread is None else seen.spread.tolist(),
        "again": seen.again.flatten().tolist(),
        "againNoisy": seen.again_noisy.flatten().tolist(),
        "invented": seen.invented.flatten().tolist(),
        "loss": [seen.loss.reconstruction, seen.loss.penalty],
    }


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> node_tests.Results:
    pictures = datasets.get("mnist").samples().tensor(slice(0, 60))
    noise = pure_noise((1, 28, 28), seed=0)
    content = {
        "networks": [told(name, pictures) for name in NAMES],
        "likeness": {
            "a": noise.flatten().tolist(),
            "b": pictures[0].flatten().tolist(),
            "is": likeness(noise, pictures[0]),
        },
    }
    numbers = tmp_path_factory.mktemp("numbers") / "looks.json"
    numbers.write_text(json.dumps(content))
    return node_tests.run(FILE, LATENTLAB_NUMBERS=numbers)


LISTED = json.dumps({"networks": [{"name": name} for name in NAMES]})


@pytest.mark.parametrize("name", node_tests.names(FILE, LATENTLAB_NAMES=LISTED))
def test_in_node(name: str, results: node_tests.Results) -> None:
    node_tests.check(name, results)
