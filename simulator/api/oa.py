"""The built-in approval app and vacation (sections 15 and 16)."""

from typing import Any

from simulator import office as offices
from simulator import vacation
from simulator.api.desk import Asked, Routes
from simulator.errors import Refusal

routes = Routes()
APPROVAL = "approval"
NO_VACATION = 301062


@routes.post("oa/gettemplatedetail", may=APPROVAL, per_minute=600)
def gettemplatedetail(asked: Asked) -> dict[str, Any]:
    template = asked.twin.world.office.templates.get(str(asked.body.get("template_id", "")))
    if template is None:
        raise Refusal(301026)
    return template


@routes.post("oa/applyevent", may=APPROVAL, per_minute=60)
def applyevent(asked: Asked) -> dict[str, Any]:
    asked.twin.directory.seen_member(asked.agent, str(asked.body.get("creator_userid", "")))
    return {"sp_no": offices.apply(asked.twin.world.office, asked.body).sp_no}


@routes.post("oa/getapprovalinfo", may=APPROVAL, per_minute=600)
def getapprovalinfo(asked: Asked) -> dict[str, Any]:
    return offices.find(asked.twin.world.office, asked.body)


@routes.post("oa/getapprovaldetail", may=APPROVAL, per_minute=600)
def getapprovaldetail(asked: Asked) -> dict[str, Any]:
    approval = asked.twin.world.office.approvals.get(str(asked.body.get("sp_no", "")))
    if approval is None:
        raise Refusal(301025, "sp_no")
    known = asked.twin.world.members.get(approval.applicant.lower())
    return {"info": offices.detail(approval, known.home if known else 1)}


@routes.get("oa/vacation/getcorpconf", may=APPROVAL, denial=NO_VACATION, per_minute=600)
def getcorpconf(asked: Asked) -> dict[str, Any]:
    return {"lists": asked.twin.world.office.vacations}


@routes.post("oa/vacation/getuservacationquota", may=APPROVAL, denial=NO_VACATION, per_minute=600)
def getuservacationquota(asked: Asked) -> dict[str, Any]:
    member = asked.twin.directory.seen_member(asked.agent, str(asked.body.get("userid", "")))
    return {"lists": vacation.quota_rows(asked.twin.world.office, asked.twin.directory, member.userid)}


@routes.post("oa/vacation/setoneuserquota", may=APPROVAL, denial=NO_VACATION, per_minute=600)
def setoneuserquota(asked: Asked) -> None:
    member = asked.twin.directory.seen_member(asked.agent, str(asked.body.get("userid", "")))
    vacation.set_left(asked.twin.world.office, asked.twin.directory, member.userid, asked.body)
