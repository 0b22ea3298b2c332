"""The rules of forms: what definitions may say, how typed text becomes values, what formulas see."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import Invalid
from models.enums import FieldType, Viewer
from services.forms.rules.definition import Definition, facts
from services.forms.rules.facts import facts_from
from services.forms.rules.shape import shape
from services.forms.rules.shown import for_everybody, shown, title_of, typed_of
from services.forms.rules.values import Filled, read

TODAY = date(2026, 3, 2)


class Nobody:
    """A company of one: 王五, in 研发部, with one file."""

    def person(self, text: str) -> dict[str, str]:
        if text != "王五":
            raise Invalid("没有找到这位同事")
        return {"id": "P", "name": text}

    def department(self, text: str) -> dict[str, str]:
        return {"id": text, "name": "研发部"}

    def file(self, text: str) -> dict[str, str]:
        return {"id": text, "name": "合同.pdf"}


def form(*fields: dict[str, Any], **more: Any) -> Definition:
    return Definition.model_validate({"title": "小单", "fields": fields, **more})


def filled(definition: Definition, **values: Any) -> Filled:
    return read(definition, shape(definition, values), TODAY, Nobody())


def field(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "title": name, "type": kind, **more}


ITEMS = field("items", "table", columns=[
    field("thing", "text"), field("pieces", "number", places=0), field("each", "money"),
    field("sum", "money", formula="pieces * each"),
])  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1,234.5", "1234.50"), ("0", "0.00"), ("-3", "-3.00"), ("１２", "12.00"), (7, "7.00"), (0.1, "0.10")],
)
def test_money_is_read_exactly(typed: Any, value: str) -> None:
    assert filled(form(field("a", "money")), a=typed).values == {"a": value}


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ({"from": "2026-03-02", "to": "2026-03-02"}, "1"),
        ({"from": "2026-03-02", "to": "2026-03-02", "to_half": "am"}, "0.5"),
        ({"from": "2026-03-02", "from_half": "pm", "to": "2026-03-04"}, "2.5"),
        ({"from": "2026-02-27", "from_half": "pm", "to": "2026-03-02", "to_half": "am"}, "3"),
    ],
)
def test_half_days_are_counted_both_ends_included(typed: dict[str, str], days: str) -> None:
    assert filled(form(field("a", "half_days")), a=typed).facts["a_days"] == Decimal(days)


def test_a_formula_sees_fields_sums_and_today() -> None:
    definition = form(
        ITEMS, field("day", "date"), field("left", "number", formula="day - today", places=0),
        field("total", "money", formula="items_sum * 2 if items_rows > 1 else items_sum"),
    )  # fmt: skip
    rows = [{"thing": "a", "pieces": "3", "each": "0.335"}, {"thing": "b", "pieces": "2", "each": "1"}]
    found = filled(definition, items=rows, day="2026-03-12")
    assert [fault.sentence for fault in found.faults] == ["最多 2 位小数"]
    rows[0]["each"] = "0.33"
    found = filled(definition, items=rows, day="2026-03-12")
    assert (found.values["total"], found.values["left"], found.faults) == ("5.98", "10", [])


def test_a_field_that_is_left_empty_counts_nothing() -> None:
    definition = form(field("a", "money"), field("b", "choice", options=["x"]), ITEMS,
                      field("c", "number", formula="a + items_rows + (1 if b == \"\" else 0)"))  # fmt: skip
    assert filled(definition).values == {"c": "1.00"}


def test_a_formula_that_has_no_result_is_a_fault_not_a_failure() -> None:
    definition = form(field("a", "number"), field("b", "number", formula="1 / a"))
    assert "除以了零" in filled(definition).faults[0].sentence


def test_what_was_submitted_reads_the_same_again() -> None:
    definition = form(
        field("a", "text"), field("b", "number", places=3), field("c", "money"), field("d", "dates"),
        field("e", "person"), field("f", "choices", options=["x", "y"]), ITEMS, field("g", "date"),
        field("h", "department"),
    )  # fmt: skip
    given_values = {"a": "字", "b": "1.250", "c": "3", "d": {"from": "2026-03-02", "to": "2026-03-05"}, "e": "王五",
                    "f": ["y"], "items": [{"thing": "笔", "pieces": "2", "each": "1.5"}], "g": "2026-03-09",
                    "h": "D"}  # fmt: skip
    once = filled(definition, **given_values)
    again = filled(definition, **typed_of(definition, json.loads(json.dumps(once.values)), has_files=True))
    assert again.values == once.values
    assert facts_from(definition, once.values) == {name: one for name, one in once.facts.items() if name != "today"}
    assert set(facts(definition)) == set(facts_from(definition, once.values))


def test_words_and_titles() -> None:
    definition = form(field("a", "half_days"), ITEMS, field("p", "text", visible_to=["applicant", "hr"]),
                      request_title="{applicant}：{form} {a}")  # fmt: skip
    found = filled(definition, a={"from": "2026-03-02", "to": "2026-03-03", "to_half": "am"}, p="秘密",
                   items=[{"thing": "笔", "pieces": "2", "each": "1.5"}])  # fmt: skip
    assert title_of(definition, found.values, "李雷") == "李雷：小单 2026年3月2日上午至2026年3月3日上午（1.5 天）"
    table = shown(definition, found.values, frozenset({Viewer.APPROVER}))[1]
    assert table.rows == (("笔", "2", "1.50 元", "3.00 元"), ("合计", "2", "", "3.00 元"))
    assert "秘密" not in str(for_everybody(definition, found.values))


def test_braces_in_what_was_typed_are_only_words() -> None:
    definition = form(field("a", "text"), request_title="{a}")
    assert title_of(definition, {"a": "{applicant.__class__}"}, "李雷") == "{applicant.__class__}"


PARTS = st.sampled_from(["from", "to", "thing", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PARTS, inner, max_size=4),
    max_leaves=12,
)
OF_EACH_TYPE = form(
    *(field(f"f_{kind}", kind, **({"options": ["x"]} if kind in ("choice", "choices") else {}))
      for kind in FieldType if kind is not FieldType.TABLE), ITEMS,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([one.name for one in OF_EACH_TYPE.fields]), JSON))
def test_any_json_is_read_or_refused_with_a_sentence(values: dict[str, Any]) -> None:
    try:
        found = filled(OF_EACH_TYPE, **values)
    except Invalid:
        return
    assert all(fault.sentence for fault in found.faults)
    json.dumps(found.values, allow_nan=False)
    shown(OF_EACH_TYPE, found.values, frozenset(Viewer))
