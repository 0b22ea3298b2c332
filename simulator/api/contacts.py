"""Reading departments, members and tags, each within the application's visible range (section 5)."""

from typing import Any

from simulator.api.desk import ANY, CONTACTS, Asked, Routes
from simulator.errors import Refusal
from simulator.world import Member

routes = Routes()
LIST_ID_MOST = 10_000


def _departments(asked: Asked) -> list[int]:
    """Ids to list: everything visible, or one department and all below it. Contact sync sees the whole tree."""
    directory, agent = asked.twin.directory, asked.agent
    visible = set(directory.below(1)) if agent.contact_sync else directory.visible_departments(agent)
    top = asked.number("id")
    if not top:
        return sorted(visible)
    directory.department(top)
    if top not in visible:
        raise Refusal(60011, f"department {top}")
    return sorted(directory.below(top) & visible)


@routes.get("department/list")
def department_list(asked: Asked) -> dict[str, Any]:
    directory = asked.twin.directory
    return {"department": [directory.department_row(directory.department(d)) for d in _departments(asked)]}


@routes.get("department/simplelist", who=ANY)
def department_simplelist(asked: Asked) -> dict[str, Any]:
    found = [asked.twin.directory.department(d) for d in _departments(asked)]
    return {"department_id": [{"id": d.id, "parentid": d.parent_id, "order": d.order} for d in found]}


@routes.get("department/get")
def department_get(asked: Asked) -> dict[str, Any]:
    directory = asked.twin.directory
    department = directory.department(asked.number("id"))
    if department.id not in directory.visible_departments(asked.agent):
        raise Refusal(60011, f"department {department.id}")
    return {"department": directory.department_row(department)}


@routes.get("user/get")
def user_get(asked: Asked) -> dict[str, Any]:
    directory = asked.twin.directory
    return directory.member_row(asked.agent, directory.seen_member(asked.agent, asked.query.get("userid", "")))


def _members(asked: Asked) -> list[Member]:
    """The visible members of exactly one department."""
    directory = asked.twin.directory
    department = directory.department(asked.number("department_id"))
    if department.id not in directory.visible_departments(asked.agent):
        raise Refusal(60011, f"department {department.id}")
    visible = directory.visible_members(asked.agent)
    return [m for m in directory.people(department.id) if m.userid.lower() in visible]


@routes.get("user/simplelist")
def user_simplelist(asked: Asked) -> dict[str, Any]:
    return {"userlist": [{"userid": m.userid, "name": m.name, "department": m.departments} for m in _members(asked)]}


@routes.get("user/list")
def user_list(asked: Asked) -> dict[str, Any]:
    return {"userlist": [asked.twin.directory.member_row(asked.agent, m) for m in _members(asked)]}


@routes.post("user/list_id", who=CONTACTS)
def user_list_id(asked: Asked) -> dict[str, Any]:
    """One row for each membership, a page at a time; only the contact-sync secret may."""
    limit = asked.body.get("limit", LIST_ID_MOST)
    if not isinstance(limit, int) or not 1 <= limit <= LIST_ID_MOST:
        raise Refusal(40035, "limit")
    rows = [{"userid": m.userid, "department": d} for m in asked.twin.world.members.values() for d in m.departments]
    first = int(asked.body.get("cursor") or 0)
    following = str(first + limit) if first + limit < len(rows) else ""
    return {"next_cursor": following, "dept_user": rows[first : first + limit]}


@routes.post("user/getuserid")
def user_getuserid(asked: Asked) -> dict[str, Any]:
    return {"userid": _found(asked, lambda m: bool(m.mobile) and m.mobile == asked.body.get("mobile"))}


@routes.post("user/get_userid_by_email")
def user_get_userid_by_email(asked: Asked) -> dict[str, Any]:
    address, personal = asked.body.get("email"), asked.body.get("email_type") == 2
    return {"userid": _found(asked, lambda m: bool(address) and (m.email if personal else m.biz_mail) == address)}


def _found(asked: Asked, fits: Any) -> str:
    visible = asked.twin.directory.visible_members(asked.agent)
    for key, member in asked.twin.world.members.items():
        if key in visible and fits(member):
            return member.userid
    raise Refusal(46004)


@routes.get("tag/list")
def tag_list(asked: Asked) -> dict[str, Any]:
    return {"taglist": [{"tagid": t.id, "tagname": t.name} for t in asked.twin.world.tags.values()]}


@routes.get("tag/get")
def tag_get(asked: Asked) -> dict[str, Any]:
    """The tag's own entries: its departments stay departments, for the caller to expand."""
    directory = asked.twin.directory
    tag = directory.tag(asked.number("tagid"))
    visible = directory.visible_members(asked.agent)
    members = [directory.member(u) for u in tag.members if u.lower() in visible]
    shown = directory.visible_departments(asked.agent)
    return {
        "tagname": tag.name,
        "userlist": [{"userid": m.userid, "name": m.name} for m in members],
        "partylist": [d for d in tag.departments if d in shown],
    }
