"""Notices: every message to people, and HR's broadcasts with their receipts.

Invariants: a message is rendered and checked in the transaction that causes it and sent once for its key; nothing
that can wait disturbs the quiet hours; a notice is sent in calls of at most 1,000 people; a receipt only moves forward.
"""

from services.notices.commands import (
    begin_scheduled,
    create,
    discard,
    edit,
    nudge,
    nudge_key,
    preview,
    recall,
    schedule,
    send,
    unschedule,
)
from services.notices.delivery import answered, refused, send_chunk, welcome
from services.notices.editing import editor, sketch
from services.notices.queries import exported, exported_receipts, get, listing, receipts, unconfirmed
from services.notices.quiet import HOURS, QuietHours, is_quiet_now
from services.notices.reading import confirm, mark_opened, mine, my_notice, newest, unread_count
from services.notices.schemas import (
    STAGES,
    STATES,
    Draft,
    EditorView,
    MineQuery,
    MyNotice,
    MyNoticeLine,
    NoticeLine,
    NoticesQuery,
    NoticeView,
    Preview,
    ReceiptLine,
    ReceiptsQuery,
    Schedule,
    Send,
    Sketch,
    SketchView,
)
from services.notices.sending import notify, settle_card, take_back

__all__ = [
    "HOURS",
    "STAGES",
    "STATES",
    "Draft",
    "EditorView",
    "MineQuery",
    "MyNotice",
    "MyNoticeLine",
    "NoticeLine",
    "NoticeView",
    "NoticesQuery",
    "Preview",
    "QuietHours",
    "ReceiptLine",
    "ReceiptsQuery",
    "Schedule",
    "Send",
    "Sketch",
    "SketchView",
    "answered",
    "begin_scheduled",
    "confirm",
    "create",
    "discard",
    "edit",
    "editor",
    "exported",
    "exported_receipts",
    "get",
    "is_quiet_now",
    "listing",
    "mark_opened",
    "mine",
    "my_notice",
    "newest",
    "notify",
    "nudge",
    "nudge_key",
    "preview",
    "recall",
    "receipts",
    "refused",
    "schedule",
    "send",
    "send_chunk",
    "settle_card",
    "sketch",
    "take_back",
    "unconfirmed",
    "unread_count",
    "unschedule",
    "welcome",
]
