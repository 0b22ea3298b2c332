"""The time machine of policies: a draft is tried on a past year's facts, person by person, before it is released.

Invariants: trying gives nobody anything; a draft is never edited, so what it was tried by is what gets released; only a
draft whose trial has ended is released, and only in place of the policy it was compared with.
"""

from services.leave.policy_drafts.releasing import ReleaseDraft, release
from services.leave.policy_drafts.results import ResultRow, ResultsQuery, changed, export, listing, summary
from services.leave.policy_drafts.running import keep_trial, start
from services.leave.policy_drafts.saving import DraftOut, discard, drafts, save, show, tried
from services.leave.trials.shelf import Kept, TrialYear
from services.leave.trials.sums import Changed, DepartmentLine, Summary, in_days

__all__ = [
    "Changed",
    "DepartmentLine",
    "DraftOut",
    "Kept",
    "ReleaseDraft",
    "ResultRow",
    "ResultsQuery",
    "Summary",
    "TrialYear",
    "changed",
    "discard",
    "drafts",
    "export",
    "in_days",
    "keep_trial",
    "listing",
    "release",
    "save",
    "show",
    "start",
    "summary",
    "tried",
]
