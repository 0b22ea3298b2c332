"""What leave means for pay: the ledger of effects, the months it belongs to, and what payroll reads of both.

Invariants: effects are written in the transaction that decides the leave, and never changed; the sum of a request is
what stands of it; a closed month gets nothing more, what comes too late belongs to the next one.
"""

from services.leave.paying.board import BoardLine, BoardQuery, Close, MonthState, close, exported, listing, state
from services.leave.paying.catching_up import keep
from services.leave.paying.effects import on_changed, on_employed, settle
from services.leave.paying.impact import of_portions, of_request
from services.leave.paying.lines import PayLine, PayrollLine, for_payroll
from services.leave.paying.rules import minimum
from services.leave.paying.rules.proration import METHODS
from services.leave.paying.rules.sick import percent, scales
from services.leave.paying.rules.words import TREATMENTS

__all__ = [
    "METHODS",
    "TREATMENTS",
    "BoardLine",
    "BoardQuery",
    "Close",
    "MonthState",
    "PayLine",
    "PayrollLine",
    "close",
    "exported",
    "for_payroll",
    "keep",
    "listing",
    "minimum",
    "of_portions",
    "of_request",
    "on_changed",
    "on_employed",
    "percent",
    "scales",
    "settle",
    "state",
]
