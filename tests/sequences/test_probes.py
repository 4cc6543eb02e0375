"""What an answer rests on, and what a sequence costs: known answers."""

import pytest
import torch

from latentlab.data.sequences import RECALL
from latentlab.data.sequences.base import Batch
from latentlab.models import Transformer
from latentlab.sequences import costs, lessons, measures, probes
from latentlab.sequences.nets import NETS


@pytest.fixture(scope="module")
def transformer() -> Transformer:
    network = NETS["transformer"].build(RECALL, 0).eval().requires_grad_(False)
    assert isinstance(network, Transformer)
    return network


def test_the_reach_is_the_gradient_of_the_score_of_the_answer(transformer: Transformer) -> None:
    x, step = RECALL.showcase(1)[:, :12], 1e-3
    found = probes.answer(transformer, x)
    logits = transformer(x)[0, -1]
    assert found.best == int(logits.argmax()) and found.reach.shape == (12,)
    assert torch.allclose(found.chances, logits.softmax(-1), atol=1e-6)
    vectors = transformer.embed(x)
    slopes = []
    for place in range(vectors.shape[2]):  # by differences, at one sign
        up, down = vectors.clone(), vectors.clone()
        up[0, 4, place] += step
        down[0, 4, place] -= step
        both = [transformer.read(v)[0, -1, found.best] for v in (up, down)]
        slopes.append(float(both[0] - both[1]) / (2 * step))
    assert float(found.reach[4]) == pytest.approx(torch.tensor(slopes).norm().item(), rel=0.02)


def test_it_is_asked_in_inference_mode_too(transformer: Transformer) -> None:
    with torch.inference_mode():
        assert probes.answer(transformer, RECALL.showcase(1)).reach.shape == (64,)


def test_heads_look_at_what_has_come_and_can_be_switched_off(transformer: Transformer) -> None:
    x = RECALL.showcase(1)
    found = probes.looks(transformer.attention(x), 20)
    assert list(found) == probes.all_heads(transformer)
    for weights in found.values():
        assert float(weights.sum()) == pytest.approx(1, abs=1e-5) and (weights[21:] == 0).all()
    y = torch.full_like(x, -100)
    y[0, -1] = 4
    whole, less = (probes.without(transformer, Batch(x, y), off) for off in ([], [(1, 0)]))
    nats = -transformer(x)[0, -1].log_softmax(-1)[4]
    assert whole.nats == pytest.approx(float(nats), abs=1e-5) and less.nats != whole.nats


def test_measures_of_answers_known_by_hand() -> None:
    logits = torch.tensor([[[0.0, 9.0], [9.0, 0.0], [9.0, 0.0]]])
    y = torch.tensor([[1, 1, -100]])
    assert measures.share_right(logits, y) == 0.5
    assert measures.nats(torch.zeros(1, 3, 2), y) == pytest.approx(0.6931, abs=1e-4)
    even = torch.zeros(1, 3, 2)  # expects half of the unit
    assert measures.squared_error(even, y, unit=2.0) == pytest.approx(1.0)


def test_what_a_longer_sequence_leaves_behind() -> None:
    def growth(net: str) -> float:
        network = NETS[net].build(RECALL, 0)
        return costs.kept_bytes(network, 256) / costs.kept_bytes(network, 64)

    assert growth("lstm") == pytest.approx(4, rel=0.1)  # in step with the length
    assert growth("cnn") == pytest.approx(4, rel=0.1)
    assert growth("transformer") > 6  # every position beside every other
    assert costs.seconds(NETS["gru"].build(RECALL, 0).eval(), 8) > 0


def test_a_watched_training_learns_and_can_be_stopped() -> None:
    moments = []
    for moment in lessons.learn(["gru", "transformer"], "recall", 1, seconds=600, seed=0):
        moments.append(moment)
        if moment.step == 40:
            break
    assert [moment.step for moment in moments] == [0, 10, 20, 30, 40]
    last, first = moments[-1], moments[1]
    assert set(last.right) == {"gru", "transformer"}
    assert last.loss["transformer"] < first.loss["transformer"]
    again = list(zip(range(2), lessons.learn(["transformer"], "recall", 1, 600, 0), strict=False))
    assert again[1][1].right["transformer"] == moments[1].right["transformer"]
