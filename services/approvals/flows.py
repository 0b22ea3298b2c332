"""Subjects and their chains: declared by the owners of the subjects, replaced by the versions HR saves.

A version is never changed, and what has begun stays on its version; version 0 is the chain the owner declared.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import bindparam, select

from kit.errors import Conflict, Invalid, NotFound
from kit.ids import new_id
from models.approvals import ApprovalFlow
from models.base import db
from models.enums import FactKind
from services import people, platform
from services.approvals.design import wording
from services.approvals.design.schemas import FlowOut, SaveFlow, VersionOut
from services.approvals.routing import Applicant
from services.approvals.rules import conditions, fitting
from services.approvals.rules.chains import Chain
from services.approvals.rules.conditions import Fact, Facts
from services.approvals.running import Running
from services.people import Actor, AnyActor

Part = dict[str, Any]
Parts = Callable[[str, Part, Part | None], str]
"""Checks a part of a request: its id, what is to be approved of it, and what others left of it before (`None`: all),
of which it has to be a part. The words for the history, or `Invalid`."""
Offers = Callable[[str, Part | None], list[tuple[Part, str]]]
"""The parts of a request that an approver may pick from, each with its words: its id, and what others left of it."""


OF_APPLICANTS = {"department": Fact("申请人部门", FactKind.TEXT)}
"""What conditions of every subject may look at: the name of the applicant's own department."""


@dataclass(frozen=True)
class Subject:
    """Something that is approved: what it is called, the chain it came with, what conditions may look at; `parts` when
    less than all of it may be approved, `offers` where there are some to pick from; `may_choose` when its form asks the
    applicant whom a chain leaves to them."""

    name: str
    title: str
    chain: Chain
    fields: Mapping[str, Fact]
    parts: Parts | None = None
    offers: Offers | None = None
    may_choose: bool = True

    @property
    def looked_at(self) -> Mapping[str, Fact]:
        """What conditions may look at: what the subject tells, and what is known of every applicant; its own go first
        where both have a name."""
        return {**OF_APPLICANTS, **self.fields}

    def check(self, chain: Chain) -> None:
        """`Invalid` when the chain looks at what the subject does not tell, or leaves open what nobody is asked."""
        fitting.check_fields(chain, self.looked_at)
        if not self.may_choose:
            fitting.check_choices(chain)


@dataclass(frozen=True)
class InForce:
    """The chain that new requests take."""

    version: int
    chain: Chain


@dataclass(frozen=True)
class Family:
    """Subjects that exist as data, called `<family>:<code>`: how their owner finds one by its code, and all titles."""

    find: Callable[[str], Subject | None]
    titles: Callable[[], dict[str, str]]


_subjects: dict[str, Subject] = {}
_families: dict[str, Family] = {}


def declare(  # noqa: PLR0913 — what a subject consists of
    subject: str,
    title: str,
    chain: Chain,
    fields: Mapping[str, Fact],
    parts: Parts | None = None,
    offers: Offers | None = None,
    *,
    may_choose: bool = True,
) -> None:
    """Declares a subject at import; its owner does so, for the engine knows none."""
    if subject in _subjects:
        raise ValueError(f"subject {subject} is declared twice")
    declared = Subject(subject, title, chain, fields, parts, offers, may_choose)
    declared.check(chain)
    _subjects[subject] = declared


def declare_family(name: str, family: Family) -> None:
    """Declares at import that subjects called `<name>:<code>` are told of by their owner, as they come and change."""
    if name in _families:
        raise ValueError(f"family {name} is declared twice")
    _families[name] = family


def check(subject: Subject) -> None:
    """`Invalid` when the chain it comes with, or the one in force, compares what the subject does not tell."""
    fitting.check_fields(subject.chain, subject.looked_at)
    fitting.check_fields(_in_force(subject).chain, subject.looked_at)


def subject_of(name: str) -> Subject:
    """The declared subject, or `NotFound`."""
    family, _, code = name.partition(":")
    found = _families[family].find(code) if code and family in _families else _subjects.get(name)
    if found is None:
        raise NotFound()
    return found


def titles() -> dict[str, str]:
    """What the subjects are called."""
    known = {name: subject.title for name, subject in _subjects.items()}
    told = {f"{name}:{code}": title for name, family in _families.items() for code, title in family.titles().items()}
    return dict(sorted({**known, **told}.items()))


_NEWEST = (
    select(ApprovalFlow.version, ApprovalFlow.definition)
    .where(ApprovalFlow.subject == bindparam("subject"))
    .order_by(ApprovalFlow.version.desc())
    .limit(1)
)


def in_force(subject: str | Subject) -> InForce:
    """The newest version of the subject's chain; a subject that is only drawn so far is taken as it is given."""
    return _in_force(subject_of(subject) if isinstance(subject, str) else subject)


def _in_force(subject: Subject) -> InForce:
    row = next(iter(platform.rows(_NEWEST, {"subject": subject.name})), None)
    return InForce(row.version, Chain.model_validate(row.definition)) if row else InForce(0, subject.chain)


def told(applicant: Applicant, facts: Facts) -> Facts:
    """What conditions look at of this applicant's request: what its subject tells, and what is known of them."""
    home = applicant.department_id
    return {"department": people.department_names([home]).get(home, "") if home else "", **facts}


