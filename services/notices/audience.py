"""Who a notice is for: terms such as `company`, `department:<id>` or `role:hr`, resolved when it is sent."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select, union

from kit.errors import Forbidden, Invalid
from models.base import db
from models.enums import AudienceKind
from services import people
from services.notices.schemas import Draft, Sketch
from services.people import AnyActor, Permission

COMPANY = AudienceKind.COMPANY.value


def terms_of(draft: Draft | Sketch) -> list[str]:
    """The terms a draft chooses; `Invalid` when it chooses nobody or names somebody unknown."""
    if draft.is_for_all:
        return [COMPANY]
    chosen = [f"department:{one}" for one in draft.departments] + [f"tag:{one}" for one in draft.tags]
    chosen += [f"role:{role}" for role in draft.roles] + [f"person:{one}" for one in _persons(draft.persons)]
    if not chosen:
        raise Invalid(
            "请选择接收范围", errors=[{"field": "departments", "message": "至少选择一个部门、标签、角色或人员"}]
        )
    return list(dict.fromkeys(chosen))


def _persons(text: str) -> list[str]:
    names = text.replace("，", " ").replace(",", " ").replace("、", " ").split()
    found = people.known_as(names)
    unknown = [name for name in names if name not in found or not found[name].is_active]
    if unknown:
        sentence = f"找不到在职人员：{'、'.join(unknown[:5])}"
        raise Invalid(sentence, errors=[{"field": "persons", "message": sentence}])
    return [person.id for person in found.values()]


def ids(terms: Sequence[str]) -> Select[str]:
    """The ids of everybody meant who works here now."""
    parts = [people.audience(AudienceKind(kind), value) for kind, _, value in (term.partition(":") for term in terms)]
    if len(parts) == 1:
        return parts[0]
    together = union(*parts).subquery()
    return select(together.c.id)


def count(terms: Sequence[str]) -> int:
    """How many people that is now."""
    return db.session.scalar(select(func.count()).select_from(ids(terms).subquery())) or 0


def check_reach(actor: AnyActor, terms: Sequence[str]) -> None:
    """`Forbidden` unless the actor may send notices to everybody meant."""
    meant = ids(terms).subquery()
    beyond = select(meant.c.id).where(meant.c.id.not_in(people.within(actor, Permission.NOTICES_NOTICE_SEND)))
    if db.session.scalar(beyond.limit(1)) is not None:
        raise Forbidden("接收范围超出了您负责的部门，请缩小范围")


def titles(terms: Sequence[str]) -> list[str]:
    """The terms as people call them; what no longer exists is said so."""
    of = {kind: [t.partition(":")[2] for t in terms if t.startswith(f"{kind}:")] for kind in AudienceKind}
    names: dict[str, str] = {COMPANY: "全体员工"}
    names |= {f"department:{one}": name for one, name in people.department_names(of[AudienceKind.DEPARTMENT]).items()}
    names |= {f"person:{one}": person.name for one, person in people.many(of[AudienceKind.PERSON]).items()}
    names |= {f"role:{role}": title for role, title in people.ROLE_TITLES.items()}
    names |= {f"tag:{one}": name for one, name in people.tag_names().items()} if of[AudienceKind.TAG] else {}
    return [names.get(term, "（已不存在）") for term in terms]
