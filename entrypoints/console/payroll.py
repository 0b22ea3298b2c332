"""Payslip batches for payroll: import, check, release by a second person, watch, recall; and people's questions."""

from entrypoints import exports
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download, Redirect
from kit import clock, workbook
from services import payroll
from services.people import Permission

bp = blueprint("payroll")

EDIT, READ = Permission.PAYROLL_BATCH_EDIT, Permission.PAYROLL_BATCH_READ
RELEASE, ANSWER = Permission.PAYROLL_BATCH_RELEASE, Permission.PAYROLL_DISPUTE_ANSWER
BATCH_HEADER = ("月份", "名称", "状态", "版本", "人数", "已发布", "导入时间")
RECEIPT_HEADER = ("工号", "姓名", "部门", "状态", "发布时间", "首次查看", "确认时间")
DISPUTE_HEADER = ("提出时间", "月份", "名称", "姓名", "项目", "状态")
WORDS = {"states": payroll.BATCH_TITLES, "purposes": payroll.PURPOSE_TITLES}


@bp.get("")
@endpoint(needs=READ, query=payroll.BatchesQuery, page="console/payroll/batches.html", writes=True)
def batches(actor, query):
    """The batches, filtered and sorted; or the whole list as a file."""
    if query.format:
        rows = map(_batch, payroll.batches.exported(actor, query))
        return exports.file("工资条批次", BATCH_HEADER, rows, query.format)
    return {"page": payroll.batches.listing(actor, query), "query": query, "may_edit": actor.may(EDIT), **WORDS}


@bp.get("/batches/new")
@endpoint(needs=EDIT, page="console/payroll/new.html")
def new(actor):
    """Where a workbook is uploaded."""
    return {"month": f"{clock.today():%Y-%m}"}


@bp.get("/template")
@endpoint(needs=EDIT, writes=True)
def template(actor):
    """The workbook to fill in, with everybody already in it."""
    return Download("工资条模板.xlsx", payroll.template(actor), workbook.MEDIA_TYPE)


@bp.post("/batches")
@endpoint(needs=EDIT, body=payroll.Prepare, uploads=True, step_up=True)
def prepare(actor, body):
    """A draft from a workbook, or every row that is wrong."""
    return _back(payroll.prepare(actor, body))


@bp.get("/batches/<string:batch_id>")
@endpoint(needs=READ, query=payroll.ReceiptsQuery, page="console/payroll/batch.html", writes=True)
def batch(actor, query, batch_id):
    """A batch with its progress and who has seen it; or the latter as a file."""
    if query.format:
        rows = map(_receipt, payroll.batches.exported_receipts(actor, batch_id, query))
        return exports.file("工资条查看情况", RECEIPT_HEADER, rows, query.format)
    found = payroll.batches.get(actor, batch_id)
    receipts = payroll.batches.receipts(actor, batch_id, query)
    return {"batch": found, "receipts": receipts, "query": query, **_may(actor, found), **WORDS}


@bp.get("/batches/<string:batch_id>/progress")
@endpoint(needs=READ, page="console/payroll/_progress.html")
def progress(actor, batch_id):
    """How far publishing has come; the page asks again while it goes on, and is shown anew when it ends."""
    found = payroll.batches.get(actor, batch_id)
    return _back(batch_id) if found.state == "published" else {"batch": found}


@bp.get("/batches/<string:batch_id>/figures")
@endpoint(needs=READ, query=payroll.FiguresQuery, page="console/payroll/figures.html", step_up=True, writes=True)
def figures(actor, query, batch_id):
    """Totals and differences, for a purpose and on record; or the workbook again."""
    if query.format:
        name, content = payroll.figures.exported(actor, batch_id, query)
        return Download(name, content, workbook.MEDIA_TYPE)
    found = payroll.figures.figures(actor, batch_id, query)
    return {"figures": found, "query": query, **_may(actor, found.batch), **WORDS}


