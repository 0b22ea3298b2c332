"""What is still covered by an approval after its applicant changed the request."""

from decimal import Decimal

import pytest

from services.approvals.rules.changes import is_no_more
from services.approvals.rules.conditions import Facts

BEFORE: Facts = {"days": Decimal("3.5"), "kind": "annual", "abroad": False}


@pytest.mark.parametrize(
    ("change", "covered"),
    [
        ({}, True),
        ({"days": Decimal(3)}, True),
        ({"days": 3}, True),
        ({"days": Decimal("3.50")}, True),
        ({"days": Decimal(4)}, False),
        ({"days": Decimal(-4)}, False),
        ({"kind": "sick"}, False),
        ({"abroad": True}, False),
        ({"days": "3"}, False),
        ({"amount": Decimal(1)}, False),
    ],
)
def test_amounts_may_shrink_and_nothing_else_may_change(change: Facts, covered: bool) -> None:
    assert is_no_more(BEFORE, {**BEFORE, **change}) is covered


def test_what_is_no_longer_told_is_not_covered() -> None:
    assert not is_no_more(BEFORE, {"days": Decimal(1)})
