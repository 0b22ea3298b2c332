"""What the form "remote" does when it is approved: on its days a punch needs no place."""

from datetime import date

from kit.errors import Conflict
from services import forms, schedule
from services.attendance.punches import remote
from services.forms import Filed, Quote

FORM, SPAN = "remote", "span"


class RemoteForm:
    """The effect of the form: its days may be punched from anywhere; ordinary days again when it is taken back."""

    needs = frozenset({SPAN})

    def quote(self, filed: Filed) -> Quote:
        """How many working days that is, or what is in the way."""
        days = _days(filed)
        if known := remote.agreed(filed.person_id, days):
            first = min(known)
            return Quote(refusal=Conflict(f"{first.month}月{first.day}日已批准远程办公，请改日期"))
        plans = schedule.days([filed.person_id], days[0], days[-1]).values()
        working = sum(plan.is_working for plan in plans)
        return Quote((("考勤", f"{working} 个工作日可在任何地点打卡，上下班时间不变"),))

    def apply(self, filed: Filed) -> None:
        """Agrees to the days."""
        remote.agree(filed.person_id, _days(filed), filed.request_id)

    def undo(self, filed: Filed) -> None:
        """Takes the days back; punches already made stay."""
        remote.forget(filed.request_id)


def _days(filed: Filed) -> list[date]:
    span = filed.values[SPAN]
    return list(schedule.span(date.fromisoformat(span["from"]), date.fromisoformat(span["to"])))


def plug() -> None:
    """Plugs the effect in, once, at import."""
    forms.plug(FORM, RemoteForm())
