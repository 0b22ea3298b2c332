"""HR's notices: write, show, send, watch, nudge, take back."""

from entrypoints import exports
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Redirect
from services import notices
from services.people import Permission

bp = blueprint("notices")

READ, SEND = Permission.NOTICES_NOTICE_READ, Permission.NOTICES_NOTICE_SEND
LIST_HEADER = ("标题", "状态", "发布方", "需确认", "人数", "创建时间", "发送时间")
RECEIPT_HEADER = ("姓名", "部门", "进度", "打开时间", "确认时间")


@bp.get("")
@endpoint(needs=READ, query=notices.NoticesQuery, page="console/notices/list.html", writes=True)
def listing(actor, query):
    """The notices, filtered and sorted; or the whole list as a file."""
    if query.format:
        return exports.file("公告", LIST_HEADER, map(_notice, notices.exported(actor, query)), query.format)
    return {"page": notices.listing(actor, query), "query": query, "states": notices.STATES}


@bp.get("/new")
@endpoint(needs=SEND, page="console/notices/edit.html")
def new(actor):
    """An empty editor."""
    return notices.editor(actor)


@bp.post("")
@endpoint(needs=SEND, body=notices.Draft)
def create(actor, body):
    """Keeps a new draft."""
    return Redirect(f"/console/notices/{notices.create(actor, body)}")


@bp.post("/sketch")
@endpoint(needs=SEND, body=notices.Sketch, page="console/notices/_sketch.html")
def sketch(actor, body):
    """How the card would look, and how many people would get it."""
    return notices.sketch(actor, body)


@bp.get("/<string:notice_id>")
@endpoint(needs=READ, query=notices.ReceiptsQuery, page="console/notices/notice.html", writes=True)
def show(actor, query, notice_id):
    """A notice with its progress and receipts; or the receipts as a file."""
    if query.format:
        rows = map(_receipt, notices.exported_receipts(actor, notice_id, query))
        return exports.file("公告回执", RECEIPT_HEADER, rows, query.format)
    found = notices.get(actor, notice_id)
    return {"notice": found, "receipts": notices.receipts(actor, notice_id, query), "query": query, **WORDS}


@bp.get("/<string:notice_id>/progress")
@endpoint(needs=READ, page="console/notices/_progress.html")
def progress(actor, notice_id):
    """How far sending has come; the page asks again while it goes on, and is shown anew when it ends."""
    notice = notices.get(actor, notice_id)
    return {"notice": notice, **WORDS} if notice.state == "sending" else _back(notice_id)


@bp.get("/<string:notice_id>/edit")
@endpoint(needs=SEND, page="console/notices/edit.html")
def editor(actor, notice_id):
    """The editor with a draft in it."""
    return notices.editor(actor, notice_id)


@bp.post("/<string:notice_id>")
@endpoint(needs=SEND, body=notices.Draft)
def edit(actor, body, notice_id):
    """Replaces a draft."""
    notices.edit(actor, notice_id, body)
    return _back(notice_id)


@bp.post("/<string:notice_id>/discard")
@endpoint(needs=SEND)
def discard(actor, notice_id):
    """Deletes a draft."""
    notices.discard(actor, notice_id)
    return Redirect("/console/notices")


@bp.post("/<string:notice_id>/preview")
@endpoint(needs=SEND, body=notices.Preview)
def preview(actor, body, notice_id):
    """Sends the card to one person to look at."""
    notices.preview(actor, notice_id, body)
    return _back(notice_id)


@bp.post("/<string:notice_id>/send")
@endpoint(needs=SEND, body=notices.Send)
def send(actor, body, notice_id):
    """Sends now, to the number of people agreed to."""
    notices.send(actor, notice_id, body)
    return _back(notice_id)


@bp.post("/<string:notice_id>/schedule")
@endpoint(needs=SEND, body=notices.Schedule)
def schedule(actor, body, notice_id):
    """Sends later."""
    notices.schedule(actor, notice_id, body)
    return _back(notice_id)


@bp.post("/<string:notice_id>/unschedule")
@endpoint(needs=SEND)
def unschedule(actor, notice_id):
    """Makes a scheduled notice a draft again."""
    notices.unschedule(actor, notice_id)
    return _back(notice_id)


@bp.post("/<string:notice_id>/nudge")
@endpoint(needs=SEND)
def nudge(actor, notice_id):
    """Reminds those who are behind."""
    notices.nudge(actor, notice_id)
    return _back(notice_id)


@bp.post("/<string:notice_id>/recall")
@endpoint(needs=SEND)
def recall(actor, notice_id):
    """Takes the notice back."""
    notices.recall(actor, notice_id)
    return _back(notice_id)


WORDS = {"states": notices.STATES, "stages": notices.STAGES}


def _back(notice_id):
    return Redirect(f"/console/notices/{notice_id}")


def _notice(one):
    confirmed = "是" if one.must_confirm else "否"
    times = (exports.at(one.created_at), exports.at(one.sent_at))
    return one.title, notices.STATES[one.state], one.sender, confirmed, one.expected, *times


def _receipt(one):
    return (
        one.name,
        one.department_name,
        notices.STAGES[one.state],
        exports.at(one.opened_at),
        exports.at(one.confirmed_at),
    )
