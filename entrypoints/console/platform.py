"""The plumbing on the console: promises with retry, callbacks received, the audit trail with its proof, settings."""

from pathlib import Path

from flask import current_app
from pydantic import BaseModel, ConfigDict

from entrypoints import exports, step_up
from entrypoints.console import kept
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Redirect
from kit.errors import Conflict
from models.enums import Outcome, PromiseState
from services import people, platform
from services.people import Permission

bp = blueprint("platform")
queries = platform.queries
READ, RETRY = Permission.PLATFORM_DELIVERY_READ, Permission.PLATFORM_DELIVERY_RETRY
AUDIT, SETTING = Permission.PLATFORM_AUDIT_READ, Permission.PLATFORM_SETTING_EDIT
STATES = {
    PromiseState.WAITING: "等待",
    PromiseState.RUNNING: "进行中",
    PromiseState.KEPT: "已完成",
    PromiseState.REFUSED: "被拒绝",
    PromiseState.DEAD: "多次失败",
    PromiseState.CANCELLED: "已取消",
}
OUTCOMES = {Outcome.DONE: "完成", Outcome.REFUSED: "拒绝"}
OUTBOX_HEADER = ("种类", "状态", "次数", "产生时间", "应处理时间", "结束时间", "最近的错误")
INBOX_HEADER = ("应用", "种类", "成员", "收到时间", "结果")
AUDIT_HEADER = ("序号", "时间", "操作人", "入口", "地址", "动作", "对象", "结果", "变化")


class Values(BaseModel):
    """A setting's form; its fields are the setting's own and are checked by it."""

    model_config = ConfigDict(extra="allow")


@bp.get("/outbox")
@endpoint(needs=READ, query=queries.PromiseQuery, page="console/platform/outbox.html", writes=True)
def outbox(actor, query):
    """What is to leave the system, and what could not."""
    if query.format:
        rows = map(_promised, queries.promises_all(actor, query))
        return exports.file("待发消息", OUTBOX_HEADER, rows, query.format)
    page, may_retry = queries.promises_page(query), actor.may(RETRY)
    return {"page": page, "query": query, "states": STATES, "kinds": kept.WORDS, "may_retry": may_retry}


def _promised(one):
    times = (exports.at(one.created_at), exports.at(one.due_at), exports.at(one.settled_at))
    return one.kind, STATES[one.state], one.attempts, *times, one.last_error


@bp.post("/outbox/<string:promise_id>/retry")
@endpoint(needs=RETRY)
def retry(actor, promise_id):
    """Give a failed promise a fresh set of tries."""
    if not platform.promises.retry(promise_id):
        raise Conflict("这一条不在失败状态，无需重试，请刷新后查看")
    platform.audit.record(actor, "platform.delivery.retry", promise_id)
    return Redirect("/console/platform/outbox")


@bp.get("/inbox")
@endpoint(needs=READ, query=queries.DeliveryQuery, page="console/platform/inbox.html", writes=True)
def inbox(actor, query):
    """What WeCom told us, and what became of it."""
    if query.format:
        found = queries.deliveries_all(actor, query)
        rows = ((d.agent, d.kind, d.userid, exports.at(d.received_at), d.result) for d in found)
        return exports.file("收到的回调", INBOX_HEADER, rows, query.format)
    return {"page": queries.deliveries_page(query), "query": query}


@bp.get("/audit")
@endpoint(needs=AUDIT, query=queries.AuditQuery, page="console/platform/audit.html", writes=True)
def audit(actor, query):
    """Who did what to which thing."""
    if query.format:
        step_up.demand(actor)
        rows = map(_audited, queries.audit_all(actor, _by_person(query)))
        return exports.file("审计记录", AUDIT_HEADER, rows, query.format)
    page = queries.audit_page(_by_person(query))
    return {"page": page, "query": query, "outcomes": OUTCOMES, "names": _names(page.items)}


def _audited(one):
    act = (one.actor, one.way_in, one.address, one.action, one.subject)
    return one.seq, exports.at(one.at), *act, OUTCOMES[one.outcome], one.change


def _by_person(query):
    """Who acted is looked for by what a person is known as; what nobody is known as is taken for the number itself."""
    person = people.known_as([query.actor or ""]).get(query.actor or "")
    return query.model_copy(update={"actor": person.id}) if person else query


def _names(lines):
    ids = {part for line in lines for part in (line.actor, line.person_id) if part and not part.startswith("system:")}
    return {person.id: person.name for person in people.many(sorted(ids)).values()}


@bp.post("/audit/verify")
@endpoint(needs=AUDIT, page="console/platform/_verified.html")
def verify(actor):
    """Read the whole trail against its chain and the anchors."""
    path = Path(current_app.config["AUDIT"].anchor_file)
    anchors = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {"broken": platform.audit.verify(anchors), "count": platform.audit.count(), "anchors": len(anchors)}


@bp.get("/settings")
@endpoint(needs=SETTING, page="console/platform/settings.html")
def settings(actor):
    """What can be changed while the system runs."""
    return [
        {"name": one.name, "title": one.title, "values": one.get().model_dump(mode="json"),
         "schema": type(one.default).model_json_schema()["properties"]}
        for one in platform.settings.declared()
    ]  # fmt: skip


@bp.post("/settings/<string:name>")
@endpoint(needs=SETTING, body=Values)
def change(actor, body, name):
    """Change one setting."""
    platform.settings.change(actor, name, body.model_extra or {}, actor.person_id)
    return Redirect("/console/platform/settings")
