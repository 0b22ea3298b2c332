"""Statutory days that end soon, and those that employees gave up in writing: HR sees both and takes them as files."""

from entrypoints import exports
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download
from services import leave, people
from services.people import Actor, Permission

bp = blueprint("leave_lapses", "/leave/lapses")
lapsing_soon, declared = leave.lapsing_soon, leave.declared

READ, ADJUST = Permission.LEAVE_BALANCE_READ, Permission.LEAVE_BALANCE_ADJUST
SOON_HEADER = ("员工", "部门", "到期日", "未休法定天数", "其中声明不休", "到期应折算天数")
DECLARED_HEADER = ("员工", "部门", "年份", "天数", "到期日", "声明内容", "版本", "声明时间", "撤回时间", "签名", "核对")


@bp.get("")
@endpoint(needs=READ, query=lapsing_soon.SoonQuery, page="console/leave/lapses.html", writes=True)
def soon(actor: Actor, query: leave.lapsing_soon.SoonQuery) -> dict[str, object] | Download:
    """Who still has statutory days that end within three months; or the list as a file."""
    if query.format:
        rows = map(_soon, lapsing_soon.exported(actor, query))
        return exports.file("法定年假到期预警", SOON_HEADER, rows, query.format)
    return {"page": lapsing_soon.listing(actor, query), "query": query, "departments": people.department_tree()}


def _soon(one: leave.lapsing_soon.SoonOut) -> tuple[object, ...]:
    days = (one.days.normalize(), one.waived.normalize(), one.payable.normalize())
    return (one.person_name, one.department, one.expires_on, *days)


@bp.get("/waivers")
@endpoint(needs=ADJUST, query=declared.DeclaredQuery, page="console/leave/waivers.html", writes=True)
def waivers(actor: Actor, query: leave.declared.DeclaredQuery) -> dict[str, object] | Download:
    """The declarations by which employees gave up days; or the list as a file."""
    if query.format:
        rows = map(_declared, declared.exported(actor, query))
        return exports.file("不休年假声明", DECLARED_HEADER, rows, query.format)
    return {"page": declared.listing(actor, query), "query": query}


def _declared(one: leave.declared.DeclaredOut) -> tuple[object, ...]:
    who = (one.person_name, one.department, one.year, one.days.normalize(), one.expires_on)
    said = (one.text, one.text_version, one.created_at, one.revoked_at)
    return (*who, *said, one.signed, "一致" if one.is_intact else "与签名不符")
