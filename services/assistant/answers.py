"""Answers to commands: each is a card with the one thing asked for and the way on. No amounts of pay, ever."""

from collections.abc import Callable

from kit import clock
from models.enums import Direction
from services import approvals, attendance, leave, notices, payroll
from services.assistant.rules import Command
from services.people import Actor
from templates_msg import Message

MOST_ROWS = 6


def answer(actor: Actor, command: Command) -> Message:
    """What to say to a command."""
    return ANSWERS[command](actor)


def _balances(actor: Actor) -> Message:
    rows = [(one.kind_name, one.length) for one in leave.balances(actor) if one.available > 0]
    return Message("assistant/balances", {"on": clock.today(), "balances": rows[:MOST_ROWS]})


def _punch(actor: Actor) -> Message:
    today = attendance.today(actor)
    facts = {"title": _punch_title(today), "plan": today.plan}
    times = {"came": _time(today.first_in), "left": _time(today.last_out)}
    return Message("assistant/punch", facts | times)


def _punch_title(today: attendance.TodayOut) -> str:
    if today.is_on_leave:
        return "今天请假，不用打卡"
    if not today.is_working:
        return "今天休息，不用打卡"
    if today.next is Direction.IN:
        return "今天还没有打上班卡"
    return "已打上班卡，下班时记得打卡" if today.last_out is None else "今天的上下班卡都打了"


def _time(at: object) -> str:
    return f"{clock.local(at):%H:%M}" if at else "未打卡"  # type: ignore[arg-type]


def _payslip(actor: Actor) -> Message:
    slip = payroll.latest(actor)
    if slip is None:
        why = "发放后会在这里通知您。"
        return Message("assistant/refused", {"what": "您还没有工资条", "why": why, "link": "/h5/payslips"})
    facts = {"month": slip.month, "published_at": slip.published_at, "is_unread": slip.opened_at is None}
    return Message("assistant/payslip", facts)


def _todo(actor: Actor) -> Message:
    slip = payroll.latest(actor)
    waiting = {"approvals": approvals.count_waiting(actor), "notices": notices.unread_count(actor)}
    return Message("assistant/todo", {**waiting, "payslips": int(slip is not None and slip.opened_at is None)})


def _help(_actor: Actor) -> Message:
    return Message("assistant/help")


ANSWERS: dict[Command, Callable[[Actor], Message]] = {
    Command.BALANCES: _balances,
    Command.PUNCH: _punch,
    Command.PAYSLIP: _payslip,
    Command.TODO: _todo,
    Command.HELP: _help,
}
