"""JSON log lines: a constant event plus fields, bound context, and a redaction filter.

Ids, not objects. A field whose name smells of personal data, money or a secret never reaches the line.
"""

import contextvars
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_context: contextvars.ContextVar[dict[str, Any] | None] = contextvars.ContextVar("log_context", default=None)

SECRET_NAMES = re.compile(
    r"name|phone|mobile|email|address|id_number|bank|salary|amount|net|gross|token|secret|ticket|cookie|authorization"
    r"|password|pin|totp|aes_key|session|code$|reason|comment|content",
    re.IGNORECASE,
)
SECRETS_IN_TEXT = re.compile(
    r"((?:access_token|corpsecret|secret|js_code|code|ticket|suite_ticket|session_key|msg_signature|token|state)=)[^&\s'\"]+",
    re.IGNORECASE,
)
HIDDEN = "[hidden]"
_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_ALLOWED = {"error_code", "status_code", "event_name", "job_name"}


@contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """Fields that every line of the current request, tap or job carries."""
    token = _context.set({**(_context.get() or {}), **fields})
    try:
        yield
    finally:
        _context.reset(token)


def bind(**fields: Any) -> None:
    """Adds fields to the innermost `bound` context."""
    current = _context.get()
    if current is not None:
        current.update(fields)


def context() -> dict[str, Any]:
    """The fields bound now, to be carried into a promise."""
    return dict(_context.get() or {})


def redact(text: str) -> str:
    """Text without the values of secret query parameters."""
    return SECRETS_IN_TEXT.sub(rf"\1{HIDDEN}", text)


def _field(name: str, value: Any) -> Any:
    if name not in _ALLOWED and SECRET_NAMES.search(name):
        return HIDDEN
    return redact(value) if isinstance(value, str) else value


class JsonLines(logging.Formatter):
    """One JSON object a line; control characters in values stay escaped, so a value can't forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}",
            "level": record.levelname.lower(),
            "event": redact(record.getMessage()),
            "logger": record.name,
        }
        line.update({k: _field(k, v) for k, v in (_context.get() or {}).items()})
        line.update({k: _field(k, v) for k, v in vars(record).items() if k not in _STANDARD})
        if record.exc_info:
            line["stack"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=True, default=str)


def get(name: str) -> logging.Logger:
    """The logger of a module."""
    return logging.getLogger(name)


def setup(level: str) -> None:
    """Sends every logger of the process through one JSON handler."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for talkative in ("urllib3", "alembic", "apscheduler", "fontTools", "fpdf"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
