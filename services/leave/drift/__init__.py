"""WeCom's own leave beside ours: what differs for whom, and why; ours is written there only where HR switched it on.

Invariants: comparing changes nothing on either side; a difference once found is never overwritten; before a write the
amount there is read again, and old and new are in the audit trail.
"""

from services.leave.drift.access import may_decide
from services.leave.drift.comparing import failed, heard_kinds, heard_quotas, keep_weekly, start, to_ask
from services.leave.drift.mapping import Configured, choose, switch, vacations
from services.leave.drift.pushing import Order, heard, order, push, refused
from services.leave.drift.queries import counts, export, listing, runs
from services.leave.drift.schemas import DriftQuery, DriftRow, MapVacation, RunView, Switch, VacationRow
from services.leave.drift.words import CAUSES, PUSH_STATES, RUN_STATES

__all__ = [
    "CAUSES",
    "PUSH_STATES",
    "RUN_STATES",
    "Configured",
    "DriftQuery",
    "DriftRow",
    "MapVacation",
    "Order",
    "RunView",
    "Switch",
    "VacationRow",
    "choose",
    "counts",
    "export",
    "failed",
    "heard",
    "heard_kinds",
    "heard_quotas",
    "keep_weekly",
    "listing",
    "may_decide",
    "order",
    "push",
    "refused",
    "runs",
    "start",
    "switch",
    "to_ask",
    "vacations",
]
