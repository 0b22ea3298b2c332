"""People on the console: the list, one person, roles, HR's workbook."""

from entrypoints import exports, step_up
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download, Redirect
from kit import workbook
from services import people
from services.people import Actor, Permission

bp = blueprint("people")

READ, EDIT, GRANT = Permission.PEOPLE_PERSON_READ, Permission.PEOPLE_PERSON_EDIT, Permission.PEOPLE_GRANT_EDIT
HEADER = ("姓名", "账号", "工号", "部门", "直接上级", "岗位", "入职日期", "离职日期", "状态")
STATUSES = {"active": "在职", "inactive": "离职", "all": "全部"}
GRANTS_HEADER = ("姓名", "角色", "范围", "授予时间")


@bp.get("")
@endpoint(needs=READ, query=people.listing.PeopleQuery, page="console/people/list.html", writes=True)
def listing(actor: Actor, query: people.listing.PeopleQuery) -> dict[str, object] | Download:
    """The people in reach, filtered and sorted; or the whole list as a file, after proving oneself."""
    if query.format != "html":
        step_up.demand(actor)
        rows = [_row(one) for one in people.listing.people_file(actor, query)]
        return exports.file("员工", HEADER, rows, query.format)
    return {
        "page": people.listing.people_page(actor, query),
        "query": query,
        "departments": people.department_tree(),
        "roles": people.ROLE_TITLES,
        "statuses": STATUSES,
        "may_edit": actor.may(EDIT),
    }


def _row(one: people.listing.PersonLine) -> tuple[object, ...]:
    return (
        one.name,
        one.userid,
        one.employee_number,
        one.department_name,
        one.superior_name,
        one.position,
        one.hired_on,
        one.left_on,
        STATUSES[one.status],
    )


@bp.get("/grants")
@endpoint(needs=GRANT, query=people.grants.GrantsQuery, page="console/people/grants.html", writes=True)
def grants(actor: Actor, query: people.grants.GrantsQuery) -> dict[str, object] | Download:
    """Who holds which role, filtered and sorted; or the list as a file."""
    if query.format != "html":
        rows = [
            (g.person_name, g.title, g.department_name or "全公司", exports.at(g.granted_at))
            for g in people.grants.everyone_file(actor, query)
        ]
        return exports.file("角色", GRANTS_HEADER, rows, query.format)
    return {"page": people.grants.everyone(actor, query), "query": query, "roles": people.ROLE_TITLES}


@bp.get("/import")
@endpoint(needs=EDIT, page="console/people/import.html")
def ask_import(actor: Actor) -> None:
    """Where HR's workbook is uploaded."""


@bp.get("/import/template")
@endpoint(needs=EDIT, writes=True)
def template(actor: Actor) -> Download:
    """The workbook to fill in, with everybody already in it."""
    return Download("员工信息模板.xlsx", people.importing.template(actor), workbook.MEDIA_TYPE)


@bp.post("/import/check")
@endpoint(needs=EDIT, body=people.importing.ImportWish, uploads=True, page="console/people/_changes.html")
def check_import(actor: Actor, body: people.importing.ImportWish) -> people.importing.ImportView:
    """What the workbook would change, or every cell that is wrong; nothing is taken over yet."""
    return people.importing.check(actor, body)


@bp.post("/import")
@endpoint(needs=EDIT, body=people.importing.ApplyWish, step_up=True)
def apply_import(actor: Actor, body: people.importing.ApplyWish) -> Redirect:
    """Take over the workbook that was looked at."""
    people.importing.apply(actor, body)
    return Redirect("/console/people")


@bp.get("/<string:person_id>")
@endpoint(needs=READ, page="console/people/person.html")
def person(actor: Actor, person_id: str) -> dict[str, object]:
    """One person with roles and what may be done about them."""
    return {
        "profile": people.profile.profile(actor, person_id),
        "departments": people.department_tree(),
        "titles": people.ROLE_TITLES,
        "may_grant": actor.may(GRANT),
        "may_edit": actor.may(EDIT),
        "is_me": actor.person_id == person_id,
    }


@bp.post("/<string:person_id>/grants")
@endpoint(needs=GRANT, body=people.grants.GrantWish, step_up=True)
def grant(actor: Actor, body: people.grants.GrantWish, person_id: str) -> Redirect:
    """Give a role."""
    people.grants.grant(actor, person_id, body)
    return Redirect(f"/console/people/{person_id}")


@bp.post("/grants/<string:grant_id>/revoke")
@endpoint(needs=GRANT, step_up=True)
def revoke(actor: Actor, grant_id: str) -> Redirect:
    """Take a role away."""
    return Redirect(f"/console/people/{people.grants.revoke(actor, grant_id)}")


@bp.post("/<string:person_id>/step-up/reset")
@endpoint(needs=EDIT, step_up=True)
def reset_step_up(actor: Actor, person_id: str) -> Redirect:
    """Take a forgotten PIN or lost TOTP away."""
    people.step_up.reset(actor, person_id)
    return Redirect(f"/console/people/{person_id}")
