"""Approving on the phone: my to-do list, one request, my own requests, my delegations."""

import json

from pydantic import Field

from entrypoints.h5 import subjects
from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.results import Download, Redirect
from kit.schema import Paragraph, Version, Wish
from models.enums import Decision
from services import approvals, forms, leave

bp = blueprint("approvals")


class ChosenRows(Wish):
    """The rows of a form's table that are agreed to, the version that was read, and what the approver says."""

    rows: tuple[int, ...] = Field((), max_length=600)
    seen: Version
    comment: Paragraph = ""


@bp.get("")
@endpoint(needs=OWN, query=approvals.TaskQuery, page="h5/approvals/tasks.html")
def tasks(actor, query):
    """Requests that wait for me, and how many they are."""
    found = {"page": approvals.my_tasks(actor, query), "waiting": approvals.count_waiting(actor)}
    return {**found, "subjects": approvals.titles()}


@bp.get("/mine")
@endpoint(needs=OWN, query=approvals.MineQuery, page="h5/approvals/mine.html")
def mine(actor, query):
    """What I asked for."""
    return {"page": approvals.mine(actor, query), "subjects": approvals.titles()}


@bp.get("/delegations")
@endpoint(needs=OWN, page="h5/approvals/delegations.html")
def delegations(actor):
    """Who decides for me, and for whom I decide."""
    return {"delegations": approvals.my_delegations(actor), "subjects": approvals.titles()}


@bp.post("/delegations")
@endpoint(needs=OWN, body=approvals.Delegate)
def delegate(actor, body):
    """Let a colleague decide for me."""
    approvals.delegate(actor, body)
    return Redirect("/h5/approvals/delegations")


@bp.post("/delegations/<string:delegation_id>/revoke")
@endpoint(needs=OWN)
def revoke(actor, delegation_id):
    """End a delegation of mine."""
    approvals.revoke(actor, delegation_id)
    return Redirect("/h5/approvals/delegations")


@bp.get("/<string:instance_id>")
@endpoint(needs=OWN, page="h5/approvals/request.html")
def request(actor, instance_id):
    """One request with what I may do about it."""
    return _shown(actor, approvals.detail(actor, instance_id))


@bp.get("/<string:instance_id>/receipt")
@endpoint(needs=OWN, writes=True)
def receipt(actor, instance_id):
    """The signed receipt of a request of mine that has ended, as a file to keep."""
    made = approvals.receipt(actor, instance_id)
    return Download(f"回执-{instance_id}.json", made.model_dump_json(indent=2).encode(), "application/json")


@bp.get("/<string:subject>/<string:subject_id>")
@endpoint(needs=OWN, page="h5/approvals/request.html")
def about(actor, subject, subject_id):
    """The request about one thing, as cards link to it."""
    return _shown(actor, approvals.detail_of(actor, subject, subject_id))


def _shown(actor, found):
    has_proof = found.subject == leave.LEAVE and leave.may_open_proof(actor, found.subject_id)
    is_form = subjects.code_of(found.subject) is not None
    return {
        **dict(found),
        "pickable": [(json.dumps(one.part), one.title) for one in found.parts],
        "earlier": [(one.id, one.name) for one in found.may_return_to],
        "precedents": approvals.precedents(actor, found.my_task_id) if found.my_task_id else None,
        "proof": f"/h5/leave/requests/{found.subject_id}/proof" if has_proof else "",
        "form": forms.request_detail(actor, found.subject_id) if is_form else None,
        "page": subjects.page(found.subject, found.subject_id) if found.may_urge or is_form else "",
    }


@bp.post("/tasks/<string:task_id>/decision")
@endpoint(needs=OWN, body=approvals.Decide)
def decide(actor, body, task_id):
    """Approve or refuse, then see what waits next."""
    approvals.decide(actor, task_id, body)
    return Redirect("/h5/approvals")


@bp.post("/tasks/<string:task_id>/rows")
@endpoint(needs=OWN, body=ChosenRows)
def agree_to_rows(actor, body, task_id):
    """Agree to some rows of a form, then see what waits next."""
    part = {"rows": list(body.rows)}
    agreed = approvals.Decide(decision=Decision.APPROVE, comment=body.comment, seen=body.seen, part=part)
    approvals.decide(actor, task_id, agreed)
    return Redirect("/h5/approvals")


@bp.post("/tasks/<string:task_id>/transfer")
@endpoint(needs=OWN, body=approvals.Transfer)
def transfer(actor, body, task_id):
    """Give my task to a colleague."""
    approvals.transfer(actor, task_id, body)
    return Redirect("/h5/approvals")


@bp.post("/tasks/decisions")
@endpoint(needs=OWN, body=approvals.DecideMany, page="h5/approvals/decided.html")
def decide_many(actor, body):
    """Decide several tasks at once, and see what became of each."""
    titles = {one.id: one.title for one in approvals.my_tasks(actor, approvals.TaskQuery(limit=100)).items}
    return [{**dict(one), "title": titles.get(one.task_id, "")} for one in approvals.decide_many(actor, body)]


@bp.post("/tasks/<string:task_id>/return")
@endpoint(needs=OWN, body=approvals.SendBack)
def send_back(actor, body, task_id):
    """Send the request back to its applicant, or to an earlier step."""
    approvals.send_back(actor, task_id, body)
    return Redirect("/h5/approvals")


@bp.post("/tasks/<string:task_id>/signers")
@endpoint(needs=OWN, body=approvals.AddSigner)
def add_signer(actor, body, task_id):
    """Ask a colleague to decide as well."""
    approvals.add_signer(actor, task_id, body)
    return Redirect("/h5/approvals")


@bp.post("/tasks/<string:task_id>/question")
@endpoint(needs=OWN, body=approvals.Question)
def ask(actor, body, task_id):
    """Ask the applicant something."""
    approvals.ask(actor, task_id, body)
    return Redirect("/h5/approvals")


@bp.post("/<string:instance_id>/comments")
@endpoint(needs=OWN, body=approvals.Remark, uploads=True)
def comment(actor, body, instance_id):
    """Say something about a request."""
    approvals.comment(actor, instance_id, body)
    return Redirect(f"/h5/approvals/{instance_id}")


@bp.post("/<string:instance_id>/answer")
@endpoint(needs=OWN, body=approvals.Remark, uploads=True)
def answer(actor, body, instance_id):
    """Answer what an approver asked me."""
    approvals.answer(actor, instance_id, body)
    return Redirect(f"/h5/approvals/{instance_id}")


@bp.post("/<string:instance_id>/resubmit")
@endpoint(needs=OWN, body=approvals.SendAgain)
def send_again(actor, body, instance_id):
    """Submit again what was sent back to me."""
    approvals.send_again(actor, instance_id, body)
    return Redirect(f"/h5/approvals/{instance_id}")


@bp.get("/<string:instance_id>/papers/<string:file_id>")
@endpoint(needs=OWN)
def paper(actor, instance_id, file_id):
    """A paper out of the history of a request."""
    file = approvals.paper(actor, instance_id, file_id)
    return Download(file.name, file.content, file.media_type)


@bp.post("/<string:instance_id>/urge")
@endpoint(needs=OWN)
def urge(actor, instance_id):
    """Ask those who are asked to hurry."""
    approvals.urge(actor, instance_id)
    return Redirect(f"/h5/approvals/{instance_id}")
