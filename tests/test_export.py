"""Exported decoders are the model's own, exactly, or a clear error."""

import base64
import gzip
import hashlib
import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from small_decoders import Chain, chain, odd_chains
from small_models import small_network, write_checkpoint
from torch import nn

from latentlab import export
from latentlab.__main__ import main
from latentlab.baselines.pca import PrincipalComponents
from latentlab.errors import UnsupportedError
from latentlab.models import Autoencoder, LatentModel, families

LATENT = [name for name in families if issubclass(families.get(name), LatentModel)]
ENCODING = [name for name in LATENT if issubclass(families.get(name), Autoencoder)]
SHAPES = [(1, 28, 28), (3, 64, 64)]


def small_decoder(family: str, shape: tuple[int, int, int]) -> LatentModel:
    """A small model whose batch norms do something."""
    network = small_network(family, shape)
    assert isinstance(network, LatentModel)
    rng = torch.Generator().manual_seed(1)
    for name, tensor in network.state_dict().items():
        if name.endswith("running_mean"):
            tensor.uniform_(-0.1, 0.1, generator=rng)
        elif name.endswith("running_var"):
            tensor.uniform_(0.01, 0.1, generator=rng)
    return network


def latents(shape: tuple[int, ...], n: int = 3) -> torch.Tensor:
    return torch.randn(n, *shape, generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("family", LATENT)
def test_the_layers_of_a_family_are_what_it_decodes_with(
    family: str, shape: tuple[int, int, int]
) -> None:
    network = small_decoder(family, shape)
    z = latents(network.latent_shape)
    with torch.inference_mode():
        expected = network.decode(z)
        assert torch.equal(nn.Sequential(*network.decoder_layers())(z), expected)
        found = export.run_plan(export.decoder_plan(network, family), z.flatten(1))
    assert torch.allclose(found, expected, atol=1e-5)
    assert expected.std() > 1e-3  # not the same grey everywhere


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("family", ENCODING)
def test_the_layers_of_a_family_are_what_it_encodes_with(
    family: str, shape: tuple[int, int, int]
) -> None:
    network = small_decoder(family, shape)
    assert isinstance(network, Autoencoder)
    x = torch.rand(3, *shape, generator=torch.Generator().manual_seed(2))
    state = torch.get_rng_state()
    with torch.inference_mode():
        expected = network.encode(x).mode()
        found = export.run_plan(
            export.decoder_plan(export.encoder_of(network), family), x.flatten(1)
        )
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.allclose(found.flatten(1), expected.flatten(1), atol=1e-5)
    assert expected.std() > 1e-3
    manifest = export.decoder_files(export.encoder_of(network), family, x.flatten(1)).manifest
    assert manifest["latent_size"] == x[0].numel()
    assert manifest["layers"][0]["input"] == list(shape)
    assert manifest["reference"]["z"][0] == x[0].flatten().tolist()


@pytest.mark.parametrize("name", odd_chains())
def test_a_plan_decodes_as_its_layers_do(name: str) -> None:
    decoder = odd_chains()[name]
    z = latents(decoder.latent_shape)
    found = export.run_plan(export.decoder_plan(decoder, name), z.flatten(1))
    assert torch.allclose(found, decoder.decode(z), atol=1e-5)


def test_principal_components_are_a_decoder_too() -> None:
    components = PrincipalComponents.fit(torch.rand(20, 3, 6, 5), 4)
    z = 3 * latents(components.latent_shape)
    found = export.run_plan(export.decoder_plan(components, "pca"), z)
    assert found.min() == 0 and found.max() == 1  # clipped
    assert torch.allclose(found, components.decode(z), atol=1e-6)


class Doubled(nn.ReLU):
    """Passes for a ReLU by its type alone."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 2 * super().forward(x)


def linear_to(*shape: int) -> tuple[nn.Module, ...]:
    return nn.Linear(4, int(np.prod(shape))), nn.Unflatten(1, shape)


UNSUPPORTED = {
    "GELU": (*linear_to(2, 4, 4), nn.GELU()),
    "Doubled": (*linear_to(2, 4, 4), Doubled()),
    "groups=2": (*linear_to(2, 4, 4), nn.Conv2d(2, 2, 3, groups=2)),
    "dilation=": (*linear_to(2, 4, 4), nn.ConvTranspose2d(2, 2, 2, dilation=2)),
    "padding=same": (*linear_to(2, 4, 4), nn.Conv2d(2, 2, 3, padding="same")),
    "padding_mode=reflect": (
        *linear_to(2, 4, 4),
        nn.Conv2d(2, 2, 3, padding=1, padding_mode="reflect"),
    ),
    "bilinear": (*linear_to(2, 4, 4), nn.Upsample(scale_factor=2, mode="bilinear")),
    "scale_factor=1.5": (*linear_to(2, 4, 4), nn.Upsample(scale_factor=1.5)),
    "BatchNorm2d": (*linear_to(2, 4, 4), nn.ReLU(), nn.BatchNorm2d(2)),
    "track_running_stats=False": (
        *linear_to(2, 4, 4),
        nn.BatchNorm2d(2, track_running_stats=False),
    ),
    "LayerNorm": (nn.Linear(4, 8), nn.LayerNorm(8), nn.Unflatten(1, (2, 2, 2))),
    "Unflatten": (
        *linear_to(2, 4, 4),
        nn.Conv2d(2, 2, 1),
        nn.Flatten(),
        nn.Unflatten(1, (8, 2, 2)),
    ),
    "in_features=3": (nn.Unflatten(1, (1, 1, 4)), nn.ConstantPad1d((0, -1), 0), nn.Linear(3, 3)),
}


@pytest.mark.parametrize("what", UNSUPPORTED)
def test_what_a_browser_cannot_run_is_named(what: str) -> None:
    decoder = chain((4,), *UNSUPPORTED[what])
    with pytest.raises(UnsupportedError) as caught:
        export.decoder_files(decoder, "strange")
    named = what if what != "in_features=3" else "ConstantPad1d"
    assert named in caught.value.message and "strange" in caught.value.message


def test_a_model_that_is_no_chain_says_so() -> None:
    class Other(LatentModel):
        title = "Other"
        latent_shape = (2,)

        def decode(self, z: torch.Tensor) -> torch.Tensor:
            return z

    with pytest.raises(UnsupportedError, match="Other is not a chain"):
        export.decoder_files(Other(small_network("vae").config), "other")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e5])
def test_weights_that_sixteen_bits_cannot_hold_are_refused(value: float) -> None:
    decoder = chain((4,), *linear_to(1, 2, 2), nn.Sigmoid())
    decoder.layers[0].weight.data[1, 2] = value
    with pytest.raises(UnsupportedError, match="16 bits"):
        export.decoder_files(decoder, "broken")


def test_a_decoder_beyond_a_browser_is_refused() -> None:
    upsample = nn.Upsample(scale_factor=16)
    layers = (nn.Unflatten(1, (4, 1, 1)), upsample, upsample, upsample, nn.Conv2d(4, 1, 1))
    large = Chain((4,), (1, 4096, 4096), nn.Sequential(*layers))
    with pytest.raises(UnsupportedError, match="too large"):
        export.decoder_plan(large, "large")


def test_a_manifest_says_what_the_weights_are() -> None:
    decoder = odd_chains()["strides"]
    files = export.decoder_files(decoder, "strides")
    manifest = json.loads(json.dumps(files.manifest))
    assert manifest == files.manifest
    raw = gzip.decompress(files.weights)
    weights = manifest["weights"]
    assert weights["bytes"] == len(raw) == 2 * weights["count"]
    assert weights["sha256"] == hashlib.sha256(raw).hexdigest()
    numbers = [p.numel() for p in decoder.layers.parameters()]
    # The batch norm's 9 scales are folded; its 9 shifts are the biases that its layer lacked.
    assert weights["count"] == sum(numbers) - 9
    # Hand-counted: transposed convolutions at every input, convolutions at every output.
    assert manifest["multiply_adds"] == (
        20 * 2 * 9 * 9 + 30 * 9 * 6 * 25 + 30 * 6 * 13 * 12 + np.prod(decoder.image_shape) * 13 * 2
    )
    assert manifest["latent_size"] == 40 and manifest["image_shape"] == [3, 18, 10]


def test_the_reference_is_what_torch_decodes_with_the_rounded_weights() -> None:
    decoder = chain((4,), *linear_to(2, 3, 3), nn.Sigmoid())
    codes = 2 * latents((4,), 9)
    reference = export.decoder_files(decoder, "small", codes).manifest["reference"]
    z = torch.tensor(reference["z"])
    assert torch.equal(z, codes[:4])
    images = np.frombuffer(base64.b64decode(reference["images"]), "<f4").reshape(4, 2, 3, 3)
    exact = decoder.decode(z).numpy()
    error = np.abs(images - exact).max()
    assert reference["fp16_error"] == pytest.approx(error, rel=1e-6)
    assert 0 < error < 2e-3
    for parameter in decoder.layers.parameters():
        parameter.data = parameter.data.half().float()
    assert np.abs(images - decoder.decode(z).numpy()).max() < 1e-6


def test_weights_on_a_grid_are_few_and_their_error_is_said() -> None:
    network = small_decoder("vae", (1, 28, 28))
    whole = export.decoder_files(network, "vae")
    coarse = export.decoder_files(network, "vae", levels=100)
    numbers = np.frombuffer(gzip.decompress(coarse.weights), "<f2").astype(np.float32)
    first = coarse.manifest["layers"][0]
    weights = numbers[: first["input"][0] * first["output"][0]]
    step = np.abs(weights[weights != 0]).min()
    assert np.array_equal(weights, np.round(weights / step) * step), "an even grid"
    assert 66 < np.abs(weights).max() / step <= 100
    assert len(coarse.weights) < 0.8 * len(whole.weights)
    z = torch.tensor(coarse.manifest["reference"]["z"])
    with torch.inference_mode():
        exact = network.decode(z.reshape(-1, *network.latent_shape)).numpy()
    images = np.frombuffer(base64.b64decode(coarse.manifest["reference"]["images"]), "<f4")
    error = np.abs(images.reshape(exact.shape) - exact).max()
    assert coarse.manifest["reference"]["fp16_error"] == pytest.approx(error, abs=1e-3)
    assert whole.manifest["reference"]["fp16_error"] < error < 0.05


def test_a_large_picture_has_fewer_references() -> None:
    decoder = chain((4,), *linear_to(3, 4, 4), nn.Upsample(scale_factor=16))
    assert len(export.decoder_files(decoder, "large").manifest["reference"]["z"]) == 1


def test_the_same_decoder_gives_the_same_bytes() -> None:
    first, second = (export.decoder_files(small_decoder("gan", SHAPES[0]), "gan") for _ in "12")
    assert first == second


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def small_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_checkpoint(tmp_path, "autoencoder.small")
    write_checkpoint(tmp_path, "classifier.small")
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))
    return tmp_path


def test_the_command_writes_both_files(
    small_checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = small_checkpoint / "new" / "folder"
    with pytest.raises(SystemExit) as caught:
        main(["export", "autoencoder.small", "--out", str(out)])
    assert caught.value.code == 0
    manifest = json.loads((out / "autoencoder.small.json").read_text(encoding="utf-8"))
    raw = gzip.decompress((out / "autoencoder.small.bin.gz").read_bytes())
    assert manifest["name"] == "autoencoder.small"
    assert manifest["weights"]["sha256"] == hashlib.sha256(raw).hexdigest()
    assert "autoencoder.small.bin.gz" in capsys.readouterr().out


def test_a_judge_cannot_be_exported(small_checkpoint: Path) -> None:
    with pytest.raises(SystemExit, match="has no decoder"):
        main(["export", "classifier.small", "--out", str(small_checkpoint)])


ONNX = all(importlib.util.find_spec(name) for name in ("onnx", "onnxscript", "onnxruntime"))


@pytest.mark.slow
@pytest.mark.skipif(not ONNX, reason="the extra onnx is not installed")
def test_an_onnx_file_decodes_as_torch_does_for_any_batch(
    small_checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import onnxruntime

    with pytest.raises(SystemExit) as caught:
        main(["export", "--onnx", "autoencoder.small", "--out", str(small_checkpoint)])
    assert caught.value.code == 0
    session = onnxruntime.InferenceSession(small_checkpoint / "autoencoder.small.onnx")
    network = small_network("autoencoder")
    assert isinstance(network, LatentModel)
    z = latents((3,), 5)
    (found,) = session.run(None, {"z": z.numpy()})
    with torch.inference_mode():
        assert np.abs(found - network.decode(z).numpy()).max() < 1e-5


def test_without_the_extra_onnx_the_command_says_what_to_install(
    small_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if "onnx" in name else find(name)
    )
    with pytest.raises(SystemExit, match=r"pip install 'latentlab\[onnx\]'"):
        main(["export", "--onnx", "autoencoder.small"])
