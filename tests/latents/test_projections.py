import sys

import numpy as np
import pytest

from latentlab.errors import InputError, ShapeError, UnsupportedError
from latentlab.latents import projections as projections_
from latentlab.latents.projections import projections
from latentlab.metrics import knn_accuracy_within

# umap-learn says on import that it does without TensorFlow, which does not concern us.
umap_is_noisy = pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning")
needs_umap = pytest.mark.skipif(
    not projections.get("umap").available(), reason="umap-learn is not installed"
)
# Numba compiles for tens of seconds.
umap = pytest.param("umap", marks=[pytest.mark.slow, needs_umap, umap_is_noisy])
every = pytest.mark.parametrize("name", ["tsne", umap])


def blobs(count: int = 90, dimensions: int = 8, seed: int = 0):
    """Three clouds that lie far apart: points [N,D] float32 and labels [N]."""
    draw = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    centres = 10 * np.eye(3, dimensions)
    return (centres[labels] + draw.normal(size=(count, dimensions))).astype(np.float32), labels


def test_every_projection_is_tested_here():
    assert projections.names() == ["tsne", "umap"]


@every
def test_map_is_two_finite_numbers_for_each_point(name):
    x, _ = blobs()
    points = projections.get(name)().fit_transform(x, seed=0)
    assert points.shape == (90, 2)
    assert points.dtype == np.float32
    assert np.isfinite(points).all()
    assert points.std(axis=0).min() > 0


@every
def test_clouds_stay_apart_on_the_map(name):
    x, labels = blobs()
    assert knn_accuracy_within(projections.get(name)().fit_transform(x, seed=0), labels) == 1.0


@every
def test_equal_seeds_give_equal_maps(name):
    x, _ = blobs(30)
    first, second = (projections.get(name)().fit_transform(x, seed=3) for _ in range(2))
    assert np.array_equal(first, second)


@every
def test_input_is_not_written_to(name):
    x, _ = blobs(30)
    before = x.copy()
    projections.get(name)().fit_transform(x, seed=0)
    assert np.array_equal(x, before)


@every
@pytest.mark.parametrize("shape", [(5, 2), (6, 100), (40, 3)])
def test_small_sets_are_mapped(name, shape):
    x = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    points = projections.get(name)().fit_transform(x, seed=0)
    assert points.shape == (shape[0], 2)
    assert np.isfinite(points).all()


@every
def test_new_points_are_placed_or_refused(name):
    x, labels = blobs()
    projection = projections.get(name)()
    points = projection.fit_transform(x, seed=0)
    new, new_labels = blobs(12, seed=1)
    if not projection.places_new:
        with pytest.raises(UnsupportedError, match="cannot place new points"):
            projection.transform(new)
        return
    placed = projection.transform(new)
    assert placed.shape == (12, 2)
    assert placed.dtype == np.float32
    nearest = np.square(placed[:, None] - points).sum(axis=2).argmin(axis=1)
    assert (labels[nearest] == new_labels).all()
    with pytest.raises(ShapeError):
        projection.transform(new[:, :4])
    with pytest.raises(InputError, match="finite"):
        projection.transform(new * np.nan)


@every
def test_progress_reports_start_and_end(name):
    seen = []
    projections.get(name)().fit_transform(blobs(30)[0], seed=0, progress=seen.append)
    assert seen == [0.0, 1.0]


@pytest.mark.parametrize("name", projections.names())
def test_bad_input_is_refused_before_any_work(name):
    projection = projections.get(name)()
    good = blobs(30)[0]
    for shape in [(4, 3), (30, 1), (30,), (0, 2), (5, 2, 2)]:
        with pytest.raises(ShapeError):
            projection.fit_transform(np.zeros(shape, np.float32), seed=0)
    for bad in (np.nan, np.inf):
        with pytest.raises(InputError, match="finite"):
            projection.fit_transform(np.where(good > 5, bad, good), seed=0)
    with pytest.raises(InputError, match="the same"):
        projection.fit_transform(np.ones((10, 3), np.float32), seed=0)
    for seed in (-1, 2**32):
        with pytest.raises(InputError, match="seed"):
            projection.fit_transform(good, seed=seed)


@pytest.mark.parametrize("name", projections.names())
def test_description_is_complete(name):
    kind = projections.get(name)
    assert kind.label and kind.paper
    assert isinstance(kind.places_new, bool) and isinstance(kind.available(), bool)


def test_perplexity_is_bounded_by_the_number_of_points():
    tsne = projections.get("tsne")(perplexity=50)
    tsne.fit_transform(blobs(31)[0], seed=0)
    assert tsne.perplexity_ == pytest.approx(10)
    for perplexity in (0, -3, float("nan")):
        with pytest.raises(InputError, match="perplexity"):
            projections.get("tsne")(perplexity)


def test_umap_parameters_are_checked():
    with pytest.raises(InputError, match="neighbours"):
        projections.get("umap")(neighbours=1)
    with pytest.raises(InputError, match="neighbours"):
        projections.get("umap")(min_dist=2)


def test_a_missing_umap_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(projections_, "find_spec", lambda name: None)
    kind = projections.get("umap")
    assert not kind.available()
    with pytest.raises(UnsupportedError, match="pip install") as caught:
        kind().fit_transform(blobs(30)[0], seed=0)
    assert "latentlab[umap]" in caught.value.hint


SCALES = (1e-44, 1e-30, 1e-10, 1, 1e4, 1e19, 1e30, 1e37)


@every
@pytest.mark.parametrize("scale", SCALES)
def test_points_of_any_size_have_a_map_or_one_sentence(name, scale):
    x, labels = blobs(40)
    scaled = (x.astype(np.float64) * scale).astype(np.float32)
    made = projections.get(name)()
    try:
        points = made.fit_transform(scaled, seed=0)
    except InputError:
        assert scale < 1e-40  # as good as equal
        return
    assert np.isfinite(points).all()
    assert scale < 1e-40 or knn_accuracy_within(points, labels) == 1.0
    if made.places_new:
        new = np.concatenate([scaled[:3], np.full((1, x.shape[1]), 3e38, np.float32)])
        assert np.isfinite(made.transform(new)).all()


@every
@pytest.mark.parametrize("far", [1e30, 3e38, -3e38])
def test_one_point_far_out_has_a_map_or_one_sentence(name, far):
    x, _ = blobs(40)
    outlier = x.copy()
    outlier[7, 0] = far
    offset = (x * 1e22 + np.float32(far)).astype(np.float32)
    for points in (outlier, offset[np.isfinite(offset).all(1)]):
        is_finite_or_refused(name, points)


@every
def test_columns_of_all_sizes_have_a_map_or_one_sentence(name):
    x, _ = blobs(40)
    is_finite_or_refused(name, (x * np.logspace(-30, 30, x.shape[1])).astype(np.float32))


def is_finite_or_refused(name, points):
    try:
        found = projections.get(name)().fit_transform(points, seed=0)
    except (InputError, ShapeError):
        return
    assert np.isfinite(found).all()


def test_a_user_whom_numba_finds_no_folder_for_is_told_what_to_set(tmp_path, monkeypatch):
    (tmp_path / "umap.py").write_text("raise RuntimeError('no locator available')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "umap", raising=False)
    with pytest.raises(UnsupportedError, match="no locator") as caught:
        projections.get("umap")().fit_transform(blobs(30)[0], seed=0)
    assert "NUMBA_CACHE_DIR" in caught.value.hint