@bp.post("/batches/<string:batch_id>/release")
@endpoint(needs=RELEASE, body=payroll.Release, step_up=True)
def release(actor, body, batch_id):
    """Lets the batch go out, by somebody who did not prepare it."""
    payroll.release(actor, batch_id, body)
    return _back(batch_id)


@bp.post("/batches/<string:batch_id>/discard")
@endpoint(needs=EDIT)
def discard(actor, batch_id):
    """Throws a draft away."""
    payroll.discard(actor, batch_id)
    return Redirect("/console/payroll")


@bp.post("/batches/<string:batch_id>/recall")
@endpoint(needs=RELEASE, step_up=True)
def recall(actor, batch_id):
    """Hides the batch again and tells those who had looked."""
    payroll.recall(actor, batch_id)
    return _back(batch_id)


@bp.get("/payslips/<string:payslip_id>")
@endpoint(needs=READ, page="console/payroll/purpose.html")
def ask_purpose(actor, payslip_id):
    """Why somebody's payslip is to be opened; nothing is shown yet."""
    payroll.figures.find(actor, payslip_id)
    return {"payslip_id": payslip_id, **WORDS}


@bp.get("/payslips/<string:payslip_id>/figures")
@endpoint(needs=READ, query=payroll.Inspect, page="console/payroll/payslip.html", step_up=True, writes=True)
def inspect(actor, query, payslip_id):
    """Somebody's payslip, for a purpose; its owner sees who looked."""
    return {"payslip": payroll.figures.inspect(actor, payslip_id, query), "purpose": query.purpose, **WORDS}


@bp.get("/disputes")
@endpoint(needs=ANSWER, query=payroll.DisputesQuery, page="console/payroll/disputes.html", writes=True)
def disputes(actor, query):
    """People's questions; or the list as a file. Never their words."""
    if query.format:
        rows = map(_dispute, payroll.disputes.exported(actor, query))
        return exports.file("工资条疑问", DISPUTE_HEADER, rows, query.format)
    return {"page": payroll.disputes.listing(actor, query), "query": query, "states": payroll.DISPUTE_TITLES}


@bp.get("/disputes/<string:dispute_id>")
@endpoint(needs=ANSWER, page="console/payroll/dispute.html", step_up=True, writes=True)
def dispute(actor, dispute_id):
    """A question with everything said; on record."""
    return payroll.disputes.thread(actor, dispute_id)


@bp.post("/disputes/<string:dispute_id>/answers")
@endpoint(needs=ANSWER, body=payroll.Reply, step_up=True)
def answer(actor, body, dispute_id):
    """Answers; the owner is told."""
    payroll.disputes.answer(actor, dispute_id, body)
    return Redirect(f"/console/payroll/disputes/{dispute_id}")


@bp.post("/disputes/<string:dispute_id>/close")
@endpoint(needs=ANSWER)
def close(actor, dispute_id):
    """Ends a question that was answered."""
    payroll.disputes.close(actor, dispute_id)
    return Redirect("/console/payroll/disputes")


def _may(actor, batch):
    is_draft = batch.state == "draft"
    return {
        "may_release": is_draft and actor.may(RELEASE) and batch.prepared_by != actor.person_id,
        "may_discard": is_draft and actor.may(EDIT),
        "may_recall": actor.may(RELEASE) and batch.state in ("released", "publishing", "published"),
    }


def _back(batch_id):
    return Redirect(f"/console/payroll/batches/{batch_id}")


def _batch(one):
    when = f"{one.month:%Y-%m}"
    return when, one.title, one.state_title, one.version, one.people, one.published, exports.at(one.created_at)


def _receipt(one):
    times = (exports.at(one.published_at), exports.at(one.opened_at), exports.at(one.confirmed_at))
    return one.employee_number, one.name, one.department_name, one.state_title, *times


def _dispute(one):
    return exports.at(one.created_at), f"{one.month:%Y-%m}", one.title, one.person_name, one.item, one.state_title
