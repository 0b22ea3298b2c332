"""Receipts of requests that have ended: what was asked, who decided it and when, signed for the applicant to keep.

What a receipt says is taken down once: at the first download, or in the night after the end, and never changes then.
Names are those of that day. The history is proven by its hash, and by how many entries it covers: what is written
after the end does not touch it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, true, tuple_

from kit import clock
from kit.errors import Conflict, NotFound
from kit.signing import canonical
from models.approvals import ApprovalHistory as History
from models.approvals import ApprovalInstance as Instance
from models.base import db
from models.enums import Act
from services import people, platform
from services.approvals import flows
from services.approvals.rules import limits
from services.people import Actor, PersonView

KIND = "approval"
FORMAT = 1
CHUNK = 500
LOOK_BACK = timedelta(days=31)
"""So long a night that was missed is made up for; what ended earlier gets its receipt when it is asked for."""
DECISIONS = frozenset(
    {Act.APPROVED, Act.APPROVED_PART, Act.REJECTED, Act.RETURNED, Act.PASSED, Act.REFUSED, Act.TIMED_OUT, Act.LAPSED}
)
"""What is told of one by one; the rest of the history is behind its hash. `by` is empty for the system."""


def receipt(actor: Actor, instance_id: str) -> platform.receipts.ReceiptOut:
    """The receipt of a request of the actor's own; `Conflict` while it has not ended."""
    row = db.session.get(Instance, instance_id)
    if row is None or row.applicant_id != actor.person_id:
        raise NotFound()
    if row.state in limits.ALIVE:
        raise Conflict("申请还没有结束，有了结果再来下载回执")
    platform.receipts.issue(KIND, _contents([row]))
    return platform.receipts.fetch(KIND, row.id)


def issue_receipts(payload: dict[str, Any]) -> None:
    """Takes down what ended lately and has no receipt yet; five hundred requests at a time, then the next."""
    ended = _without_receipt(payload.get("after"))
    platform.receipts.issue(KIND, _contents(ended))
    if len(ended) == CHUNK:
        last = ended[-1]
        assert last.ended_at is not None
        after = [last.ended_at.isoformat(), last.id]
        key = f"approvals.issue_receipts:{payload['slot']}:{last.id}"
        platform.promise("approvals.issue_receipts", {**payload, "after": after}, dedupe_key=key)


def altered() -> str | None:
    """The id of the first request whose history is not what its receipt vouches for; `None` when all are."""
    after = ""
    while chunk := platform.receipts.said(KIND, after, CHUNK):
        histories = _histories(list(chunk))
        for after, content in chunk.items():
            if not _is_vouched(content["history"], histories[after]):
                return after
    return None


def _is_vouched(vouched: dict[str, Any], history: Sequence[History]) -> bool:
    return digest(history[: vouched["entries"]]) == str(vouched["sha256"])


def _without_receipt(after: list[str] | None) -> Sequence[Instance]:
    place = (Instance.ended_at, Instance.id)
    beyond = tuple_(*place) > (datetime.fromisoformat(after[0]), after[1]) if after else true()
    lately = Instance.ended_at >= clock.now() - LOOK_BACK
    bare = Instance.id.not_in(platform.receipts.issued(KIND))
    return db.session.scalars(select(Instance).where(lately, bare, beyond).order_by(*place).limit(CHUNK)).all()


def _contents(rows: Sequence[Instance]) -> dict[str, dict[str, Any]]:
    """What the receipts of these requests say, by the request's id; in three statements however many they are."""
    histories = _histories([row.id for row in rows])
    involved = {row.applicant_id for row in rows} | {row.decided_by for row in rows if row.decided_by}
    involved |= {one for entries in histories.values() for entry in entries for one in _people_of(entry)}
    known, titles = people.many(involved) if involved else {}, flows.titles()
    return {row.id: _content(row, histories[row.id], known, titles) for row in rows}


def _histories(instance_ids: Sequence[str]) -> dict[str, list[History]]:
    found: dict[str, list[History]] = defaultdict(list)
    ours = select(History).where(History.instance_id.in_(instance_ids)).order_by(History.seq)
    for entry in db.session.scalars(ours) if instance_ids else ():
        found[entry.instance_id].append(entry)
    return found


def _people_of(entry: History) -> list[str]:
    return [one for one in (entry.actor_id, entry.for_id) if one]


def _content(
    row: Instance, history: Sequence[History], known: dict[str, PersonView], titles: dict[str, str]
) -> dict[str, Any]:
    applicant = known[row.applicant_id]
    return {
        "format": FORMAT,
        "kind": KIND,
        "id": row.id,
        "applicant": {"name": applicant.name, "userid": applicant.userid, "number": applicant.employee_number},
        "subject": {"code": row.subject, "title": titles.get(row.subject, row.subject)},
        "title": row.title,
        "rows": row.summary["rows"],
        "state": row.state,
        "part": row.part,
        "asked_at": _written(row.created_at),
        "ended_at": _written(row.ended_at),
        "ended_by": _name(row.decided_by, known),
        "decisions": [_decision(entry, known) for entry in history if entry.act in DECISIONS],
        "history": {"entries": len(history), "sha256": digest(history)},
    }


def _decision(entry: History, known: dict[str, PersonView]) -> dict[str, Any]:
    return {
        "step": entry.step_name,
        "decision": entry.act,
        "by": _name(entry.actor_id, known),
        "in_place_of": _name(entry.for_id, known),
        "at": _written(entry.at),
        "comment": entry.comment,
    }


def _name(person_id: str | None, known: dict[str, PersonView]) -> str | None:
    return known[person_id].name if person_id in known else None


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def digest(history: Sequence[History]) -> str:
    """The SHA-256 (hex) over the entries in their order, each as canonical JSON on a line of its own."""
    lines = (canonical(_entry(one)) for one in history)
    return hashlib.sha256(b"".join(line + b"\n" for line in lines)).hexdigest()


def _entry(entry: History) -> dict[str, Any]:
    names = ("act", "step_name", "actor_id", "for_id", "to_id", "comment", "file_id")
    return {"at": _written(entry.at), **{name: getattr(entry, name) for name in names}}
