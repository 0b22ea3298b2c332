"""Leave: kinds with their rules, entitlement in lots, requests that hold what they cost until they are decided.

Invariants: the ledger only grows; a balance is the sum of its entries and never below zero; a request holds by one
negative entry for each lot and gives back exactly that; no two leaves of a person share a minute; a preview and a
charge are the same function; the same facts give the same grant, whichever path asks.
"""

from services.leave import drift, flows, kind_drafts, paying, policy_drafts
from services.leave.answers import away, calendar, charge, explain, forecast, planner, reports, whynot
from services.leave.answers.balances import Expiring, balances, entries, expiring, export_overview, overview
from services.leave.events import Cancelled, Granted
from services.leave.flows import LEAVE
from services.leave.granting import (
    awards,
    compensatory,
    declared,
    importing,
    lapsing_soon,
    mothers,
    policies,
    returning,
    runs,
    settlements,
    trial,
    unused,
    waivers,
)
from services.leave.granting.adjusting import adjust
from services.leave.granting.compensatory import bring_compensatory, grant_compensatory
from services.leave.granting.grants import Chunk, grant_for, grant_yearly
from services.leave.granting.policies import ensure_kinds
from services.leave.granting.rules import payout
from services.leave.granting.runs import ask_for_grants, keep_expiry, keep_yearly
from services.leave.life import choosing, covering, drafts, parting, reminding, scheduling, staffing
from services.leave.life.cancelling import cancel, withdraw
from services.leave.life.commands import add_proof, apply, edit, preview
from services.leave.life.forming import begun, form_of
from services.leave.life.queries import (
    export_rows,
    may_open_proof,
    my_request,
    my_requests,
    proof,
    request_detail,
    requests,
    timeline,
)
from services.leave.life.quotes import STATES
from services.leave.life.reactions import on_dated, on_decided, on_joined, on_left, on_moved
from services.leave.life.remeasuring import on_calendar_changed
from services.leave.life.resuming import on_resumed
from services.leave.life.waiting import waiting_between
from services.leave.rulebook import local_rows, places
from services.leave.rulebook.catalog import add_kind, all_kinds, edit_kind, kind_detail, kinds
from services.leave.rulebook.rules import medical, occasions, packs
from services.leave.rulebook.rules.kinds import RULE_TITLES, KindRules
from services.leave.rulebook.rules.occasions import OCCASIONS
from services.leave.rules import InsufficientBalance, NotEligible, Overlap
from services.leave.schemas import (
    AddKind,
    AddProof,
    Adjust,
    AnswerCover,
    Apply,
    AwayOut,
    BalanceOut,
    Cancel,
    Chosen,
    CoverOut,
    DayOut,
    DraftOut,
    EditKind,
    EntryOut,
    GrantYear,
    KindDetail,
    KindOut,
    LedgerQuery,
    LotOut,
    MineQuery,
    PartsOut,
    PeopleQuery,
    PersonBalances,
    PickedDay,
    Plan,
    PlanQuery,
    PreviewOut,
    RefundOut,
    RequestDetail,
    RequestOut,
    RequestRow,
    RequestsQuery,
    Returned,
    SaveDraft,
    Submit,
    TeamQuery,
)
from services.leave.team import OnLeave, on_days, team_away

flows.declare(parting.approved_part, parting.offered)
away.plug()

__all__ = [
    "LEAVE",
    "OCCASIONS",
    "RULE_TITLES",
    "STATES",
    "AddKind",
    "AddProof",
    "Adjust",
    "AnswerCover",
    "Apply",
    "AwayOut",
    "BalanceOut",
    "Cancel",
    "Cancelled",
    "Chosen",
    "Chunk",
    "CoverOut",
    "DayOut",
    "DraftOut",
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
    "PartsOut",
    "PeopleQuery",
    "PersonBalances",
    "PickedDay",
    "Plan",
    "PlanQuery",
    "PreviewOut",
    "RefundOut",
    "RequestDetail",
    "RequestOut",
    "RequestRow",
    "RequestsQuery",
    "Returned",
    "SaveDraft",
    "Submit",
    "TeamQuery",
    "add_kind",
    "add_proof",
    "adjust",
    "all_kinds",
    "apply",
    "ask_for_grants",
    "awards",
    "balances",
    "begun",
    "bring_compensatory",
    "calendar",
    "cancel",
    "charge",
    "choosing",
    "compensatory",
    "covering",
    "declared",
    "drafts",
    "drift",
    "edit",
    "edit_kind",
    "ensure_kinds",
    "entries",
    "expiring",
    "explain",
    "export_overview",
    "export_rows",
    "forecast",
    "form_of",
    "grant_compensatory",
    "grant_for",
    "grant_yearly",
    "importing",
    "keep_expiry",
    "keep_yearly",
    "kind_detail",
    "kind_drafts",
    "kinds",
    "lapsing_soon",
    "local_rows",
    "may_open_proof",
    "medical",
    "mothers",
    "my_request",
    "my_requests",
    "occasions",
    "on_calendar_changed",
    "on_dated",
    "on_days",
    "on_decided",
    "on_joined",
    "on_left",
    "on_moved",
    "on_resumed",
    "overview",
    "packs",
    "parting",
    "paying",
    "payout",
    "places",
    "planner",
    "policies",
    "policy_drafts",
    "preview",
    "proof",
    "reminding",
    "reports",
    "request_detail",
    "requests",
    "returning",
    "runs",
    "scheduling",
    "settlements",
    "staffing",
    "team_away",
    "timeline",
    "trial",
    "unused",
    "waiting_between",
    "waivers",
    "whynot",
    "withdraw",
]
