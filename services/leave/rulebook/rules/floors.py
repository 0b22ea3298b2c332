"""What no edit may take away from leave that the law gives: such a kind keeps at least what it is shipped with. Pure.

The company may be more generous, and it arranges when annual leave is taken; it may not ask for more service or another
contract, cap the days, or put a notice period before what nobody can foresee.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kit.errors import Invalid
from models.enums import Counting, PaidAs
from services.leave.rulebook.rules.kinds import RULE_TITLES, KindRules

GENEROUS = (Counting.WORKING, Counting.CALENDAR_EXCEPT_STATUTORY, Counting.CALENDAR)
EVERYBODY = (
    "gender", "min_service_months", "only_places", "only_tags", "is_once", "is_paid", "paid_as", "max_days_year",
)  # fmt: skip
EVENT = (
    *EVERYBODY, "occasion", "by_place", "needs_balance", "counting", "sandwich", "within_months", "extended_months",
    "step_minutes", "least_minutes",
)  # fmt: skip
SUDDEN = ("notice", "blackouts")
"""Nobody plans illness, death or birth."""
A_YEAR = 12
FLOORS: Mapping[str, tuple[str, ...]] = {
    "annual": EVERYBODY,
    "compensatory": EVERYBODY,
    "sick": (*EVERYBODY, *SUDDEN, "needs_balance", "max_days", "has_medical_period"),
    "marriage": (*EVENT, "max_days"),
    "bereavement": (*EVENT, *SUDDEN, "max_days"),
    "maternity": (*EVENT, *SUDDEN, "max_days"),
    "miscarriage": (*EVENT, *SUDDEN, "max_days"),
    "maternity_ext": (*EVENT, *SUDDEN, "max_days"),
    "paternity": (*EVENT, *SUDDEN, "max_days"),
    "childcare": EVENT,
    "elder_care": EVENT,
    "work_injury": (*EVENT, *SUDDEN, "max_days"),
    "breastfeeding": (*EVENT, *SUDDEN, "max_days", "is_work", "daily_minutes"),
    "prenatal_check": (*EVENT, *SUDDEN, "max_days", "is_work", "daily_minutes"),
    "civic": ("is_paid", "paid_as", "is_work", "max_days_year"),
    "half_day": (
        "gender",
        "min_service_months",
        "only_places",
        "only_tags",
        "is_paid",
        "paid_as",
        "max_days",
        "on_days",
    ),
}
"""What the law holds in each kind."""


def _unlimited(new: Any, least: Any) -> bool:
    return not new or (bool(least) and new >= least)


SUITS: Mapping[str, Callable[[Any, Any], bool]] = {
    "max_days": _unlimited,
    "max_days_year": _unlimited,
    "daily_minutes": _unlimited,
    "within_months": lambda new, least: not new or new >= (least or A_YEAR),
    "extended_months": lambda new, least: new >= least,
    "min_service_months": lambda new, most: new <= most,
    "step_minutes": lambda new, most: new <= most,
    "least_minutes": lambda new, most: new <= most,
    "gender": lambda new, given: new in (None, given),
    "only_places": lambda new, _: not new,
    "only_tags": lambda new, _: not new,
    "is_once": lambda new, _: not new,
    "needs_balance": lambda new, given: new <= given,
    "is_paid": lambda new, given: new >= given,
    "paid_as": lambda new, given: new in (PaidAs.FULL, given),
    "is_work": lambda new, given: new >= given,
    "on_days": lambda new, given: not new or set(given) <= set(new),
    "counting": lambda new, given: GENEROUS.index(new) <= GENEROUS.index(given),
}
"""Whether a new value takes nothing away; what is not named here stays as it is."""


def check(code: str, name: str, rules: KindRules, given: KindRules | None, source: str) -> None:
    """The rules give no less than what the law gives (`given`, as shipped); `Invalid` names each rule that does."""
    errors = [
        {"field": field, "message": f"“{RULE_TITLES[field]}”不能低于法定标准（{source}）"}
        for field in (_below(code, rules, given) if given else ())
    ]
    if errors:
        titles = "、".join(f"“{RULE_TITLES[one['field']]}”" for one in errors)
        raise Invalid(f"{name}的{titles}不能低于法定标准（{source}），请改回", errors=errors)


def _below(code: str, rules: KindRules, given: KindRules) -> Iterator[str]:
    for field in FLOORS.get(code, ()):
        new, law = getattr(rules, field), getattr(given, field)
        if new != law and (field not in SUITS or not SUITS[field](new, law)):
            yield field
