"""The condition of a node as one expression, for those who read the drawing."""

import json

from models.enums import Comparison
from services.approvals.bpmn.diagram import NOT_IN_XML
from services.approvals.rules.conditions import Condition, is_number

Groups = tuple[tuple[Condition, ...], ...]

SIGNS = {
    Comparison.EQUALS: "==",
    Comparison.DIFFERS: "!=",
    Comparison.MORE: ">",
    Comparison.AT_LEAST: ">=",
    Comparison.LESS: "<",
    Comparison.AT_MOST: "<=",
    Comparison.ONE_OF: "in",
}


def condition_of(when: Groups, condition: str) -> str:
    """When a node applies, as an expression; empty when it always does."""
    groups = " or ".join(_all_of(" and ".join(map(_comparison, group)), len(when)) for group in when)
    if groups and condition:
        return seen(f"({groups}) and ({condition})")
    return seen(groups or condition)


def _all_of(text: str, groups: int) -> str:
    return f"({text})" if groups > 1 else text


def _comparison(one: Condition) -> str:
    if isinstance(one.value, tuple):
        return f"{one.field} in ({', '.join(map(_quoted, one.value))}{',' * (len(one.value) == 1)})"
    return f"{one.field} {SIGNS[one.op]} {one.value if is_number(one.value) else _quoted(one.value)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def seen(text: str) -> str:
    """The expression as a file keeps it: XML has no control characters, and editors break lines anew."""
    return " ".join(NOT_IN_XML.sub("", text).split())
