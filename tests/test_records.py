"""Records from JSON: what a field's annotation does not allow is refused, at every depth."""

from dataclasses import dataclass
from typing import Any, Literal

import pytest

from latentlab import records
from latentlab.records import Count, Counts, Natural, Number, Positive


@dataclass(frozen=True)
class Inner:
    value: Number


@dataclass(frozen=True, kw_only=True)
class Outer:
    count: Count = 1
    natural: Natural = 0
    counts: Counts = (1,)
    rate: Positive = 0.5
    flag: bool = False
    text: str | None = None
    choice: Literal["a", "b"] = "a"
    inner: tuple[Inner, ...] = ()


GOOD: dict[str, Any] = {
    "count": 3, "natural": 0, "counts": [1, 2], "rate": 1, "flag": True, "text": None,
    "choice": "b", "inner": [{"value": -2.5}],
}  # fmt: skip


def test_zero_bool_none_and_text_are_allowed_where_the_type_says_so() -> None:
    found = records.read(Outer, GOOD)
    assert found == Outer(
        count=3, natural=0, counts=(1, 2), rate=1.0, flag=True, text=None, choice="b",
        inner=(Inner(-2.5),),
    )  # fmt: skip
    assert records.read(Outer, {**GOOD, "text": "x"}).text == "x"


@pytest.mark.parametrize(
    "changes",
    [
        {"count": 0}, {"count": True}, {"count": 1.0}, {"count": 65537}, {"count": "3"},
        {"natural": -1}, {"counts": []}, {"counts": [0]}, {"counts": [1] * 17}, {"counts": 3},
        {"rate": -0.1}, {"rate": float("nan")}, {"rate": float("inf")}, {"rate": True},
        {"flag": 1}, {"text": 3}, {"choice": "c"}, {"inner": [{}]}, {"inner": [3]},
        {"inner": [{"value": 1, "more": 2}]}, {"inner": [{"value": 10**400}]}, {"more": 1},
    ],
    ids=str,
)  # fmt: skip
def test_all_else_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        records.read(Outer, {**GOOD, **changes})


@pytest.mark.parametrize("key", GOOD)
def test_a_missing_key_is_named(key: str) -> None:
    with pytest.raises(ValueError, match=key):
        records.read(Outer, {k: v for k, v in GOOD.items() if k != key})


@pytest.mark.parametrize("values", [None, 3, [], "x", [GOOD]])
def test_what_is_no_object_is_refused(values: Any) -> None:
    with pytest.raises(ValueError):
        records.read(Outer, values)
