"""Payroll: payslips from HR's workbook to the owner's eyes, and the questions that follow.

Invariants: a payslip reconciles to the fen before it is stored; who prepared a batch does not release it; published
figures are never edited, only replaced by a correction that keeps both; figures rest sealed, and nobody but the owner
sees them without a purpose that the owner can read.
"""

from services.payroll import batches, disputes, figures, wages
from services.payroll.document import pdf
from services.payroll.importing import prepare, template
from services.payroll.publishing import discard, publish_chunk, recall, release, remind_unread
from services.payroll.schemas import (
    BATCH_TITLES,
    DISPUTE_TITLES,
    PURPOSE_TITLES,
    Ask,
    BatchesQuery,
    DisputeLine,
    DisputesQuery,
    DisputeView,
    FiguresQuery,
    HistoryQuery,
    Inspect,
    PayslipLine,
    PayslipView,
    Prepare,
    ReceiptsQuery,
    Release,
    Reply,
    ViewedBy,
)
from services.payroll.slips import confirm, history, latest, open_own, viewers

__all__ = [
    "BATCH_TITLES",
    "DISPUTE_TITLES",
    "PURPOSE_TITLES",
    "Ask",
    "BatchesQuery",
    "DisputeLine",
    "DisputeView",
    "DisputesQuery",
    "FiguresQuery",
    "HistoryQuery",
    "Inspect",
    "PayslipLine",
    "PayslipView",
    "Prepare",
    "ReceiptsQuery",
    "Release",
    "Reply",
    "ViewedBy",
    "batches",
    "confirm",
    "discard",
    "disputes",
    "figures",
    "history",
    "latest",
    "open_own",
    "pdf",
    "prepare",
    "publish_chunk",
    "recall",
    "release",
    "remind_unread",
    "template",
    "viewers",
    "wages",
]
