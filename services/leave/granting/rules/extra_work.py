"""Who may not be asked for overtime. Pure.

Source: Decree 619 arts. 6 and 9 (from the seventh month of pregnancy, and while nursing a child under one year).
"""

from collections.abc import Iterable
from datetime import date, timedelta

from kit.errors import AppError
from services.leave.rules import NotEligible, add_months

SEVENTH_MONTH = timedelta(weeks=40 - 28)  # before the expected day; a month of pregnancy is four weeks (packs.toml)
NURSING_MONTHS = 12
SOURCE_PREGNANT, SOURCE_NURSING = "《女职工劳动保护特别规定》第六条", "《女职工劳动保护特别规定》第九条"


def protection(day: date, births: Iterable[date]) -> AppError | None:
    """Why a mother (of the children born, or to be born, on these days) may not work overtime on a day, if so."""
    for born in births:
        if born - SEVENTH_MONTH <= day < born:
            return NotEligible(f"怀孕 7 个月以上不得安排加班（{SOURCE_PREGNANT}）")
        if born <= day < add_months(born, NURSING_MONTHS):
            return NotEligible(f"孩子未满 1 周岁的哺乳期不得安排加班（{SOURCE_NURSING}）")
    return None
