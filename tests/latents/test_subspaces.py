"""Angles between subspaces, against cases known by hand."""

import math

import pytest
import torch

from latentlab.errors import ShapeError
from latentlab.latents.subspaces import principal_angles


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
