"""Ready-made chains are chains like any other: checked, and offered only to subjects that tell what they look at."""

import pytest

from models.enums import FactKind
from services.approvals.design import readymade
from services.approvals.design.readymade import Entry
from services.approvals.rules import chains, fitting
from services.approvals.rules.conditions import Fact

FIELDS = {"days": Fact("天数", FactKind.NUMBER), "amount": Fact("金额", FactKind.NUMBER)}


@pytest.mark.parametrize("entry", readymade.entries(), ids=lambda entry: entry.code)
def test_each_can_be_saved_and_says_what_it_is_for(entry: Entry) -> None:
    fitting.check_fields(entry.chain, FIELDS)
    assert entry.title
    assert entry.about.endswith("。")
    assert chains.Chain.model_validate_json(entry.chain.model_dump_json(exclude_defaults=True)) == entry.chain


def test_there_is_one_for_the_usual_cases() -> None:
    codes = [entry.code for entry in readymade.entries()]
    assert len(codes) == len(set(codes))
    assert {
        "superior", "superior_then_hr", "heads_countersign", "expense_by_amount", "parallel", "superior_with_copy",
    } <= set(codes)  # fmt: skip
