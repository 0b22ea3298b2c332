"""The built-in check-in app (pages 90262, 90263, 93384, 95803, 99647)."""

from typing import Any

from simulator import office as offices
from simulator.api.desk import Asked, Routes
from simulator.errors import Refusal

routes = Routes()
CHECKIN = "checkin"
CORP_ONLY = ("range", "white_users")


def _visible(asked: Asked, users: set[str]) -> set[str]:
    return users & asked.twin.directory.visible_members(asked.agent)


@routes.post("checkin/getcheckindata", may=CHECKIN, per_minute=600)
def getcheckindata(asked: Asked) -> dict[str, Any]:
    visible = asked.twin.directory.visible_members(asked.agent)
    rows = offices.punches(asked.twin.world.office, asked.body)
    return {"checkindata": [row for row in rows if row["userid"].lower() in visible]}


@routes.post("checkin/getcheckinoption", may=CHECKIN, per_minute=600)
def getcheckinoption(asked: Asked) -> dict[str, Any]:
    """The rule of each user; members without a rule are left out."""
    if not isinstance(asked.body.get("datetime"), int):
        raise Refusal(40035, "datetime")
    info = []
    for key in sorted(_visible(asked, offices.check_users(asked.body))):
        member = asked.twin.directory.member(key)
        rule = next((r for r in asked.twin.world.office.rules if _covers(asked, r, key)), None)
        if rule:
            group = {name: value for name, value in rule.items() if name not in CORP_ONLY}
            info.append({"userid": member.userid, "group": group})
    return {"info": info}


def _covers(asked: Asked, rule: dict[str, Any], key: str) -> bool:
    scope = rule.get("range", {})
    directory = asked.twin.directory
    named = {u.lower() for u in scope.get("userid", [])}
    return key in named.union(*(directory.in_department(int(d)) for d in scope.get("partyid", [])))


@routes.post("checkin/getcorpcheckinoption", may=CHECKIN, per_minute=60)
def getcorpcheckinoption(asked: Asked) -> dict[str, Any]:
    return {"group": asked.twin.world.office.rules}


@routes.post("checkin/add_checkin_record", may=CHECKIN)
def add_checkin_record(asked: Asked) -> None:
    records = asked.body.get("records")
    for record in records if isinstance(records, list) else []:
        asked.twin.directory.seen_member(asked.agent, str(record.get("userid", "")))
    offices.add_records(asked.twin.world.office, records)


@routes.post("checkin/punch_correction", may=CHECKIN, per_minute=600)
def punch_correction(asked: Asked) -> None:
    """Enters a punch for a due point; `schedule_date_time` is local midnight of its day."""
    userid = asked.twin.directory.seen_member(asked.agent, str(asked.body.get("userid", ""))).userid
    day, at = asked.body.get("schedule_date_time"), asked.body.get("checkin_time")
    if not isinstance(day, int) or not isinstance(at, int) or len(str(asked.body.get("remark", "")).encode()) > 512:
        raise Refusal(301080)
    due = day + int(asked.body.get("schedule_checkin_time", at - day))
    kind = "上班打卡" if due - day < offices.DAY // 2 else "下班打卡"
    extra = {"sch_checkin_time": due, "notes": asked.body.get("remark", "")}
    asked.twin.world.office.punches.append(offices.punch(userid, kind, at, extra))
