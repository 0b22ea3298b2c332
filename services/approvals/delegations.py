"""Delegation by dates and kinds of request: somebody decides for somebody else from one day to another.

A delegation is followed one step only, so there are neither chains nor loops. The right is looked up when it is used,
and nobody decides their own request by way of another's delegation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from kit import clock
from kit.errors import Conflict, Invalid, NotFound
from kit.ids import new_id
from models.approvals import ApprovalDelegation as Delegation
from models.base import db
from services import notices, people, platform
from services.approvals import flows
from services.approvals.rules import limits
from services.approvals.views import DelegationOut
from services.approvals.wishes import Delegate
from services.people import Actor, PersonView
from templates_msg import Message

MOST_NAMESAKES = 50

Day = date | BindParameter[date]
Subject = str | BindParameter[str] | ColumnElement[str] | InstrumentedAttribute[str]


def delegate(actor: Actor, wish: Delegate) -> DelegationOut:
    """Lets a colleague decide for the actor on the given days; the colleague is told."""
    to = colleague(wish.to, but_not=actor.person_id)
    if wish.last_day < clock.today():
        raise Invalid("结束日期已经过去，请重新选择")
    if wish.last_day - wish.first_day > limits.LONGEST_DELEGATION:
        raise Invalid(f"委托最长 {limits.LONGEST_DELEGATION.days} 天，请缩短日期")
    _check_known(wish)
    _hold(actor.person_id, to.id)
    _check_free(Delegation.from_id == actor.person_id, wish, "这段时间您已委托他人，请先撤销")
    _check_free(Delegation.from_id == to.id, wish, f"{to.name}这段时间也委托了他人，请另选一位")
    _check_free(Delegation.to_id == actor.person_id, wish, "这段时间有同事委托您审批，请先退回，再委托他人")
    days = {"first_day": wish.first_day, "last_day": wish.last_day}
    made = Delegation(id=new_id(), from_id=actor.person_id, to_id=to.id, subject=wish.subject, **days)
    db.session.add(made)
    after = {"to": to.id, "subject": wish.subject, **{name: str(day) for name, day in days.items()}}
    platform.audit.record(actor, "approvals.delegate", made.id, person_id=actor.person_id, after=after)
    facts = {"name": actor.name, "first_day": wish.first_day, "last_day": wish.last_day}
    notices.notify(to.id, Message("approvals/delegated", facts), key=f"delegated:{made.id}")
    return _view(made, actor, {actor.person_id: actor.name, to.id: to.name})


def colleague(text: str, *, but_not: str = "") -> PersonView:
    """The one active colleague with this userid, employee number or full name; `Invalid` otherwise, and for oneself."""
    known = people.known_as([text]).get(text)
    found = [known] if known else _called(text)
    present = [one for one in found if one.is_active]
    if len(present) > 1:
        raise Invalid(f"有{len(present)}位同事叫“{text}”，请填写其企业微信账号或工号")
    if not present:
        raise Invalid("没有找到这位同事，请填写姓名、企业微信账号或工号")
    if present[0].id == but_not:
        raise Invalid("不能选择自己，请另选一位同事")
    return present[0]


def _called(name: str) -> list[PersonView]:
    alike = db.session.scalars(people.matching(name).limit(MOST_NAMESAKES)).all()
    return [one for one in people.many(alike).values() if one.name == name] if alike else []


def _check_known(wish: Delegate) -> None:
    if wish.subject is not None and wish.subject not in flows.titles():
        raise Invalid("没有这种申请，请重新选择委托的范围")


_HELD = people.named(bindparam("ids", expanding=True)).order_by("id").with_for_update()


def _hold(*person_ids: str) -> None:
    """Holds these people, in one order for all, until the delegation is made: two that exclude each other cannot both
    find nothing."""
    platform.rows(_HELD, {"ids": person_ids})


def _check_free(whose: ColumnElement[bool], wish: Delegate, sentence: str) -> None:
    overlapping = and_(Delegation.first_day <= wish.last_day, Delegation.last_day >= wish.first_day)
    standing = select(Delegation.id).where(whose, Delegation.revoked_at.is_(None))
    if wish.subject is not None:
        standing = standing.where(_covers(wish.subject))
    if db.session.scalar(standing.where(overlapping).limit(1)):
        raise Conflict(sentence)


def revoke(actor: Actor, delegation_id: str) -> None:
    """Ends a delegation of the actor's, or one to the actor, at once; the delegate's next decision is refused.

    Whoever gave it is told when it is given back.
    """
    concerned = or_(Delegation.from_id == actor.person_id, Delegation.to_id == actor.person_id)
    mine = and_(Delegation.id == delegation_id, concerned, Delegation.revoked_at.is_(None))
    if not platform.changed(update(Delegation).where(mine).values(revoked_at=clock.now())):
        raise NotFound()
    row = db.session.get_one(Delegation, delegation_id)
    platform.audit.record(actor, "approvals.revoke", delegation_id, person_id=row.from_id)
    if row.from_id != actor.person_id:
        facts = {"name": actor.name, "first_day": row.first_day, "last_day": row.last_day}
        notices.notify(row.from_id, Message("approvals/given_back", facts), key=f"given_back:{row.id}")


def my_delegations(actor: Actor) -> list[DelegationOut]:
    """The actor's delegations that have not ended, and those to the actor."""
    concerned = or_(Delegation.from_id == actor.person_id, Delegation.to_id == actor.person_id)
    standing = and_(Delegation.revoked_at.is_(None), Delegation.last_day >= clock.today())
    rows = db.session.scalars(select(Delegation).where(concerned, standing).order_by(Delegation.first_day)).all()
    names = {one.id: one.name for one in people.many({p for row in rows for p in (row.from_id, row.to_id)}).values()}
    return [_view(row, actor, names) for row in rows]


