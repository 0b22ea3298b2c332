"""The time machine of kinds: new rules are tried on a past year's granted requests, before they are released.

Invariants: trying changes no request and no balance; a draft is never edited, so what it was tried by is what gets
released; only a draft whose trial has ended is released, only in place of the version it was compared with, and from
that day on: requests keep the version they were measured by.
"""

from services.leave.kind_drafts.releasing import ReleaseKind, keep_release, recall, release
from services.leave.kind_drafts.results import (
    KindSummary,
    PersonRow,
    RequestChange,
    ResultsQuery,
    changed,
    export,
    listing,
    summary,
)
from services.leave.kind_drafts.running import keep_trial, start
from services.leave.kind_drafts.saving import DraftOut, base, discard, drafts, save, show, tried
from services.leave.trials.shelf import TrialYear

__all__ = [
    "DraftOut",
    "KindSummary",
    "PersonRow",
    "ReleaseKind",
    "RequestChange",
    "ResultsQuery",
    "TrialYear",
    "base",
    "changed",
    "discard",
    "drafts",
    "export",
    "keep_release",
    "keep_trial",
    "listing",
    "recall",
    "release",
    "save",
    "show",
    "start",
    "summary",
    "tried",
]
