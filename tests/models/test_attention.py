"""Attention by hand, its masks, its positions."""

import math

import pytest
import torch
from torch import nn

from latentlab.models.sequences import attention
from latentlab.models.sequences.attention import Attention, Block, TokenEmbedding


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_two_positions_by_hand() -> None:
    layer = Attention(width=1, heads=1)
    for linear in (layer.query, layer.key, layer.value, layer.output):
        nn.init.ones_(linear.weight)
        nn.init.zeros_(linear.bias)
    found = layer.trace(torch.tensor([[[1.0], [2.0]]]))
    assert found.scores[0, 0].tolist() == [[1, 2], [2, 4]]
    share = 1 / (1 + math.exp(-1))  # of the second, where scores differ by one
    assert torch.allclose(found.weights[0, 0, 0], torch.tensor([1 - share, share]))
    assert torch.allclose(found.output[0, 0], torch.tensor([1 + share]))


def test_it_is_what_torch_computes() -> None:
    layer = Attention(8, 2)
    x, memory = noise(3, 5, 8), noise(3, 7, 8, seed=1)
    mask = torch.rand(3, 1, 5, 7, generator=torch.Generator().manual_seed(2)) > 0.5
    mask[..., 0] = True
    found = layer.trace(x, memory, mask)
    expected = nn.functional.scaled_dot_product_attention(found.q, found.k, found.v, mask)
    assert torch.allclose(found.heads, expected, atol=1e-6)
    assert torch.allclose(found.weights.sum(-1), torch.ones(3, 2, 5))
    assert (found.weights.masked_select(~mask.expand_as(found.weights)) == 0).all()


@pytest.mark.parametrize("rotary", [False, True])
def test_nothing_leaks_from_the_future(rotary: bool) -> None:
    block = Block(8, 2, rotary=rotary).eval()
    x = noise(2, 6, 8)
    changed = x.clone()
    changed[:, 4:] = 9
    mask = attention.causal_mask(6)
    with torch.inference_mode():
        assert torch.equal(block(x, mask)[:, :4], block(changed, mask)[:, :4])
        assert not torch.allclose(block(x)[:, :4], block(changed)[:, :4])


def test_a_head_that_is_off_adds_nothing() -> None:
    layer = Attention(8, 2)
    x = noise(1, 4, 8)
    whole, off = layer.trace(x), layer.trace(x, without=(1,))
    assert torch.equal(whole.heads[:, 0], off.heads[:, 0]) and not off.heads[:, 1].any()
    assert torch.allclose(layer(x, without=(0, 1)), layer.output.bias.expand(1, 4, 8))


def test_rotary_scores_depend_on_the_distance_alone() -> None:
    q, k = noise(8).expand(10, 8), noise(8, seed=1).expand(10, 8)
    scores = attention.rotated(q) @ attention.rotated(k).T
    for distance in range(10):
        diagonal = scores.diagonal(distance)
        assert torch.allclose(diagonal, diagonal[:1].expand_as(diagonal), atol=1e-4)
    assert torch.allclose(attention.rotated(q).norm(dim=1), q.norm(dim=1))


def test_sinusoidal_positions_are_those_of_the_paper() -> None:
    found = attention.sinusoidal_positions(4, 6)
    for place in range(4):
        for i in range(3):
            angle = place / 10_000 ** (2 * i / 6)
            assert found[place, 2 * i].item() == pytest.approx(math.sin(angle), abs=1e-6)
            assert found[place, 2 * i + 1].item() == pytest.approx(math.cos(angle), abs=1e-6)


@pytest.mark.parametrize("positions", ["none", "rotary", "sinusoidal", "learnt"])
def test_embeddings_know_where_they_are_only_if_positions_are_added(
    positions: attention.Positions,
) -> None:
    embed = TokenEmbedding(5, 8, length=4, positions=positions)
    found = embed(torch.full((1, 6), 3))
    moved = not torch.equal(found[0, 0], found[0, 1])
    assert found.shape == (1, 6, 8) and moved == (positions in ("sinusoidal", "learnt"))
    if positions == "learnt":  # beyond the longest that was learnt
        assert torch.equal(found[0, 3], found[0, 5])


def test_widths_that_cannot_be_divided_are_refused() -> None:
    with pytest.raises(ValueError, match="among 3 heads"):
        Attention(8, 3)
    with pytest.raises(ValueError, match="among 4 heads"):
        Attention(4, 4, rotary=True)
