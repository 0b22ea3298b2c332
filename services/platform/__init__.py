"""The plumbing under every domain: transactions, events, promises, inbox, idempotency, audit, receipts, files,
settings.

Invariants: only `unit_of_work` commits; whatever leaves the system is a promise first; a delivery or an idempotency key
has one effect; the audit trail only grows.
"""

from services.platform import (
    audit,
    files,
    idempotency,
    inbox,
    keyset,
    meter,
    promises,
    queries,
    receipts,
    receipts_check,
    schema,
    settings,
    spans,
    tokens,
    vault,
)
from services.platform.events import Reaction, connect, publish
from services.platform.files import Upload
from services.platform.idempotency import Answer
from services.platform.promises import BULK, NORMAL, URGENT, Claimed, Terms, promise, promise_many
from services.platform.reads import rows, scalar
from services.platform.settings import declare
from services.platform.uow import savepoint, transact, unit_of_work
from services.platform.upkeep import tidy
from services.platform.writes import add, add_many, changed, first, first_of_many, moved

__all__ = [
    "BULK",
    "NORMAL",
    "URGENT",
    "Answer",
    "Claimed",
    "Reaction",
    "Terms",
    "Upload",
    "add",
    "add_many",
    "audit",
    "changed",
    "connect",
    "declare",
    "files",
    "first",
    "first_of_many",
    "idempotency",
    "inbox",
    "keyset",
    "meter",
    "moved",
    "promise",
    "promise_many",
    "promises",
    "publish",
    "queries",
    "receipts",
    "receipts_check",
    "rows",
    "savepoint",
    "scalar",
    "schema",
    "settings",
    "spans",
    "tidy",
    "tokens",
    "transact",
    "unit_of_work",
    "vault",
]
