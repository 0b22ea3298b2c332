"""The designer of chains: what it begins with, what is wrong with a draft and where, drafts as BPMN and back."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from kit.errors import Invalid, NotFound
from services import people
from services.approvals import bpmn, delegations, flows
from services.approvals.design import comparing, vocabulary
from services.approvals.design.comparing import compare
from services.approvals.design.readymade import ready_made
from services.approvals.design.replay import replay
from services.approvals.design.schemas import (
    BringFile,
    ColleagueQuery,
    CompareQuery,
    DesignOut,
    DesignQuery,
    Draft,
    FieldOut,
    Finding,
    FlowOut,
    ImportedOut,
    PersonOut,
    ReadyMade,
)
from services.approvals.rules import fitting
from services.approvals.rules.chains import Chain, Node
from services.approvals.rules.conditions import Fact

__all__ = [
    "BringFile",
    "ColleagueQuery",
    "CompareQuery",
    "DesignQuery",
    "Draft",
    "Finding",
    "ImportedOut",
    "PersonOut",
    "colleague",
    "compare",
    "design",
    "export_bpmn",
    "findings",
    "import_bpmn",
    "replay",
    "words",
]

PLACE = re.compile(r"^(nodes\.\d+(?:\.branches\.\d+\.\d+)?)(?:\.(\w+))?")


def design(subject: str, query: DesignQuery) -> DesignOut:
    """What to begin with and all that can be chosen; `NotFound` for a version or a ready-made chain there is not."""
    flow, fields = flows.flow(subject), flows.subject_of(subject).looked_at
    offered = ready_made(subject)
    begins_with, definition = _ready(offered, query.ready) if query.ready else _version(flow, query.version)
    return DesignOut(
        flow=flow,
        begins_with=begins_with,
        definition=definition,
        ready_made=offered,
        fields=[FieldOut(name=name, title=fact.title, kind=fact.kind) for name, fact in fields.items()],
        people=_names(Chain.model_validate_json(definition)),
    )


def _ready(offered: list[ReadyMade], code: str) -> tuple[str, str]:
    found = next((one for one in offered if one.code == code), None)
    if found is None:
        raise NotFound()
    return f"现成流程“{found.title}”", found.definition


def _version(flow: FlowOut, version: int | None) -> tuple[str, str]:
    chosen = comparing.version_of(flow, flow.version if version is None else version)
    return f"第 {chosen.version} 版" if chosen.version else "出厂设置", chosen.definition


def _names(chain: Chain) -> dict[str, str]:
    approvers = [one for node in chain.walk() for one in node.approvers]
    ids = {one for approver in approvers for one in (approver.person_id, *approver.people) if one}
    return {one.id: one.name for one in people.many(ids).values()} if ids else {}


def words() -> dict[str, dict[str, str]]:
    """What can be chosen anywhere in a chain, by its value in JSON."""
    return {
        "nodes": _plain(vocabulary.NODES),
        "approvers": _plain(vocabulary.APPROVERS),
        "modes": _plain(vocabulary.MODES),
        "vacancies": _plain(vocabulary.VACANCIES),
        "absences": _plain(vocabulary.ABSENCES),
        "repeats": _plain(vocabulary.REPEATS),
        "comparisons": _plain(vocabulary.COMPARISONS),
        "decisions": _plain(vocabulary.DECISIONS),
        "policies": vocabulary.POLICIES,
        "roles": _plain(people.ROLE_TITLES),
    }


def _plain(titles: Mapping[Any, str]) -> dict[str, str]:
    return {str(value): title for value, title in titles.items()}


def colleague(who: str) -> PersonOut:
    """Somebody a chain may name, by userid, employee number or full name; `Invalid` when nobody or several fit."""
    found = delegations.colleague(who)
    return PersonOut(id=found.id, name=found.name)


def findings(subject: str, definition: str) -> list[Finding]:
    """Everything that keeps a draft from being saved, at its node; nothing when it may be."""
    try:
        flows.read_chain(subject, definition)
    except Invalid as error:
        told = error.detail.get("errors", [])
        found = _at_nodes(subject, definition, {one["field"] for one in told})
        return found or [_finding(**one) for one in told] or [Finding(place="", message=error.title)]
    return []


def _finding(field: str, message: str) -> Finding:
    found = PLACE.match(field)
    if not found:
        return Finding(place="", message=message)
    part = vocabulary.PARTS.get(found[2] or "", "")
    return Finding(place=found[1], message=f"{part}：{message}" if part else message)


def _at_nodes(subject: str, definition: str, gone: set[str]) -> list[Finding]:
    """What is wrong with a draft that is whole: fields that do not fit, people who are gone."""
    try:
        chain = Chain.model_validate_json(definition)
    except ValidationError:
        return []
    fields = flows.subject_of(subject).looked_at
    told = [(place, words) for place, node in _walk(chain) for words in _wrong(node, fields, gone)]
    return [Finding(place=place, message=words) for place, words in told]


def _walk(chain: Chain) -> Iterator[tuple[str, Node]]:
    for number, node in enumerate(chain.nodes):
        yield f"nodes.{number}", node
        for branch, inside in enumerate(node.branches):
            yield from ((f"nodes.{number}.branches.{branch}.{place}", inner) for place, inner in enumerate(inside))


def _wrong(node: Node, fields: Mapping[str, Fact], gone: set[str]) -> Iterator[str]:
    bare = node.model_copy(update={"branches": ()})
    try:
        fitting.check_fields(Chain.model_construct(nodes=(bare,)), fields)
    except Invalid as error:
        yield error.title
    if any(gone & {one.person_id, *one.people} for one in node.approvers):
        yield "指定的人员不存在或已离职，请换人"


def export_bpmn(subject: str, definition: str) -> bytes:
    """A draft as a BPMN 2.0 file; `Invalid` when it is no chain."""
    return bpmn.export_chain(flows.read_chain(subject, definition), flows.subject_of(subject).title)


def import_bpmn(subject: str, content: bytes) -> ImportedOut:
    """A BPMN 2.0 file as a draft for the subject; `Invalid` names what lies outside the subset."""
    flows.subject_of(subject)
    found = bpmn.import_chain(content)
    try:
        text = flows.text_of(Chain.model_validate(found.definition))
    except ValidationError:
        text = json.dumps(found.definition, ensure_ascii=False, indent=2)
    return ImportedOut(definition=text, notes=list(found.notes))
