"""Angles between subspaces, against cases known by hand."""

import math

import pytest
import torch

from latentlab.errors import ShapeError
from latentlab.latents.subspaces import axis_angles, left_axes, pointed_as, principal_angles


@pytest.mark.parametrize("degrees", [0.0, 1e-4, 0.3, 30, 60, 89.9, 90])
def test_a_line_turned_in_a_plane(degrees: float) -> None:
    turned = math.radians(degrees)
    a = torch.tensor([[1.0], [0.0], [0.0]])
    b = torch.tensor([[math.cos(turned)], [math.sin(turned)], [0.0]], dtype=torch.float64)
    assert principal_angles(a, b).tolist() == pytest.approx([degrees], abs=1e-6)


def test_planes_that_share_a_line_and_bases_of_another_scale() -> None:
    a = torch.eye(4)[:, :2]
    b = torch.tensor([[3.0, 5.0], [0.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    # In the plane of b lie the first axis and, at 45 degrees to a, the third with the second.
    assert principal_angles(a, b).tolist() == pytest.approx([0, 45], abs=1e-5)
    mixed = a @ torch.tensor([[2.0, -1.0], [0.5, 7.0]])  # other columns, the same plane
    assert principal_angles(a, mixed).tolist() == pytest.approx([0, 0], abs=1e-5)


def test_a_line_within_a_plane_counts_once() -> None:
    assert principal_angles(torch.eye(5)[:, :2], torch.eye(5)[:, 1:2]).tolist() == [0.0]


def test_bases_of_other_spaces_are_refused() -> None:
    with pytest.raises(ShapeError):
        principal_angles(torch.eye(3), torch.eye(4))
    with pytest.raises(ShapeError):
        principal_angles(torch.eye(3), torch.ones(3))


def turned(degrees: float) -> torch.Tensor:
    """The first two of four axes, the second turned towards the third."""
    angle = math.radians(degrees)
    return torch.tensor([[1.0, 0], [0, math.cos(angle)], [0, math.sin(angle)], [0, 0]])


def test_an_axis_points_both_ways() -> None:
    axes = turned(25) * torch.tensor([-1.0, 1.0])
    assert axis_angles(axes, turned(0)).tolist() == pytest.approx([0, 25], abs=1e-4)
    assert torch.equal(pointed_as(axes, turned(0)), turned(25))


def test_other_axes_of_one_plane_are_told_apart() -> None:
    mixed = turned(0) @ torch.tensor([[2.0, 1.0], [-1.0, 3.0]])
    assert principal_angles(mixed, turned(0)).max() < 1e-4
    assert axis_angles(mixed, turned(0)).min() > 10


def test_left_axes_are_those_of_the_ellipsoid_longest_first() -> None:
    axes = torch.linalg.qr(torch.randn(6, 3, generator=torch.Generator().manual_seed(0))).Q
    rotation = torch.linalg.qr(torch.randn(3, 3, generator=torch.Generator().manual_seed(1))).Q
    weights = axes @ torch.diag(torch.tensor([1.0, 5.0, 2.0])) @ rotation
    assert axis_angles(left_axes(weights), axes[:, [1, 2, 0]]).max() < 1e-3


def test_axes_of_other_spaces_are_refused() -> None:
    with pytest.raises(ShapeError):
        axis_angles(torch.eye(4), turned(0))
