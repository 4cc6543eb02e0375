"""Angles between subspaces, against what geometry says."""

import math

import pytest
import torch

from latentlab.errors import ShapeError
from latentlab.latents import subspaces


def turned(degrees: float) -> torch.Tensor:
    """The plane of the first two of four axes, the second turned towards the third."""
    angle = math.radians(degrees)
    return torch.tensor([[1.0, 0], [0, math.cos(angle)], [0, math.sin(angle)], [0, 0]])


@pytest.mark.parametrize("degrees", [0.0, 0.01, 30.0, 60.0, 90.0])
def test_a_plane_turned_about_one_of_its_axes_keeps_that(degrees: float) -> None:
    found = subspaces.principal_angles(turned(degrees), turned(0))
    assert found.tolist() == pytest.approx([0, degrees], abs=1e-4)


def test_other_axes_of_the_same_plane_change_nothing() -> None:
    mixed = turned(25) @ torch.tensor([[2.0, 1.0], [-1.0, 3.0]])
    found = subspaces.principal_angles(mixed, turned(0))
    assert found.tolist() == pytest.approx([0, 25], abs=1e-4)
    assert subspaces.axis_angles(mixed, turned(0)).min() > 10


def test_a_line_within_a_plane_is_at_no_angle_to_it() -> None:
    assert subspaces.principal_angles(turned(25).sum(1, keepdim=True), turned(25)).tolist() == (
        pytest.approx([0], abs=1e-4)
    )


def test_an_axis_points_both_ways() -> None:
    axes = turned(25) * torch.tensor([-1.0, 1.0])
    assert subspaces.axis_angles(axes, turned(0)).tolist() == pytest.approx([0, 25], abs=1e-4)
    assert torch.equal(subspaces.pointed_as(axes, turned(0)), turned(25))


def test_left_axes_are_those_of_the_ellipsoid_longest_first() -> None:
    axes = torch.linalg.qr(torch.randn(6, 3, generator=torch.Generator().manual_seed(0))).Q
    rotation = torch.linalg.qr(torch.randn(3, 3, generator=torch.Generator().manual_seed(1))).Q
    weights = axes @ torch.diag(torch.tensor([1.0, 5.0, 2.0])) @ rotation
    found = subspaces.left_axes(weights)
    assert subspaces.axis_angles(found, axes[:, [1, 2, 0]]).max() < 1e-3


def test_what_does_not_fit_is_said() -> None:
    with pytest.raises(ShapeError):
        subspaces.principal_angles(torch.eye(4), turned(0))
    with pytest.raises(ShapeError):
        subspaces.axis_angles(torch.eye(4), turned(0))
