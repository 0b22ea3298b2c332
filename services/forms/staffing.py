"""What the forms about one's own place do: "transfer" moves on its day, "resignation" proposes the last day to HR."""

from datetime import date

from kit import clock
from models.enums import Role
from services import notices, people
from services.forms import effects
from services.forms.effects import Filed, Quote
from templates_msg import Message


class Transfer:
    """The effect of "transfer": department and position change on the day; until then it can be taken back."""

    needs = frozenset({"department", "position", "day"})

    def quote(self, filed: Filed) -> Quote:
        """What changes when, or what is in the way."""
        if refusal := people.moving.refusal(filed.person_id, _place(filed)):
            return Quote(refusal=refusal)
        person, to = people.get(filed.person_id), filed.values["department"]["name"]
        before = "".join([person.department_name, person.position and f"（{person.position}）"])
        words = f"{before or '未定'} → {to}（{filed.values['position']}）"
        note = "企业微信通讯录和直接上级请人事同步修改"
        return Quote(((f"{_said(_day(filed))}起", words), ("提醒", note)))

    def apply(self, filed: Filed) -> None:
        """Plans the move, or makes it when the day has come; `Conflict` when something has come in the way."""
        people.moving.plan(filed.person_id, filed.request_id, _place(filed), _day(filed))

    def undo(self, filed: Filed) -> None:
        """Calls it off; `Conflict` once it was made."""
        people.moving.call_off(filed.request_id)


def _place(filed: Filed) -> people.moving.Placement:
    return people.moving.Placement(filed.values["department"]["id"], filed.values["position"])


def _day(filed: Filed) -> date:
    return date.fromisoformat(filed.values["day"])


class Resignation:
    """The effect of "resignation": HR is told the last day. Nobody leaves by it: the directory says who works here."""

    needs = frozenset({"last_day"})

    def quote(self, filed: Filed) -> Quote:
        """Which last day HR will be told."""
        last_day = date.fromisoformat(filed.values["last_day"])
        days = (last_day - clock.today()).days
        return Quote((("离职办理", f"通知人事，最后工作日 {_said(last_day)}（{days} 天后）"),))

    def apply(self, filed: Filed) -> None:
        """Tells HR."""
        _tell_hr(filed, is_agreed=True)

    def undo(self, filed: Filed) -> None:
        """Tells HR that it is off."""
        _tell_hr(filed, is_agreed=False)


def _tell_hr(filed: Filed, *, is_agreed: bool) -> None:
    facts = {
        "name": people.get(filed.person_id).name,
        "last_day": date.fromisoformat(filed.values["last_day"]),
        "is_agreed": is_agreed,
        "request_id": filed.request_id,
    }
    handlers = people.holders_of(Role.HR, filed.person_id)
    key = f"resignation:{filed.request_id}:{'agreed' if is_agreed else 'off'}"
    notices.notify(handlers, Message("forms/resignation", facts), key=key)


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def plug() -> None:
    """Plugs the effects in, once, at import."""
    effects.plug("transfer", Transfer())
    effects.plug("resignation", Resignation())