def chain_of(name: str, version: int) -> Chain:
    """A version of the subject's chain; version 0 is the one the owner declares."""
    wanted = (ApprovalFlow.subject == name) & (ApprovalFlow.version == version)
    definition = db.session.scalar(select(ApprovalFlow.definition).where(wanted)) if version else None
    return Chain.model_validate(definition) if definition else subject_of(name).chain


def part_of(running: Running, part: Part) -> str:
    """What approving this part of a request means, in words; `Invalid` when it may not be approved so."""
    parts = subject_of(running.subject).parts
    if parts is None:
        raise Invalid("这种申请不能部分同意，请同意、驳回或退回")
    return parts(running.subject_id, part, running.part)


def takes_parts(name: str) -> bool:
    """May less than all of such a request be approved?"""
    return subject_of(name).parts is not None


def parts_of(name: str, subject_id: str, left: Part | None) -> list[tuple[Part, str]]:
    """The parts of this request, or of what others left of it, to pick from, with their words; none where it is
    approved whole."""
    offers = subject_of(name).offers
    return offers(subject_id, left) if offers else []


def read_chain(subject: str, text: str) -> Chain:
    """A chain from JSON text, checked whole; `Invalid` with every place that is wrong."""
    try:
        chain = Chain.model_validate_json(text)
    except ValidationError as error:
        places = [{"field": ".".join(map(str, e["loc"])), "message": _sentence(e)} for e in error.errors()]
        raise Invalid("流程定义有误，请按提示修改", errors=places) from None
    subject_of(subject).check(chain)
    _check_people(chain)
    return chain


def _sentence(error: Any) -> str:
    known = {
        "missing": "必填",
        "extra_forbidden": "没有这一项",
        "json_invalid": "不是有效的 JSON",
        "enum": "不在可选范围内",
    }
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return known.get(error["type"], "格式不正确")


def _check_people(chain: Chain) -> None:
    approvers = [one for node in chain.walk() for one in node.approvers]
    named = {one for approver in approvers for one in (approver.person_id, *approver.people) if one}
    present = {one.id for one in people.many(named).values() if one.is_active} if named else set()
    if missing := named - present:
        raise Invalid("流程里指定的人员不存在或已离职", errors=[{"field": one, "message": "请换人"} for one in missing])


def save(actor: AnyActor, subject: str, wish: SaveFlow) -> int:
    """Adds a version; `Conflict` when somebody saved another one meanwhile. Requests on their way keep theirs."""
    chain = read_chain(subject, wish.definition)
    before = in_force(subject)
    version = before.version + 1
    row = {
        "id": new_id(),
        "subject": subject,
        "version": version,
        "definition": chain.model_dump(mode="json"),
        "created_by": actor.person_id if isinstance(actor, Actor) else None,
    }
    if before.version != wish.based_on or not platform.first(ApprovalFlow, **row):
        raise Conflict("流程刚被他人修改过，请刷新后在新版本上再改")
    platform.audit.record(
        actor, "approvals.flow.save", f"{subject}:{version}", before=_plain(before.chain), after=_plain(chain)
    )
    return version


def _plain(chain: Chain) -> dict[str, object]:
    return chain.model_dump(mode="json")


def read_facts(subject: str, text: str) -> Facts:
    """Facts to try a chain with, from lines of `field = value`; `Invalid` for what the subject does not have."""
    fields, found = subject_of(subject).looked_at, {}
    for line in text.splitlines():
        name, _, value = (part.strip() for part in line.partition("="))
        if name and name not in fields:
            raise Invalid(f"没有字段 {name}，可用：{'、'.join(fields) or '无'}")
        if name:
            found[name] = conditions.fact_from(value, fields[name])
    return found


def flow(subject: str) -> FlowOut:
    """The chain in force with what an editor needs to know, and its earlier versions."""
    declared, current = subject_of(subject), in_force(subject)
    return FlowOut(
        subject=subject,
        title=declared.title,
        version=current.version,
        nodes=wording.nodes(current.chain, declared.looked_at),
        fallback=people.ROLE_TITLES[current.chain.fallback],
        definition=text_of(current.chain),
        fields={name: fact.title for name, fact in declared.looked_at.items()},
        versions=_versions(declared),
    )


def all_flows() -> list[FlowOut]:
    """Every subject with its chain."""
    return [flow(name) for name in titles()]


def _versions(subject: Subject) -> list[VersionOut]:
    columns = (ApprovalFlow.version, ApprovalFlow.created_at, ApprovalFlow.created_by, ApprovalFlow.definition)
    saved = select(*columns).where(ApprovalFlow.subject == subject.name)
    rows = db.session.execute(saved.order_by(ApprovalFlow.version.desc()).limit(50)).all()
    names = people.many({row.created_by for row in rows if row.created_by}) if rows else {}
    made = [
        VersionOut(
            version=row.version,
            saved_at=row.created_at,
            saved_by=names[row.created_by].name if row.created_by in names else "",
            definition=text_of(Chain.model_validate(row.definition)),
        )
        for row in rows
    ]
    return [*made, VersionOut(version=0, saved_at=None, saved_by="", definition=text_of(subject.chain))]


def text_of(chain: Chain) -> str:
    """The chain as people edit it: JSON without what goes without saying."""
    return chain.model_dump_json(indent=2, exclude_defaults=True)
