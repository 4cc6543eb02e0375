"""The objectives of networks for text."""

import torch

from latentlab.training.objectives.language import MASK, hidden, trimmed


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_hidden_tokens_are_never_special_and_one_at_least() -> None:
    x = torch.tensor([[2, 9, 8, 7, 3, 0, 0], [2, 6, 3, 0, 0, 0, 0]]).repeat(500, 1)
    shown, chosen = hidden(x, 0.15, 50, rng())
    assert not chosen[x < 5].any() and chosen.any(1).all()
    assert torch.equal(shown[~chosen], x[~chosen])
    assert chosen[1::2].sum() == 500  # the only word of the short text
    changed = shown[chosen]
    share = float((changed == MASK).float().mean())
    assert 0.75 < share < 0.85
    kept = float((changed == x[chosen]).float().mean())
    assert 0.06 < kept < 0.15


def test_columns_of_padding_alone_are_left_out() -> None:
    x = torch.tensor([[2, 5, 3, 0, 0], [2, 5, 6, 3, 0]])
    assert torch.equal(trimmed(x), x[:, :4])
