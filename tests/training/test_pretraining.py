"""Greedy layer-wise pretraining, on values worked out by hand."""

import math

import pytest
import torch
from torch.nn import functional as F

from latentlab.training import pretraining
from latentlab.training.pretraining import ERAS, Stack


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def small(era: str = "2006") -> Stack:
    return Stack(ERAS[era], rng(), (6, 4, 3, 2))


def blobs(count: int = 200) -> tuple[torch.Tensor, torch.Tensor]:
    """Two classes in [0, 1], easily told apart."""
    labels = torch.arange(count) % 2
    x = torch.rand(count, 6, generator=rng(1)) * 0.3
    x[:, :3] += 0.7 * labels[:, None]
    return x, labels


def test_a_step_on_a_layer_follows_the_gradient_worked_out_by_hand() -> None:
    # h = s(Wx + b), x' = s(Wᵀh + c), cross entropy: with δ = x' - x and ε = Wδ ⊙ h(1 - h),
    # dL/dW = ε xᵀ + h δᵀ, dL/db = ε, averaged over the batch (Vincent 2010, appendix).
    stack = small()
    x = torch.rand(5, 6, generator=rng(2))
    layer = stack.linears[0]
    w, b = layer.weight.detach().clone(), layer.bias.detach().clone()
    h = torch.sigmoid(x @ w.T + b)
    delta = torch.sigmoid(h @ w) - x
    epsilon = (delta @ w.T) * h * (1 - h)
    step = next(pretraining.greedy(stack, x, 1, rng()))
    assert torch.allclose(layer.weight, w - 0.1 * (epsilon.T @ x + h.T @ delta) / 5, atol=1e-6)
    assert torch.allclose(layer.bias, b - 0.1 * epsilon.mean(0), atol=1e-6)
    made = torch.sigmoid(h @ w)
    entropy = -(x * made.log() + (1 - x) * (1 - made).log()).sum(1).mean()
    assert step.loss == pytest.approx(entropy.item(), rel=1e-5)


@pytest.mark.parametrize("era", ERAS)
def test_greedy_teaches_one_layer_after_another_and_leaves_the_last_alone(era: str) -> None:
    stack = small(era)
    x, _ = blobs()
    first = [layer.weight.detach().clone() for layer in stack.linears]
    before = None
    losses: dict[int | None, list[float]] = {}
    for step in pretraining.greedy(stack, x, 20, rng(), noise=0.25):
        losses.setdefault(step.layer, []).append(step.loss)
        if step.layer == 0:
            assert torch.equal(stack.linears[1].weight, first[1])
        elif before is None:
            before = stack.linears[0].weight.detach().clone()
    assert list(losses) == [0, 1] and step.done == 1
    assert torch.equal(stack.linears[0].weight, before), "a finished layer is left alone"
    assert torch.equal(stack.linears[2].weight, first[2])
    assert sum(losses[0][-5:]) < sum(losses[0][:5])


def test_joint_pretraining_moves_all_layers_but_the_last() -> None:
    stack = small("today")
    first = [layer.weight.detach().clone() for layer in stack.linears]
    losses = [step.loss for step in pretraining.joint(stack, blobs()[0], 30, rng())]
    moved = [not torch.equal(a, b.weight) for a, b in zip(first, stack.linears, strict=True)]
    assert moved == [True, True, False] and losses[-1] < losses[0]


@pytest.mark.parametrize("era", ERAS)
def test_equal_seeds_end_in_equal_weights(era: str) -> None:
    def trained() -> Stack:
        stack = small(era)
        x, labels = blobs(40)
        for _ in pretraining.greedy(stack, x, 2, rng(3), noise=0.5):
            pass
        for _ in pretraining.fine_tune(stack, x, labels, 2, rng(4)):
            pass
        return stack

    torch.manual_seed(0)
    one = trained()
    torch.manual_seed(1)  # nothing is drawn from the generator that belongs to everybody
    assert all(map(torch.equal, one.state_dict().values(), trained().state_dict().values()))


def test_fine_tuning_learns_what_labels_say() -> None:
    stack = small("today")
    x, labels = blobs()
    for step in pretraining.fine_tune(stack, x, labels, 60, rng()):
        assert step.layer is None
    assert pretraining.error_rate(stack, x, labels) < 5


def test_the_mask_hides_a_share_of_every_input() -> None:
    x = torch.ones(400, 50)
    hidden = pretraining.mask(x, 0.25, rng())
    assert set(hidden.unique().tolist()) == {0, 1}
    assert hidden.mean().item() == pytest.approx(0.75, abs=0.01)
    assert pretraining.mask(x, 0.0, rng()) is x


def test_draws_are_balanced_and_a_smaller_one_is_part_of_a_larger_one() -> None:
    labels = torch.randint(0, 10, (3000,), generator=rng(5))
    draws = [pretraining.balanced(labels, n, rng(6)) for n in (10, 100, 103)]
    assert [len(draw) for draw in draws] == [10, 100, 103]
    assert labels[draws[1]].bincount().tolist() == [10] * 10
    assert labels[draws[2]].bincount().tolist() == [11] * 3 + [10] * 7
    assert len(set(draws[2].tolist())) == 103, "nothing is drawn twice"
    assert set(draws[0].tolist()) <= set(draws[1].tolist()) <= set(draws[2].tolist())
    assert not torch.equal(draws[1], pretraining.balanced(labels, 100, rng(7)))
    assert torch.equal(pretraining.balanced(labels, 3000, rng(6)), torch.arange(3000))


def test_gradients_are_per_weight_and_agree_with_autograd() -> None:
    stack = small()
    x, labels = blobs(30)
    F.cross_entropy(stack(x), labels).backward()
    norms = pretraining.gradient_norms(stack, x, labels)
    for layer, norm in zip(stack.linears, norms, strict=True):
        assert layer.weight.grad is not None
        assert norm == pytest.approx(layer.weight.grad.square().mean().sqrt().item(), rel=1e-5)


def test_the_old_sigmoid_stack_hands_down_hardly_any_gradient() -> None:
    x = torch.rand(100, 784, generator=rng(1))
    labels = torch.arange(100) % 10
    old, today = (pretraining.gradient_norms(Stack(ERAS[era], rng()), x, labels) for era in ERAS)
    assert old == sorted(old), "each layer gets less than the one above it"
    assert old[-1] / old[0] > 100 > 20 > today[-1] / today[0]


def test_features_add_up_the_filters_below() -> None:
    stack = small()
    first, second, _ = (layer.weight for layer in stack.linears)
    assert torch.equal(pretraining.features(stack, 0, 2), first[:2])
    assert torch.allclose(pretraining.features(stack, 1, 3), second @ first)


def test_weights_are_drawn_within_the_spread_of_their_time() -> None:
    for era, spread in (("2006", 1 / math.sqrt(784)), ("today", math.sqrt(6 / 784))):
        weight = Stack(ERAS[era], rng()).linears[0].weight
        assert 0.99 * spread < weight.abs().max().item() <= spread
