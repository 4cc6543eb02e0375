"""The objectives of networks for text."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from latentlab.data import datasets
from latentlab.data.text.base import Rows
from latentlab.errors import TrainingError
from latentlab.models import families
from latentlab.training import fit
from latentlab.training.objectives import Transcription
from latentlab.training.objectives.language import MASK, hidden, trimmed
from latentlab.training.recipes import recipes


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


def test_batches_of_about_one_length_hold_every_text_once() -> None:
    lengths = np.random.default_rng(0).integers(1, 10, 100)
    tokens = (np.arange(10) < lengths[:, None]).astype(np.int64) * 7
    items = Rows(tokens, np.zeros(100, np.int64))
    recipe = replace(recipes.get("language_model.spellings"), by_length=True, batch_size=8)
    orders = [fit._order(items, recipe, epoch).numpy() for epoch in range(3)]
    for order in orders:
        assert len(order) == 96 == len(set(order.tolist()))
        spread = np.ptp(lengths[order].reshape(12, 8), axis=1)
        assert spread.max() <= 2 and spread.mean() < 1
        assert np.any(np.diff(lengths[order][::8]) < 0)  # not the short ones first
    assert not np.array_equal(orders[0], orders[1])
    assert np.array_equal(orders[0], fit._order(items, recipe, 0).numpy())
    mixed = fit._order(items, replace(recipe, by_length=False), 0)
    assert sorted(mixed.tolist()) == list(range(100))
    with pytest.raises(TrainingError):
        fit._order(datasets.get("mnist").samples(), recipe, 0)


def test_of_texts_of_one_length_the_answers_decide() -> None:
    tokens = np.array([[2, 5, 3, 0], [2, 3, 0, 0], [2, 6, 3, 0]])
    answers = np.array([[2, 5, 5, 3], [2, 3, 0, 0], [2, 5, 3, 0]])
    assert Rows(tokens, answers).by_length(np.array([0, 1, 2])).tolist() == [1, 2, 0]


def test_smoothing_wants_a_little_of_every_token() -> None:
    config = families.get("encoder_decoder").config_type(tokens=9, length=6)
    network = families.get("encoder_decoder")(replace(config, width=8, heads=2, depth=1)).eval()
    x = torch.tensor([[2, 5, 3]])
    answer = torch.tensor([[2, 6, 3]])
    with torch.no_grad():
        chances = network(x, answer[:, :-1]).log_softmax(2)
        plain = -chances[0, torch.arange(2), answer[0, 1:]].mean()
        smooth = 0.9 * plain - 0.1 * chances.mean()
        found = Transcription(smoothing=0.1).loss(network, x, answer, rng(), 0.0)["nats"]
    assert torch.allclose(found, smooth, atol=1e-5) and not torch.allclose(found, plain)
