"""Log lines: one JSON object each, with context, without secrets (R43, R60)."""

import json
import logging

import pytest

from kit import log


def _line(message: str, **fields: object) -> dict[str, object]:
    record = logging.makeLogRecord({"msg": message, "levelname": "INFO", "name": "test", **fields})
    return json.loads(log.JsonLines().format(record))


def test_a_line_carries_the_bound_context() -> None:
    with log.bound(request_id="R1"):
        log.bind(actor="P1")
        line = _line("leave.applied", minutes=480)
        assert (line["request_id"], line["actor"], line["minutes"]) == ("R1", "P1", 480)
        assert log.context()["actor"] == "P1"
    assert "actor" not in _line("leave.applied")
    log.bind(actor="nobody listens")
    assert log.context() == {}


@pytest.mark.parametrize("field", ["access_token", "name_of_person", "mobile", "net_amount", "pin", "comment"])
def test_fields_that_smell_of_secrets_are_hidden(field: str) -> None:
    assert _line("x", **{field: "MARKER"})[field] == log.HIDDEN


def test_secrets_in_addresses_are_hidden() -> None:
    assert "MARKER" not in json.dumps(_line("GET /cgi-bin/x?access_token=MARKER&debug=1"))
    assert "MARKER" not in json.dumps(_line("x", url="https://a/?code=MARKER"))


def test_a_value_cannot_forge_a_second_line() -> None:
    record = logging.makeLogRecord({"msg": "x", "agent": "a\r\n{}\u2028\x1b[31m"})
    assert "\n" not in log.JsonLines().format(record)


def test_a_stack_is_kept_but_redacted() -> None:
    try:
        raise ValueError("https://a/?secret=MARKER")
    except ValueError as error:
        line = _line("x", exc_info=(type(error), error, error.__traceback__))
    assert "ValueError" in str(line["stack"])
    assert "MARKER" not in str(line["stack"])


def test_setup_sends_everything_through_one_handler() -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        log.setup("WARNING")
        assert [type(h.formatter) for h in root.handlers] == [log.JsonLines]
    finally:
        root.handlers[:], root.level = before, level
