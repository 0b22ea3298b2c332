"""Leave: kinds with their rules, entitlement in lots, requests that hold what they cost until they are decided.

Invariants: the ledger only grows; a balance is the sum of its entries and never below zero; a request holds by one
negative entry for each lot and gives back exactly that; no two leaves of a person share a minute; a preview and a
charge are the same function; the same facts give the same grant, whichever path asks.
"""

from services.leave import (
    awards,
    calendar,
    charge,
    drift,
    explain,
    flows,
    forecast,
    planner,
    policies,
    runs,
    settlements,
)
from services.leave.balances import Expiring, balances, entries, expiring, export_overview, overview
from services.leave.catalog import add_kind, all_kinds, edit_kind, kind_detail, kinds
from services.leave.commands import add_proof, adjust, apply, cancel, preview, withdraw
from services.leave.compensatory import grant_compensatory
from services.leave.events import Cancelled, Granted
from services.leave.flows import LEAVE
from services.leave.grants import Chunk, grant_for, grant_yearly
from services.leave.policies import ensure_kinds
from services.leave.queries import (
    export_rows,
    may_open_proof,
    my_request,
    my_requests,
    proof,
    request_detail,
    requests,
    timeline,
)
from services.leave.quotes import STATES
from services.leave.reactions import on_decided, on_joined, on_left, on_moved
from services.leave.remeasuring import on_calendar_changed
from services.leave.rules import RULE_TITLES, InsufficientBalance, KindRules, NotEligible, Overlap
from services.leave.runs import ask_for_grants, keep_expiry, keep_yearly
from services.leave.schemas import (
    AddKind,
    AddProof,
    Adjust,
    Apply,
    AwayOut,
    BalanceOut,
    Cancel,
    Chosen,
    DayOut,
    EditKind,
    EntryOut,
    GrantYear,
    KindDetail,
    KindOut,
    LedgerQuery,
    LotOut,
    MineQuery,
    PeopleQuery,
    PersonBalances,
    Plan,
    PreviewOut,
    RequestDetail,
    RequestOut,
    RequestRow,
    RequestsQuery,
    TeamQuery,
)
from services.leave.team import OnLeave, on_days, team_away

flows.declare()

__all__ = [
    "LEAVE",
    "RULE_TITLES",
    "STATES",
    "AddKind",
    "AddProof",
    "Adjust",
    "Apply",
    "AwayOut",
    "BalanceOut",
    "Cancel",
    "Cancelled",
    "Chosen",
    "Chunk",
    "DayOut",
    "EditKind",
    "EntryOut",
    "Expiring",
    "GrantYear",
    "Granted",
    "InsufficientBalance",
    "KindDetail",
    "KindOut",
    "KindRules",
    "LedgerQuery",
    "LotOut",
    "MineQuery",
    "NotEligible",
    "OnLeave",
    "Overlap",
    "PeopleQuery",
    "PersonBalances",
    "Plan",
    "PreviewOut",
    "RequestDetail",
    "RequestOut",
    "RequestRow",
    "RequestsQuery",
    "TeamQuery",
    "add_kind",
    "add_proof",
    "adjust",
    "all_kinds",
    "apply",
    "ask_for_grants",
    "awards",
    "balances",
    "calendar",
    "cancel",
    "charge",
    "drift",
    "edit_kind",
    "ensure_kinds",
    "entries",
    "expiring",
    "explain",
    "export_overview",
    "export_rows",
    "forecast",
    "grant_compensatory",
    "grant_for",
    "grant_yearly",
    "keep_expiry",
    "keep_yearly",
    "kind_detail",
    "kinds",
    "may_open_proof",
    "my_request",
    "my_requests",
    "on_calendar_changed",
    "on_days",
    "on_decided",
    "on_joined",
    "on_left",
    "on_moved",
    "overview",
    "planner",
    "policies",
    "preview",
    "proof",
    "request_detail",
    "requests",
    "runs",
    "settlements",
    "team_away",
    "timeline",
    "withdraw",
]
