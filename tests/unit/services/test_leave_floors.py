"""No edit of a kind takes away what the law gives; being more generous is free."""

from decimal import Decimal
from typing import Any

import pytest

from kit.errors import Invalid
from models.enums import Counting, Gender, Occasion, Sandwich
from services.leave.rulebook import catalog
from services.leave.rulebook.rules import floors

SOURCE = "《某法》第一条"


def check(code: str, **changes: Any) -> None:
    given = catalog.shipped()[code]
    floors.check(code, "假", given.model_copy(update=changes), given, SOURCE)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("maternity", {"by_place": False, "event_days": "30", "max_days": Decimal(10)}),
        ("maternity", {"by_place": False, "event_days": "98"}),
        ("maternity", {"max_days": Decimal(98)}),
        ("maternity", {"within_months": 1}),
        ("maternity", {"min_service_months": 6}),
        ("maternity", {"is_paid": False}),
        ("maternity", {"gender": Gender.MALE}),
        ("bereavement", {"counting": Counting.CALENDAR}),
        ("bereavement", {"sandwich": Sandwich.ALL}),
        ("marriage", {"is_once": True}),
        ("marriage", {"only_tags": ("正式员工",)}),
        ("paternity", {"within_months": 6}),
        ("work_injury", {"extended_months": 0}),
        ("breastfeeding", {"daily_minutes": 30}),
        ("breastfeeding", {"step_minutes": 480}),
        ("prenatal_check", {"is_work": False}),
        ("half_day", {"on_days": ("03-09",)}),
        ("sick", {"max_days_year": Decimal(10)}),
        ("sick", {"has_medical_period": False}),
        ("childcare", {"max_days_year": Decimal(3)}),
        ("childcare", {"occasion": Occasion.NONE}),
        ("annual", {"min_service_months": 12}),
        ("annual", {"max_days_year": Decimal(3)}),
    ],
)
def test_less_than_the_law_is_refused_with_its_source(code: str, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        check(code, **changes)
    assert SOURCE in str(refused.value)
    assert {one["field"] for one in refused.value.detail["errors"]} <= set(changes)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("maternity", {"event_days": "188", "notice": ()}),
        ("maternity", {"gender": None}),
        ("marriage", {"counting": Counting.WORKING, "within_months": 12}),
        ("paternity", {"within_months": None}),
        ("paternity", {"within_months": 24}),
        ("breastfeeding", {"daily_minutes": 120, "step_minutes": 1}),
        ("childcare", {"max_days": Decimal(5)}),
        ("annual", {"max_days": Decimal(10), "min_service_months": 0}),
        ("personal", {"max_days": Decimal(1), "min_service_months": 12, "is_paid": False}),
        ("home_visit", {"min_service_months": 24}),
    ],
)
def test_more_than_the_law_and_the_companys_own_are_free(code: str, changes: dict[str, Any]) -> None:
    check(code, **changes)


def test_every_kind_as_shipped_keeps_its_own_floor() -> None:
    assert set(floors.FLOORS) <= set(catalog.shipped())
    for code in catalog.shipped():
        check(code)
