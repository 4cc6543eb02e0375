"""What every family of networks for sequences must keep, whoever wrote it."""

import json
from pathlib import Path

import pytest
import torch
from small_models import card_for

from latentlab import checkpoints, evaluation
from latentlab.data import sequence_tasks
from latentlab.errors import BadConfig, ShapeError
from latentlab.kinds import kinds
from latentlab.models import (
    CausalCNN,
    Recurrent,
    SequenceLabeller,
    build,
    count_parameters,
    families,
)
from latentlab.sequences.nets import NETS, TOLERANCE, parameters_for

FAMILIES = [n for n in families.names() if issubclass(families.get(n), SequenceLabeller)]
SMALL = {
    "recurrent": {"embedding": 3, "hidden": 5},
    "causal_cnn": {"channels": 4, "blocks": 2},
    "transformer": {"width": 8, "heads": 2, "length": 9},
}
VARIANTS = [
    *(("recurrent", {"cell": cell}) for cell in ("rnn", "lstm", "gru")),
    ("causal_cnn", {}),
    *(("transformer", {"positions": p}) for p in ("none", "sinusoidal", "learnt", "rotary")),
]
every_variant = pytest.mark.parametrize(("family", "fields"), VARIANTS, ids=str)


def small(family: str, fields: dict[str, str], tokens: int = 7, outputs: int = 4):
    config = families.get(family).config_type(
        tokens=tokens, outputs=outputs, **SMALL[family], **fields
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return families.get(family)(config).eval()


def tokens(length: int = 12, seed: int = 0, below: int = 7) -> torch.Tensor:
    return torch.randint(below, (3, length), generator=torch.Generator().manual_seed(seed))


def test_every_family_is_tried_here() -> None:
    assert set(FAMILIES) == set(SMALL) == {family for family, _ in VARIANTS}


@every_variant
def test_shapes_and_gradients(family: str, fields: dict[str, str]) -> None:
    network = small(family, fields)
    logits = network(tokens())
    assert logits.shape == (3, 12, 4) and logits.dtype == torch.float32
    logits.square().sum().backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None and parameter.grad.isfinite().all(), name


@every_variant
def test_what_comes_later_changes_nothing(family: str, fields: dict[str, str]) -> None:
    network, x = small(family, fields), tokens()
    before = network(x)
    for at in (1, 6, 11):
        changed = x.clone()
        changed[:, at] = (changed[:, at] + 1) % 7
        after = network(changed)
        assert torch.allclose(before[:, :at], after[:, :at], atol=1e-6)
        assert not torch.allclose(before[:, at], after[:, at], atol=1e-6)


@every_variant
def test_saved_and_loaded_it_is_the_same(
    family: str, fields: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = small(family, fields, 2, 2)
    card = card_for(network, family, "parity")
    name, reference = f"{family}.test", evaluation.reference(network, "parity")
    checkpoints.save(tmp_path / name, network, card, None, reference)
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))
    x = tokens(below=2)
    loaded = checkpoints.load(name).load_model()
    for key, value in network.state_dict().items():
        assert torch.equal(loaded.state_dict()[key], value), key
    # Weights that need gradients go another way through torch's recurrent layers.
    assert torch.allclose(loaded(x), network(x), atol=1e-6)


@every_variant
def test_configs_survive_json_and_strange_ones_are_refused(family: str, fields: dict[str, str]):
    config = small(family, fields).config
    written = json.loads(json.dumps(config.to_json()))
    assert type(config).from_json(written) == config
    for wrong in (
        {**written, "more": 1},
        {**written, "tokens": 10**9},
        {**written, "outputs": "3"},
    ):
        with pytest.raises(BadConfig):
            build(family, wrong)


def test_heads_that_cannot_divide_the_width_are_refused() -> None:
    config = {**small("transformer", {}).config.to_json(), "width": 9}
    with pytest.raises(BadConfig, match="cannot be divided"):
        build("transformer", config)


@every_variant
def test_what_is_no_sequence_is_refused(family: str, fields: dict[str, str]) -> None:
    network = small(family, fields)
    for wrong in (tokens()[0], tokens().float(), tokens() + 7, tokens()[:, :0]):
        with pytest.raises(ShapeError):
            network(wrong)


def test_every_kind_is_known_to_all_that_asks_for_it() -> None:
    network = small("recurrent", {}, 2, 2)
    assert kinds.get(network.kind).can(["labels_positions"], "sequences")
    scores = evaluation.scores(network, "parity")
    assert next(score.name for score in scores) == "accuracy"
    assert all(score.baseline == 0.5 for score in scores)
    lines = evaluation.portrait(network, sequence_tasks.get("parity").showcase(2), 0)
    assert isinstance(lines, evaluation.Lines) and len(lines.lines) == 2


# --- what each alone must keep ---------------------------------------------------------------


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_states_are_those_of_torch(cell: str) -> None:
    network, x = small("recurrent", {"cell": cell}), tokens()
    assert isinstance(network, Recurrent)
    found = network.states(x)
    hidden, last = network.cells(network.embed(x))
    if cell == "lstm":  # torch gives the cell at the end only
        assert torch.allclose(found.state[:, -1], last[1][0], atol=1e-6)
    else:
        assert torch.allclose(found.state, hidden, atol=1e-6)
    assert all(((gate > 0) & (gate < 1)).all() for gate in found.gates.values())
    assert len(found.gates) == {"rnn": 0, "lstm": 3, "gru": 2}[cell]


def test_nothing_beyond_the_receptive_field_is_seen() -> None:
    network = small("causal_cnn", {})
    assert isinstance(network, CausalCNN)
    field = network.receptive_field
    assert field == 13  # 1 + 2 · 2 · (1 + 2)
    x = tokens(length=20)
    vectors = network.embed(x).detach().requires_grad_()
    network.read(vectors)[:, -1].sum().backward()
    reached = vectors.grad.abs().sum((0, 2)) > 0
    assert not reached[: 20 - field].any() and reached[20 - field :].all()


@pytest.mark.parametrize("task", sequence_tasks.names())
def test_networks_that_are_compared_have_as_many_parameters(task: str) -> None:
    asked = sequence_tasks.get(task)
    wanted = parameters_for(asked)
    for net in NETS.values():
        count = count_parameters(net.build(asked, 0))
        assert abs(count / wanted - 1) <= TOLERANCE, net.name
    assert set(NETS) == {"rnn", "lstm", "gru", "cnn", "transformer"}
