"""Chains are data that is checked before it is kept: every accepted chain asks somebody, and asks nobody twice."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kit.errors import Invalid
from models.enums import Comparison, FactKind
from services.approvals import stored
from services.approvals.rules import conditions, fitting, limits
from services.approvals.rules.chains import Chain
from services.approvals.rules.conditions import Condition, Fact

FIELDS = {"days": Fact("天数", FactKind.NUMBER), "kind": Fact("假种", FactKind.TEXT)}
SUPERIOR = {"kind": "superior"}


def chain(*nodes: dict[str, Any]) -> Chain:
    return Chain.model_validate({"nodes": nodes})


def leave_chain() -> Chain:
    """Three days: the superior; more: the head as well; more than ten, or maternity: HR as well."""
    long, maternity = {"field": "days", "op": "gt", "value": 10}, {"field": "kind", "op": "in", "value": ["maternity"]}
    return chain(
        {"name": "直接上级", "approvers": [SUPERIOR]},
        {"name": "部门负责人", "approvers": [{"kind": "department_head"}],
         "when": [[{"field": "days", "op": "gt", "value": "3"}]]},
        {"name": "人事", "approvers": [{"kind": "role", "role": "hr"}], "when": [[long], [maternity]]},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "kind", "asked"),
    [
        ("0.5", "annual", ["直接上级"]),
        ("3", "annual", ["直接上级"]),
        ("3.5", "annual", ["直接上级", "部门负责人"]),
        ("10", "annual", ["直接上级", "部门负责人"]),
        ("10.5", "annual", ["直接上级", "部门负责人", "人事"]),
        ("1", "maternity", ["直接上级", "人事"]),
    ],
)
def test_length_and_kind_choose_who_is_asked(days: str, kind: str, asked: list[str]) -> None:
    assert [node.name for node in leave_chain().route({"days": Decimal(days), "kind": kind})] == asked


def test_a_field_may_have_a_digit_in_its_name() -> None:
    assert Condition(field="km_2026", op=Comparison.MORE, value="3").holds({"km_2026": 4})


@pytest.mark.parametrize(
    ("op", "value", "fact", "holds"),
    [
        ("eq", 3, Decimal("3.0"), True), ("ne", "3", Decimal(3), False), ("ge", 3, 3, True), ("lt", "2.5", 2, True),
        ("le", 2, Decimal("2.1"), False), ("eq", "annual", "annual", True), ("ne", "annual", "sick", True),
        ("in", ["annual", "sick"], "sick", True), ("in", ["annual"], "sick", False),
    ],
)  # fmt: skip
def test_a_comparison(op: str, value: Any, fact: Any, holds: bool) -> None:
    assert Condition.model_validate({"field": "x", "op": op, "value": value}).holds({"x": fact}) is holds


def test_a_field_that_was_not_told_never_holds() -> None:
    assert not Condition(field="days", op=Comparison.DIFFERS, value="3").holds({"kind": "annual"})


BROKEN = {
    "no nodes": {"nodes": []},
    "a node that asks nobody": {"nodes": [{"name": "空", "approvers": []}]},
    "every node has a condition": {
        "nodes": [{"name": "长假", "approvers": [SUPERIOR], "when": [[{"field": "days", "op": "gt", "value": 3}]]}]
    },
    "a group without conditions": {"nodes": [{"name": "上级", "approvers": [SUPERIOR], "when": [[]]}]},
    "a role without its name": {"nodes": [{"name": "人事", "approvers": [{"kind": "role"}]}]},
    "a person without an id": {"nodes": [{"name": "某人", "approvers": [{"kind": "person"}]}]},
    "a superior with a role": {"nodes": [{"name": "上级", "approvers": [{"kind": "superior", "role": "hr"}]}]},
    "level zero": {"nodes": [{"name": "上级", "approvers": [{"kind": "superior", "level": 0}]}]},
    "code instead of data": {"nodes": [{"name": "上级", "approvers": [SUPERIOR], "when": "days > 3"}]},
    "an unknown word": {"nodes": [{"name": "上级", "approvers": [SUPERIOR], "script": "print()"}]},
    "a list compared by size": {
        "nodes": [{"name": "上级", "approvers": [SUPERIOR], "when": [[{"field": "days", "op": "gt", "value": ["3"]}]]}]
    },
    "a single value in a list": {
        "nodes": [{"name": "上级", "approvers": [SUPERIOR], "when": [[{"field": "kind", "op": "in", "value": "sick"}]]}]
    },
}  # fmt: skip


@pytest.mark.parametrize("definition", BROKEN.values(), ids=BROKEN)
def test_a_chain_that_makes_no_sense_is_refused(definition: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Chain.model_validate(definition)


@pytest.mark.parametrize(
    "condition",
    [
        {"field": "salary", "op": "gt", "value": 3},
        {"field": "days", "op": "gt", "value": "three"},
        {"field": "days", "op": "gt", "value": "NaN"},
        {"field": "days", "op": "in", "value": ["3"]},
        {"field": "kind", "op": "gt", "value": "annual"},
    ],
)
def test_a_condition_must_fit_the_fields_of_its_subject(condition: dict[str, Any]) -> None:
    nodes = [
        {"name": "上级", "approvers": [SUPERIOR]},
        {"name": "人事", "approvers": [SUPERIOR], "when": [[condition]]},
    ]
    with pytest.raises(Invalid, match="人事"):
        fitting.check_fields(chain(*nodes), FIELDS)


def test_the_leave_chain_fits_its_fields_and_survives_storage() -> None:
    fitting.check_fields(leave_chain(), FIELDS)
    assert Chain.model_validate(leave_chain().model_dump(mode="json")) == leave_chain()


def test_a_card_is_dead_from_the_very_moment_it_expires() -> None:
    end = datetime(2026, 3, 16, tzinfo=UTC)
    assert not limits.is_expired(end, end - timedelta(seconds=1))
    assert limits.is_expired(end, end)


def test_what_is_typed_to_try_a_chain_becomes_a_value() -> None:
    assert conditions.fact_from("3.5", FIELDS["days"]) == Decimal("3.5")
    assert conditions.fact_from("annual", FIELDS["kind"]) == "annual"
    with pytest.raises(Invalid, match="天数"):
        conditions.fact_from("很多", FIELDS["days"])


FACTS = st.one_of(
    st.text(), st.integers(), st.booleans(), st.dates(), st.decimals(allow_nan=False, allow_infinity=False),
    st.datetimes(timezones=st.just(UTC)), st.lists(st.lists(st.text(), min_size=2, max_size=2)),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["days", "first_day", "reason"]), FACTS))
def test_facts_keep_their_types_on_the_way_to_the_next_step(facts: dict[str, Any]) -> None:
    assert stored.thaw(stored.freeze(facts)) == facts
    assert {name: type(value) for name, value in stored.thaw(stored.freeze(facts)).items()} == {
        name: type(value) for name, value in facts.items()
    }


def test_a_day_and_an_instant_are_told_apart() -> None:
    facts = {"day": date(2026, 3, 2), "at": datetime(2026, 3, 2, 9, tzinfo=UTC), "days": Decimal("0.5")}
    assert stored.freeze(facts) == {
        "day": {"date": "2026-03-02"}, "at": {"time": "2026-03-02T09:00:00+00:00"}, "days": {"decimal": "0.5"},
    }  # fmt: skip
