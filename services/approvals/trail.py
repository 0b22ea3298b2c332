"""The history of instances: every act in order, nothing ever changed, read as sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from kit import clock
from kit.text import clip
from models.approvals import ApprovalHistory, ApprovalInstance
from models.base import db
from models.enums import Act
from services import people, platform
from services.approvals.rules import waiting
from services.approvals.views import HistoryOut

LONGEST = 500


@dataclass(frozen=True)
class Entry:
    """Something that happened. `for_id` is whose place the actor took, `to_id` who got the task."""

    act: Act
    step_name: str = ""
    actor_id: str | None = None
    for_id: str | None = None
    to_id: str | None = None
    comment: str = ""
    file_id: str | None = None


SENTENCES = {
    Act.STARTED: "{actor}提交{what}申请",
    Act.OPENED: "等待{comment}审批",
    Act.SKIPPED: "自动通过：审批人已在前面的环节同意",
    Act.STUCK: "暂时找不到审批人，系统会继续寻找并已记录",
    Act.BLOCKED: "系统自动处理没有成功，已通知人事",
    Act.APPROVED: "{actor}同意",
    Act.REJECTED: "{actor}驳回",
    Act.TRANSFERRED: "{actor}转交给{to}",
    Act.REASSIGNED: "{person}已不能审批，改由{to}审批",
    Act.URGED: "{actor}催办",
    Act.REMINDED: "系统提醒{to}尽快审批",
    Act.WITHDRAWN: "{actor}撤回{what}申请",
    Act.VACANT: "这一环节现在没有审批人，按流程跳过",
    Act.COPIED: "已抄送",
    Act.PASSED: "自动判断通过",
    Act.REFUSED: "自动判断不通过，已驳回",
    Act.APPROVED_PART: "{actor}只同意其中一部分：{comment}",
    Act.RETURNED: "{actor}退回",
    Act.REVISED: "{actor}修改后重新提交",
    Act.ADDED: "{actor}加签，{comment}",
    Act.COMMENTED: "{actor}评论",
    Act.ASKED: "{actor}向申请人提问，等待回答",
    Act.ANSWERED: "{actor}回答",
    Act.UNANSWERED: "{comment}",
    Act.LAPSED: "{comment}",
    Act.ESCALATED: "{person}超过时限未处理，改由{to}审批",
    Act.TIMED_OUT: "{comment}",
    Act.COVERED: "{person}{comment}休假，改由{to}审批",
    Act.STOOD_IN: "{person}{comment}休假，由受托的{to}代为审批",
    Act.AWAITED: "{person}{comment}休假，回来后审批",
}
TONES = {
    Act.APPROVED: "good", Act.REJECTED: "bad", Act.WITHDRAWN: "bad", Act.OPENED: "wait", Act.STUCK: "bad",
    Act.BLOCKED: "bad", Act.LAPSED: "bad",
    Act.APPROVED_PART: "good", Act.PASSED: "good", Act.REFUSED: "bad", Act.RETURNED: "bad", Act.ASKED: "wait",
}  # fmt: skip
AWAY = frozenset({Act.COVERED, Act.STOOD_IN, Act.AWAITED})
NAMED_IN_TITLE = frozenset({Act.OPENED, Act.APPROVED_PART, Act.ADDED, Act.TIMED_OUT, Act.UNANSWERED, Act.LAPSED}) | AWAY


def note(instance_id: str, *entries: Entry) -> None:
    """Adds entries to the history of one instance."""
    note_many((instance_id, entry) for entry in entries)


def note_many(entries: Iterable[tuple[str, Entry]]) -> None:
    """Adds entries to the histories of several instances, in one statement."""
    now = clock.now()
    rows = [{"instance_id": of, "at": now, **vars(one), "comment": clip(one.comment, LONGEST)} for of, one in entries]
    platform.add_many(ApprovalHistory, rows)


def timeline(subject: str, subject_id: str, what: str = "") -> list[HistoryOut]:
    """All that happened to the requests of this subject, oldest first. Whoever asks has checked that it may be seen.

    `what` names what was asked for where the history stands beside that of another request.
    """
    ours = (ApprovalInstance.subject == subject) & (ApprovalInstance.subject_id == subject_id)
    return _read(ApprovalHistory.instance_id.in_(select(ApprovalInstance.id).where(ours)), what)


def of_instance(instance_id: str) -> list[HistoryOut]:
    """All that happened to one instance, oldest first."""
    return _read(ApprovalHistory.instance_id == instance_id)


def _read(condition: Any, what: str = "") -> list[HistoryOut]:
    rows = db.session.scalars(select(ApprovalHistory).where(condition).order_by(ApprovalHistory.seq)).all()
    involved = {one for row in rows for one in (row.actor_id, row.for_id, row.to_id) if one}
    names = {one.id: one.name for one in people.many(involved).values()} if involved else {}
    waited = waiting.waits(rows)
    return [_entry(row, names, what).model_copy(update={"waited_minutes": waited.get(row.seq)}) for row in rows]


def sentence(entry: Entry | ApprovalHistory, names: Mapping[str, str], what: str = "") -> str:
    """What an entry says, the people in it called by these names."""
    actor = names.get(entry.actor_id or "", "系统")
    person = names.get(entry.for_id or "", "")
    behalf = f"{actor}（代{person}）" if person and entry.actor_id else actor
    to = names.get(entry.to_id or "", "")
    return SENTENCES[Act(entry.act)].format(actor=behalf, person=person, to=to, comment=entry.comment, what=what)


def _entry(row: ApprovalHistory, names: dict[str, str], what: str) -> HistoryOut:
    act, title = Act(row.act), sentence(row, names, what)
    return HistoryOut(
        at=row.at,
        act=act,
        step=row.step_name,
        title=f"{row.step_name}：{title}" if row.step_name else title,
        note="" if act in NAMED_IN_TITLE else row.comment,
        file_id=row.file_id,
        tone=TONES.get(act, "mute"),
    )
