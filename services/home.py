"""Home: what somebody should see first, asked of every domain at this moment; nothing is copied or stored."""

from kit import clock
from kit.schema import View
from services import approvals, attendance, leave, notices, payroll, people
from services.attendance import TodayOut
from services.leave import BalanceOut
from services.notices import MyNoticeLine
from services.payroll import PayslipLine

NOTICES_SHOWN = 3

__all__ = ["HomeOut", "home"]


class HomeOut(View):
    """The first page: to-do, today's punches, balances, the newest payslip (no amounts), the newest notices."""

    name: str
    is_manager: bool
    waiting: int
    unread: int
    today: TodayOut
    balances: list[BalanceOut]
    payslip: PayslipLine | None
    notices: list[MyNoticeLine]


def home(actor: people.Actor) -> HomeOut:
    """The actor's own first page."""
    newest, unread = notices.newest(actor, NOTICES_SHOWN)
    plans = attendance.plans_around(actor.person_id, clock.now())
    return HomeOut(
        name=actor.name,
        is_manager=actor.is_manager,
        waiting=approvals.count_waiting(actor),
        unread=unread,
        today=attendance.today(actor, plans),
        balances=leave.balances(actor, plans=plans),
        payslip=payroll.latest(actor),
        notices=newest,
    )
