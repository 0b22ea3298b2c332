"""The assistant: answers in the chat and reminds of what is due. Rules, not a model.

Invariants: it does nothing that its user could not do on a page, as that user and through the same front doors; leave
is submitted only by a tap on a card that showed what it costs; when a sentence is unclear it asks.
"""

from services.assistant.reminders import remind_balances, remind_calendar, remind_notices
from services.assistant.rules import Command
from services.assistant.talking import choose, click, confirm, drop, hear

__all__ = [
    "Command",
    "choose",
    "click",
    "confirm",
    "drop",
    "hear",
    "remind_balances",
    "remind_calendar",
    "remind_notices",
]
