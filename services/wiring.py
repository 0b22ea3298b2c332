"""The page that connects the domains: event → reactions · promise → worker · clock → job.

Dictionaries and nothing else. A worker runs in a transaction of its own as the system; what must talk to WeCom
is kept by `entrypoints/jobs/outside.py`, and `ANSWERED` says who hears the answer, in the transaction that settles.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services import (
    approvals,
    assistant,
    attendance,
    forms,
    leave,
    notices,
    payroll,
    people,
    platform,
    rosters,
    schedule,
)
from services.platform import Reaction

Payload = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """A line of the timetable: when (cron fields in company time), which promise, and what it is for."""

    cron: str
    promise: str
    sentence: str


REACTIONS: dict[type, tuple[Reaction, ...]] = {
    approvals.Decided: (leave.on_decided, attendance.on_decided, forms.on_decided, rosters.market.on_decided),
    approvals.Returned: (forms.on_returned,),
    approvals.Resumed: (leave.on_resumed, forms.on_resumed),
    leave.Cancelled: (leave.paying.on_changed, attendance.on_leave_changed, leave.scheduling.on_changed),
    leave.Granted: (leave.paying.on_changed, attendance.on_leave_changed, leave.scheduling.on_changed),
    people.Dated: (leave.on_dated,),
    people.Joined: (notices.welcome, leave.on_joined, leave.paying.on_employed),
    people.Left: (leave.on_left, leave.paying.on_employed, forms.on_left, approvals.on_left, attendance.on_left),
    people.Moved: (notices.welcome, leave.on_moved, approvals.on_moved),
    schedule.Assigned: (attendance.on_assigned,),
    schedule.CalendarChanged: (leave.on_calendar_changed, attendance.on_calendar_changed),
    schedule.ShiftsChanged: (attendance.on_shifts_changed,),
}

WORKERS: dict[str, Callable[[Payload], object]] = {
    "approvals.issue_receipts": approvals.issue_receipts,
    "approvals.remind": approvals.remind_overdue,
    "approvals.rescue": approvals.rescue,
    "assistant.remind_balances": assistant.remind_balances,
    "assistant.remind_calendar": assistant.remind_calendar,
    "assistant.remind_notices": assistant.remind_notices,
    "attendance.ask_month": attendance.asking.keep_asking,
    "attendance.count_month": attendance.counting.count,
    "attendance.pull_checkins": attendance.checkins.pull,
    "attendance.check_week": attendance.check_week,
    "attendance.remind": attendance.remind,
    "attendance.settle": attendance.settle,
    "attendance.settle_again": attendance.settle_again,
    "attendance.settle_one": attendance.settle_one,
    "attendance.watch": attendance.watch,
    "leave.compare": leave.drift.keep_weekly,
    "leave.award": leave.awards.keep_award,
    "leave.catch_up_pay": leave.paying.keep,
    "leave.expire": leave.keep_expiry,
    "leave.grant_yearly": leave.keep_yearly,
    "leave.remind": leave.reminding.remind,
    "leave.release_kind": leave.kind_drafts.keep_release,
    "leave.try_draft": leave.policy_drafts.keep_trial,
    "leave.try_kind": leave.kind_drafts.keep_trial,
    "notices.begin": notices.begin_scheduled,
    "notices.send_chunk": notices.send_chunk,
    "payroll.publish_chunk": payroll.publish_chunk,
    "payroll.remind_unread": payroll.remind_unread,
    "people.move": people.moving.make_due,
    "people.tidy": people.tidy,
    "platform.tidy": platform.tidy,
}

ANSWERED: dict[str, Callable[[Payload, Payload], object]] = {
    "attendance.read_checkins": attendance.checkins.heard,
    "leave.push_quota": leave.drift.heard,
    "leave.read_quotas": leave.drift.heard_quotas,
    "leave.read_vacations": leave.drift.heard_kinds,
    "message.send": notices.answered,
    "receipts.anchor": platform.receipts.anchored,
    "rosters.solve": rosters.heard,
}
"""promise kind → what to do with the payload and WeCom's answer."""

REFUSED: dict[str, Callable[[Payload, str], object]] = {
    "attendance.read_checkins": attendance.checkins.failed,
    "leave.push_quota": leave.drift.refused,
    "leave.read_quotas": leave.drift.failed,
    "leave.read_vacations": leave.drift.failed,
    "message.send": notices.refused,
    "rosters.solve": rosters.failed,
}
"""promise kind → what to do when WeCom refused for good."""

DEFAULTS: tuple[Callable[[], object], ...] = (leave.ensure_kinds, forms.ensure_forms)
"""What a new database begins with; each adds only what is missing, so `flask db upgrade` may repeat it."""

TIMETABLE: dict[str, Job] = {
    "approvals-receipts": Job("10 0 * * *", "approvals.issue_receipts", "Sign a receipt for every request that ended"),
    "approvals-remind": Job("0 * * * *", "approvals.remind", "Remind approvers at work of what is overdue"),
    "approvals-rescue": Job("*/15 * * * *", "approvals.rescue", "Find somebody for requests that nobody can decide"),
    "attendance-check": Job("50 3 * * *", "attendance.check_week", "Judge the last week of everybody once more"),
    "attendance-remind": Job("*/5 * * * *", "attendance.remind", "Remind of punches not made: before work, after work"),
    "attendance-settle": Job("20 5,12,19 * * *", "attendance.settle", "Keep results of days whose window has closed"),
    "attendance-checkins": Job("25 1-23/2 * * *", "attendance.pull_checkins", "Read WeCom's own check-ins, if wanted"),
    "attendance-watch": Job("50 5,12,20 * * *", "attendance.watch", "Open cases for punches to look at again"),
    "audit-link": Job("* * * * *", "audit.anchor", "Bind new audit rows into the chain and anchor its head"),
    "balances-remind": Job("30 9 * * *", "assistant.remind_balances", "Remind of leave that expires soon"),
    "calendar-remind": Job("0 10 * 1,11,12 mon", "assistant.remind_calendar", "Remind HR of a year without a notice"),
    "directory-sync": Job("10 2 * * *", "directory.sync", "Read the whole directory and follow it"),
    "leave-compare": Job("10 3 * * 0", "leave.compare", "Compare everybody's leave with WeCom's own"),
    "leave-catch-up-pay": Job("50 0 * * *", "leave.catch_up_pay", "Bring the pay of leave to what stands of it"),
    "leave-expire": Job("20 0 * * *", "leave.expire", "Write off what is left of leave past its last day"),
    "leave-remind": Job("0 10 * * *", "leave.remind", "Remind of proofs to come and medical periods nearly used up"),
    "leave-grant": Job("30 0 * * *", "leave.grant_yearly", "Bring what everybody was given this year to what is due"),
    "notices-remind": Job("30 10 * * *", "assistant.remind_notices", "Remind of notices that wait for a confirmation"),
    "payslips-remind": Job("0 10 * * *", "payroll.remind_unread", "Remind once of payslips not opened for three days"),
    "people-move": Job("5 0 * * *", "people.move", "Move people to the department and position agreed for today"),
    "people-tidy": Job("35 3 * * *", "people.tidy", "Delete login states and sessions that are over"),
    "receipts-anchor": Job("5 1 * * *", "receipts.anchor", "Bind receipts under the root of the day and anchor it"),
    "tidy": Job("40 3 * * *", "platform.tidy", "Delete old answers, deliveries, meter buckets and tokens"),
}


def connect() -> None:
    """Installs the reactions."""
    platform.connect(REACTIONS)
