import math

import pytest
import torch

from latentlab.errors import InputError, ShapeError
from latentlab.latents.paths import bilinear, cross_fade, paths

every = pytest.mark.parametrize("name", paths.names())


def latents(count: int, *shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, *shape, generator=torch.Generator().manual_seed(seed))


def test_the_two_paths_are_registered():
    assert paths.names() == ["linear", "spherical"]


@every
@pytest.mark.parametrize("shape", [(2,), (64,), (1,), (4, 7, 7), ()])
@pytest.mark.parametrize("steps", [2, 3, 16])
def test_path_ends_are_exact(name, shape, steps):
    a, b = latents(2, *shape)
    walk = paths.get(name)(a, b, steps)
    assert walk.shape == (steps, *shape)
    assert walk.dtype == torch.float32
    assert torch.equal(walk[0], a)
    assert torch.equal(walk[-1], b)
    assert walk.isfinite().all()


@every
def test_path_is_the_same_walked_backwards(name):
    a, b = latents(2, 16)
    path = paths.get(name)
    torch.testing.assert_close(path(a, b, 9), path(b, a, 9).flip(0))


@every
def test_path_between_equal_ends_stays(name):
    (a,) = latents(1, 16)
    torch.testing.assert_close(paths.get(name)(a, a.clone(), 5), a.expand(5, 16))


@every
def test_wrong_ends_and_steps_are_refused(name):
    path = paths.get(name)
    with pytest.raises(ShapeError):
        path(torch.zeros(3), torch.zeros(4), 5)
    with pytest.raises(InputError, match="two steps"):
        path(torch.zeros(3), torch.ones(3), 1)


@every
def test_labels_and_formula_are_there(name):
    path = paths.get(name)
    assert path.name == name and path.label and "t" in path.formula


def test_linear_by_hand():
    walk = paths.get("linear")(torch.tensor([0.0, 4.0]), torch.tensor([8.0, 0.0]), 5)
    assert walk.tolist() == [[0, 4], [2, 3], [4, 2], [6, 1], [8, 0]]


def test_spherical_by_hand():
    # A quarter circle in three steps passes 45 degrees.
    walk = paths.get("spherical")(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]), 3)
    torch.testing.assert_close(walk[1], torch.tensor([math.sqrt(0.5), math.sqrt(0.5)]))


def test_spherical_turns_by_equal_angles_and_grows_linearly():
    a, b = torch.tensor([2.0, 0.0]), torch.tensor([0.0, 6.0])
    walk = paths.get("spherical")(a, b, 5)
    torch.testing.assert_close(walk.norm(dim=1), torch.tensor([2.0, 3.0, 4.0, 5.0, 6.0]))
    angles = torch.atan2(walk[:, 1], walk[:, 0])
    torch.testing.assert_close(angles, torch.linspace(0, math.pi / 2, 5))


def test_spherical_keeps_the_length_that_linear_loses():
    a, b = torch.nn.functional.normalize(latents(2, 256), dim=1)
    spherical, linear = (paths.get(name)(a, b, 3)[1].norm() for name in ("spherical", "linear"))
    assert spherical.item() == pytest.approx(1, abs=1e-5)
    assert linear.item() < 0.8


def test_spherical_sees_a_latent_of_any_shape_as_one_vector():
    a, b = latents(2, 4, 7, 7)
    path = paths.get("spherical")
    flat = path(a.flatten(), b.flatten(), 6).reshape(6, 4, 7, 7)
    assert torch.equal(path(a, b, 6), flat)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([1.0, 2.0], [-2.0, -4.0]),  # opposite: no great circle is singled out
        ([1.0, 2.0], [3.0, 6.0]),  # same direction
        ([0.0, 0.0], [3.0, 6.0]),  # no direction at all
        ([0.0, 0.0], [0.0, 0.0]),
        ([1.0, 0.0], [1.0, 1e-5]),  # the same but for rounding
    ],
)
def test_spherical_is_linear_where_it_is_not_defined(a, b):
    a, b = torch.tensor(a), torch.tensor(b)
    assert torch.equal(paths.get("spherical")(a, b, 7), paths.get("linear")(a, b, 7))


def test_cross_fade_mixes_pixels():
    black, white = torch.zeros(3, 4, 5), torch.ones(3, 4, 5)
    fade = cross_fade(black, white, 5)
    assert fade.shape == (5, 3, 4, 5)
    assert fade[:, 0, 0, 0].tolist() == [0, 0.25, 0.5, 0.75, 1]
    with pytest.raises(ShapeError):
        cross_fade(black, torch.ones(1, 4, 5), 5)


@every
def test_bilinear_corners_are_exact(name):
    corners = latents(4, 3, 2)
    square = bilinear(corners, 4, 6, paths.get(name))
    assert square.shape == (4, 6, 3, 2)
    assert torch.equal(square[0, 0], corners[0])
    assert torch.equal(square[0, -1], corners[1])
    assert torch.equal(square[-1, 0], corners[2])
    assert torch.equal(square[-1, -1], corners[3])


@every
def test_bilinear_edges_are_paths(name):
    corners = latents(4, 8)
    path = paths.get(name)
    square = bilinear(corners, 5, 3, path)
    assert torch.equal(square[0], path(corners[0], corners[1], 3))
    assert torch.equal(square[-1], path(corners[2], corners[3], 3))
    assert torch.equal(square[:, 0], path(corners[0], corners[2], 5))
    assert torch.equal(square[:, -1], path(corners[1], corners[3], 5))


def test_bilinear_by_hand():
    square = bilinear(torch.tensor([[0.0], [2.0], [4.0], [10.0]]), 3, 3, paths.get("linear"))
    assert square[..., 0].tolist() == [[0, 1, 2], [2, 4, 6], [4, 7, 10]]


def test_bilinear_needs_four_corners():
    with pytest.raises(ShapeError):
        bilinear(latents(3, 2), 3, 3, paths.get("linear"))
    with pytest.raises(InputError, match="two steps"):
        bilinear(latents(4, 2), 1, 3, paths.get("linear"))
