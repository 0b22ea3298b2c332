"""Approvals: the workflow engine. Chains as data, instances with steps and tasks, delegation, reminders, history.

The engine knows no subject: the owner of a subject declares it with its first chain, starts an approval, withdraws it,
and hears `Decided`, whereupon it settles what depends on it and tells the applicant. The engine tells approvers.

Invariants: a request ends once, by one decision; nobody decides their own, on any path; what has begun stays on the
version of the chain it began with; the history only grows; nobody waits for somebody who is gone.
"""

from services.approvals.absence import Away, declare_absences
from services.approvals.access import asked, told
from services.approvals.acts import add_signer, transfer, urge
from services.approvals.commands import start, withdraw
from services.approvals.deciding import decide, decide_many, tap
from services.approvals.delegations import colleague, delegate, my_delegations, revoke
from services.approvals.design import designing
from services.approvals.design.readymade import ready_made
from services.approvals.design.schemas import FlowOut, SaveFlow, TryFlow
from services.approvals.details import detail, detail_of
from services.approvals.events import Decided, Resumed, Returned, StepOpened
from services.approvals.figures import mining, working
from services.approvals.figures.precedents import Precedents, precedents
from services.approvals.figures.schemas import FiguresQuery
from services.approvals.flows import Family, Subject, all_flows, check, declare, declare_family, flow, save, titles
from services.approvals.foreseeing import preview, try_out
from services.approvals.listing import (
    count_waiting,
    export,
    instances,
    mine,
    my_tasks,
)
from services.approvals.moving import on_moved
from services.approvals.orphans import on_left, rescue
from services.approvals.receipts import altered, issue_receipts, receipt
from services.approvals.reminders import remind_overdue
from services.approvals.revising import revise, send_again, send_back
from services.approvals.rules.chains import Approver, Chain, Node, Policies, Sla
from services.approvals.rules.conditions import Condition, Fact, Facts
from services.approvals.rules.refusals import AlreadyDecided, NoApprover
from services.approvals.talking import answer, ask, comment, paper
from services.approvals.trail import timeline
from services.approvals.views import (
    Candidate,
    Choosing,
    Copy,
    Count,
    DecisionOut,
    DelegationOut,
    HistoryOut,
    InstanceDetail,
    InstanceOut,
    OneDecided,
    StepView,
    TaskOut,
)
from services.approvals.wishes import (
    AddSigner,
    Decide,
    DecideMany,
    Delegate,
    InstanceQuery,
    MineQuery,
    Question,
    Remark,
    SendAgain,
    SendBack,
    TaskQuery,
    Transfer,
)

__all__ = [
    "AddSigner",
    "AlreadyDecided",
    "Approver",
    "Away",
    "Candidate",
    "Chain",
    "Choosing",
    "Condition",
    "Copy",
    "Count",
    "Decide",
    "DecideMany",
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
    "OneDecided",
    "Policies",
    "Precedents",
    "Question",
    "Remark",
    "Resumed",
    "Returned",
    "SaveFlow",
    "SendAgain",
    "SendBack",
    "Sla",
    "StepOpened",
    "StepView",
    "Subject",
    "TaskOut",
    "TaskQuery",
    "Transfer",
    "TryFlow",
    "add_signer",
    "all_flows",
    "altered",
    "answer",
    "ask",
    "asked",
    "check",
    "colleague",
    "comment",
    "count_waiting",
    "decide",
    "decide_many",
    "declare",
    "declare_absences",
    "declare_family",
    "delegate",
    "designing",
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
    "paper",
    "precedents",
    "preview",
    "ready_made",
    "receipt",
    "remind_overdue",
    "rescue",
    "revise",
    "revoke",
    "save",
    "send_again",
    "send_back",
    "start",
    "tap",
    "timeline",
    "titles",
    "told",
    "transfer",
    "try_out",
    "urge",
    "withdraw",
    "working",
]
