"""Approvals: the workflow engine. Chains as data, instances with steps and tasks, delegation, reminders, history.

The engine knows no subject: the owner of a subject declares it with its first chain, starts an approval, withdraws it,
and hears `Decided`, whereupon it settles what depends on it and tells the applicant. The engine tells approvers.

Invariants: a request ends once, by one decision; nobody decides their own, on any path; what has begun stays on the
version of the chain it began with; the history only grows; nobody waits for somebody who is gone.
"""

from services.approvals import mining
from services.approvals.access import asked
from services.approvals.commands import decide, start, tap, transfer, urge, withdraw
from services.approvals.delegations import colleague, delegate, my_delegations, revoke
from services.approvals.flows import Family, Subject, all_flows, check, declare, declare_family, flow, save, titles
from services.approvals.orphans import on_left, on_moved, rescue
from services.approvals.queries import (
    count_waiting,
    detail,
    detail_of,
    export,
    instances,
    mine,
    my_tasks,
    preview,
    try_out,
)
from services.approvals.receipts import issue_receipts, receipt
from services.approvals.reminders import remind_overdue
from services.approvals.rules import AlreadyDecided, Approver, Chain, Condition, Fact, Facts, NoApprover, Node
from services.approvals.schemas import (
    Count,
    Decide,
    Decided,
    DecisionOut,
    Delegate,
    DelegationOut,
    FlowOut,
    HistoryOut,
    InstanceDetail,
    InstanceOut,
    InstanceQuery,
    MineQuery,
    SaveFlow,
    StepOpened,
    StepView,
    TaskOut,
    TaskQuery,
    Transfer,
    TryFlow,
)
from services.approvals.schemas_mining import FiguresQuery
from services.approvals.trail import timeline

__all__ = [
    "AlreadyDecided",
    "Approver",
    "Chain",
    "Condition",
    "Count",
    "Decide",
    "Decided",
    "DecisionOut",
    "Delegate",
    "DelegationOut",
    "Fact",
    "Facts",
    "Family",
    "FiguresQuery",
    "FlowOut",
    "HistoryOut",
    "InstanceDetail",
    "InstanceOut",
    "InstanceQuery",
    "MineQuery",
    "NoApprover",
    "Node",
    "SaveFlow",
    "StepOpened",
    "StepView",
    "Subject",
    "TaskOut",
    "TaskQuery",
    "Transfer",
    "TryFlow",
    "all_flows",
    "asked",
    "check",
    "colleague",
    "count_waiting",
    "decide",
    "declare",
    "declare_family",
    "delegate",
    "detail",
    "detail_of",
    "export",
    "flow",
    "instances",
    "issue_receipts",
    "mine",
    "mining",
    "my_delegations",
    "my_tasks",
    "on_left",
    "on_moved",
    "preview",
    "receipt",
    "remind_overdue",
    "rescue",
    "revoke",
    "save",
    "start",
    "tap",
    "timeline",
    "titles",
    "transfer",
    "try_out",
    "urge",
    "withdraw",
]
