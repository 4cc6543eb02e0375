"""What the Bottleneck page computes, on cases known by hand."""

import pytest
import torch
from small_models import small_network

from latentlab import export
from latentlab.baselines.pca import PrincipalComponents
from latentlab.data import components, datasets
from latentlab.data.components import SIZE
from latentlab.errors import DataError, ShapeError, UnsupportedError
from latentlab.experiments import Axis, Curve, Line
from latentlab.metrics import copying
from latentlab.models import Autoencoder
from latentlab.tasks import bottleneck


def curve(name: str, means: tuple[float, ...], *, higher: bool, baseline: bool = False) -> Curve:
    line = Line(
        name=name,
        label=name,
        group="mnist",
        y=Axis("y"),
        higher_is_better=higher,
        baseline=baseline,
        seeded=not baseline,
    )
    return Curve(line, (1, 2, 4), (means,))


@pytest.mark.parametrize("higher", [False, True])
def test_pca_leads_where_its_mean_is_better_by_more_than_rounding(higher: bool) -> None:
    sign = 1 if higher else -1
    found = [
        curve("pca", tuple(sign * x for x in (0.3, 0.5, 0.9)), higher=higher, baseline=True),
        curve("deep", tuple(sign * x for x in (0.4, 0.499, 0.8)), higher=higher),
        curve("best", tuple(sign * x for x in (0.4, 0.6, 1.0)), higher=higher),
    ]
    assert bottleneck.pca_leads(found) == (bottleneck.Lead("deep", (4,)),)
    with pytest.raises(UnsupportedError):
        bottleneck.pca_leads(found[1:])


def test_the_winner_of_every_k_has_the_least_error() -> None:
    x = torch.zeros(1, 2, 2)
    tried = bottleneck.attempts(
        x,
        {
            ("pca", 1): lambda batch: batch + 0.2,
            ("deep", 1): lambda batch: batch + 0.1,
            ("pca", 2): lambda batch: batch,
        },
    )
    assert [one.error for one in tried] == pytest.approx([0.04, 0.01, 0])
    assert bottleneck.winners(tried) == {1: "deep", 2: "pca"}


def test_an_autoencoder_as_one_chain_gives_what_it_gives() -> None:
    x = datasets.get("mnist").samples().tensor(slice(0, 3))
    with torch.inference_mode():
        for family in ("autoencoder", "linear_autoencoder"):
            network = small_network(family)
            assert isinstance(network, Autoencoder)
            assert torch.allclose(export.end_to_end(network).decode(x), network(x), atol=1e-6)
        pca = PrincipalComponents.fit(x, 2)
        chain = export.end_to_end_pca(pca)
        assert torch.allclose(chain.decode(x), pca.reconstruct(x), atol=1e-5)


def test_axes_that_turn_into_place_are_seen_to() -> None:
    pca = components.components("mnist").truncate(3)
    principal = pca.components.T
    rng = torch.Generator().manual_seed(0)
    mixed = principal @ torch.linalg.qr(torch.randn(3, 3, generator=rng)).Q  # other axes of it
    other = torch.linalg.qr(torch.randn(784, 3, generator=rng)).Q
    sizes = torch.diag(torch.tensor([3.0, 2.0, 1.0]))
    out = [other, mixed, principal @ sizes]

    def kept(matrices: list[torch.Tensor]) -> dict[str, torch.Tensor]:
        w2 = torch.stack(matrices)
        return {
            "steps": 7 + torch.arange(len(matrices)),
            "decoder.0.weight": w2,
            "encoder.1.weight": w2.transpose(1, 2),
        }

    found = bottleneck.turning(kept(out[:2]), kept(out[2:]), pca)
    assert found.steps == (0, 1, 0) and found.penalised == (False, False, True)
    largest = found.to_subspace.max(1).values
    assert largest[0] > 60 and largest[1:].max() < 0.1
    assert found.to_axes[2].max() < 0.1 and found.untied.max() < 1e-6
    assert torch.allclose(found.axes[2], pca.components, atol=1e-3)
    with pytest.raises(UnsupportedError):
        bottleneck.turning({"steps": torch.zeros(1)}, None, pca)
    with pytest.raises(ShapeError):
        bottleneck.turning(kept(out), None, pca.truncate(2))


def test_noise_lies_where_digits_do_and_likeness_tells_copies() -> None:
    x = copying.pure_noise((1, 28, 28), seed=3)
    assert torch.equal(x, copying.pure_noise((1, 28, 28), seed=3))
    assert x[:, :4].max() == x[..., -4:].max() == 0 and x[:, 4:-4, 4:-4].std() > 0.25
    assert copying.likeness(x, 0.2 + 0.1 * x) == pytest.approx(1)
    assert copying.likeness(x, 1 - x) == pytest.approx(-1)
    assert abs(copying.likeness(x, copying.pure_noise((1, 28, 28), seed=4))) < 0.2
    assert copying.likeness(x, torch.full_like(x, 0.5)) == 0


@pytest.mark.parametrize("name", components.SHIPPED)
def test_the_components_that_ship_are_orthonormal_and_fit_the_pictures(name: str) -> None:
    found = components.components(name)
    assert found.k == SIZE
    product = found.components @ found.components.T
    assert torch.allclose(product, torch.eye(SIZE), atol=2e-3)
    x = datasets.get(name).samples().tensor(slice(0, 500))
    error = float((found.reconstruct(x) - x).square().mean())
    own = PrincipalComponents.fit(x, SIZE)  # of these very pictures: a little better
    assert float((own.reconstruct(x) - x).square().mean()) < error < 0.02
    assert torch.equal(found.variance, found.variance.sort(descending=True).values)


def test_other_data_sets_have_no_components() -> None:
    with pytest.raises(DataError, match="do not ship"):
        components.components("toon_faces")
