"""What the form "trip" does when it is approved: its days are a business trip, and nobody on one is absent."""

from datetime import date

from kit import clock
from kit.errors import Conflict
from models.enums import Half
from services import forms, leave, schedule
from services.attendance import settling, trips
from services.attendance.trips import Journey
from services.forms import Filed, Quote

FORM, SPAN = "trip", "span"


class TripForm:
    """The effect of the form: the trip, and its days judged anew; both undone when it is taken back."""

    needs = frozenset({SPAN})

    def quote(self, filed: Filed) -> Quote:
        """How many working days need no punches, or what is in the way."""
        journey = _journey(filed)
        if refusal := _clash(filed.person_id, journey):
            return Quote(refusal=refusal)
        plans = schedule.days([filed.person_id], journey.first_day, journey.last_day).values()
        days = sum(plan.is_working for plan in plans)
        return Quote((("考勤", f"{days} 个工作日按出差计，不需要打卡"),))

    def apply(self, filed: Filed) -> None:
        """Keeps the trip; `Conflict` when something has come in its way."""
        journey = _journey(filed)
        if refusal := _clash(filed.person_id, journey):
            raise refusal
        trips.keep(filed.person_id, filed.request_id, journey)
        _settle(filed.person_id, journey)

    def undo(self, filed: Filed) -> None:
        """Forgets it: the days are judged as if it had never been."""
        trips.forget(filed.request_id)
        _settle(filed.person_id, _journey(filed))


def _journey(filed: Filed) -> Journey:
    span = filed.values[SPAN]
    halves = Half(span.get("from_half") or Half.AM), Half(span.get("to_half") or Half.PM)
    return Journey(date.fromisoformat(span["from"]), date.fromisoformat(span["to"]), *halves)


def _clash(person_id: str, journey: Journey) -> Conflict | None:
    first, last = journey.first_day, journey.last_day
    if other := next(iter(trips.between(person_id, first, last)), None):
        return Conflict(f"{other.first_day.month}月{other.first_day.day}日起已有出差，请改日期或先作废那次")
    days = sorted(day for _, day in leave.on_days([person_id], first, last))
    return Conflict(f"{days[0].month}月{days[0].day}日已请假，请先销假或改日期") if days else None


def _settle(person_id: str, journey: Journey) -> None:
    until = min(journey.last_day, clock.today())
    settling.settle_days(person_id, list(schedule.span(journey.first_day, until)))


def plug() -> None:
    """Plugs the effect in, once, at import."""
    forms.plug(FORM, TripForm())