def _view(row: Delegation, actor: Actor, names: Mapping[str, str]) -> DelegationOut:
    return DelegationOut(
        id=row.id,
        from_name=names[row.from_id],
        to_name=names[row.to_id],
        first_day=row.first_day,
        last_day=row.last_day,
        about=flows.titles().get(row.subject, row.subject) if row.subject else None,
        is_mine=row.from_id == actor.person_id,
    )


def runs_on(day: Day, row: type[Delegation] = Delegation) -> ColumnElement[bool]:
    """Is the delegation in force on this business day?"""
    return and_(row.revoked_at.is_(None), row.first_day <= day, row.last_day >= day)


def _covers(subject: Subject, row: type[Delegation] = Delegation) -> ColumnElement[bool]:
    return or_(row.subject.is_(None), row.subject == subject)


def who_trust(person_id: str | BindParameter[str], today: Day, subject: Subject) -> Select[str]:
    """Ids of the people who have delegated requests of this subject to this person today; for use in a statement."""
    return select(Delegation.from_id).where(Delegation.to_id == person_id, runs_on(today), _covers(subject))


def _with_stand_in(today: BindParameter[date]) -> Select[str, str, str]:
    person, away = people.named(bindparam("ids", expanding=True)).subquery(), aliased(Delegation)
    subject = bindparam("subject", type_=Delegation.subject.type)
    is_away = select(away.id).where(away.from_id == Delegation.to_id, runs_on(today, away), _covers(subject, away))
    standing_in = and_(Delegation.from_id == person.c.id, runs_on(today), _covers(subject), ~is_away.exists())
    return select(person.c.id, person.c.name, Delegation.to_id).outerjoin(Delegation, standing_in)


_ASKED = _with_stand_in(bindparam("today"))


@dataclass(frozen=True)
class Asked:
    """Somebody who is asked. `stand_in` decides for them today; a delegate who is away as well does not count."""

    id: str
    name: str
    stand_in: str | None

    def told(self, applicant_id: str) -> str:
        """Who hears of their task: the stand-in, but nobody is told to decide their own request."""
        return self.id if self.stand_in in (None, applicant_id) else self.stand_in


def asked(person_ids: Sequence[str], subject: str) -> list[Asked]:
    """These people as those asked about this subject today, in the same order; one statement."""
    if not person_ids:
        return []
    rows = platform.rows(_ASKED, {"ids": person_ids, "today": clock.today(), "subject": subject})
    known = {row.id: Asked(*row) for row in rows}
    return [known[one] for one in person_ids]


def end_with(person_id: str) -> None:
    """Delegations from and to somebody who left end with them."""
    theirs = or_(Delegation.from_id == person_id, Delegation.to_id == person_id)
    standing = update(Delegation).where(theirs, Delegation.revoked_at.is_(None))
    platform.changed(standing.values(revoked_at=clock.now()))
