"""What ships of faces: named directions, maps of separation, and factors that go together."""

from pathlib import Path

import numpy as np
import pytest

from latentlab import checkpoints
from latentlab.data import datasets
from latentlab.errors import InputError, UnsupportedError
from latentlab.experiments import correlated, disentanglement_maps, named_directions
from latentlab.experiments.directions import ATTRIBUTES
from latentlab.experiments.named_directions import MODELS

FACES = datasets.get("toon_faces")


def test_the_directions_that_ship_belong_to_the_weights_that_ship() -> None:
    kept = named_directions.load()
    assert set(kept) == set(MODELS)
    for model, found in kept.items():
        if model == "pca":
            continue
        held = checkpoints.load(model)
        assert str(found.digest) == held.weights_digest
        assert found.vectors.shape == (len(ATTRIBUTES), held.card.latent_size)
        np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-4)
        assert (found.low <= found.near).all() and (found.far <= found.high).all()
        assert (found.near < found.far).all()
        own = [next(a for a in FACES.attributes if a.name == n).factor for n in ATTRIBUTES]
        assert np.isnan(found.changed[range(len(own)), own]).all()


def test_every_code_of_the_study_has_its_maps() -> None:
    kept = disentanglement_maps.load()
    assert set(kept) == set(disentanglement_maps.MODELS)
    for maps in kept.values():
        assert maps.information.min() >= 0 and maps.information.max() <= 1.01
        np.testing.assert_allclose(maps.importance.sum(0), 1, atol=1e-3)
    perfect = kept["perfect"].information[: len(FACES.factors)]
    assert np.diag(perfect).min() > 0.8 and kept["random"].information.max() < 0.1


@pytest.mark.parametrize("module", [named_directions, disentanglement_maps])
def test_a_damaged_file_is_one_sentence(module, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UnsupportedError, match="kept yet"):
        module.load(tmp_path / "none.npz")
    whole = module.PATH.read_bytes()
    damaged = tmp_path / "damaged.npz"
    for content in (b"", whole[: len(whole) // 2], b"PK" + whole[2:400]):
        damaged.write_bytes(content)
        with pytest.raises(InputError):
            module.load(damaged)
    with np.load(module.PATH) as archive:
        kept = {name: archive[name] for name in archive.files}
    for name, array in list(kept.items())[:3]:
        np.savez(damaged, **{**kept, name: array.reshape(1, *array.shape)})
        with pytest.raises(InputError, match="not what it should be"):
            module.load(damaged)


@pytest.mark.parametrize("share", correlated.SHARES)
def test_so_many_faces_follow_the_rule(share: int) -> None:
    factors = FACES.samples().factors
    assert factors is not None
    asked = next(a for a in FACES.attributes if a.name == correlated.ASKED)
    yes = asked.holds(factors)
    chosen = correlated.correlated(yes, factors, share)
    hair = [factor.name for factor in FACES.factors].index(correlated.OTHER)
    follows = yes[chosen] == np.isin(factors[chosen][:, hair], correlated.DARK)
    if share > 50:  # of these, half follow by chance: there may not be as many others
        assert follows.mean() == pytest.approx(share / 100, abs=0.01)
    assert len(set(chosen.tolist())) == len(chosen) > 300
