"""My to-do list, my requests and my delegations, for the mini-program."""

from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.results import Download
from kit.pages import Page
from services import approvals, platform

bp = blueprint("approvals")


@bp.get("/tasks")
@endpoint(needs=OWN, query=approvals.TaskQuery, returns=Page[approvals.TaskOut])
def tasks(actor, query):
    """Requests that wait for me, the oldest first."""
    return approvals.my_tasks(actor, query)


@bp.get("/tasks/count")
@endpoint(needs=OWN, returns=approvals.Count)
def count(actor):
    """How many requests wait for me."""
    return approvals.Count(waiting=approvals.count_waiting(actor))


@bp.get("/tasks/<string:task_id>/precedents")
@endpoint(needs=OWN, returns=approvals.Precedents)
def precedents(actor, task_id):
    """How similar requests were decided at this node lately; nobody is named."""
    return approvals.precedents(actor, task_id)


@bp.post("/tasks/<string:task_id>/decision")
@endpoint(needs=OWN, body=approvals.Decide, returns=approvals.DecisionOut)
def decide(actor, body, task_id):
    """Approve or refuse; refusing needs a reason."""
    return approvals.decide(actor, task_id, body)


@bp.post("/tasks/<string:task_id>/transfer")
@endpoint(needs=OWN, body=approvals.Transfer, status=204)
def transfer(actor, body, task_id):
    """Give my task to a colleague."""
    approvals.transfer(actor, task_id, body)


@bp.post("/tasks/decisions")
@endpoint(needs=OWN, body=approvals.DecideMany, returns=list[approvals.OneDecided])
def decide_many(actor, body):
    """Decide several tasks at once; each as if alone."""
    return approvals.decide_many(actor, body)


@bp.post("/tasks/<string:task_id>/return")
@endpoint(needs=OWN, body=approvals.SendBack, status=204)
def send_back(actor, body, task_id):
    """Send the request back to its applicant, or to an earlier step."""
    approvals.send_back(actor, task_id, body)


@bp.post("/tasks/<string:task_id>/signers")
@endpoint(needs=OWN, body=approvals.AddSigner, status=204)
def add_signer(actor, body, task_id):
    """Ask a colleague to decide as well."""
    approvals.add_signer(actor, task_id, body)


@bp.post("/tasks/<string:task_id>/question")
@endpoint(needs=OWN, body=approvals.Question, status=204)
def ask(actor, body, task_id):
    """Ask the applicant something; until the answer the clocks stand still."""
    approvals.ask(actor, task_id, body)


@bp.get("/mine")
@endpoint(needs=OWN, query=approvals.MineQuery, returns=Page[approvals.InstanceOut])
def mine(actor, query):
    """What I asked for, the newest first."""
    return approvals.mine(actor, query)


@bp.get("/instances/<string:instance_id>")
@endpoint(needs=OWN, returns=approvals.InstanceDetail)
def detail(actor, instance_id):
    """One request with its steps and history."""
    return approvals.detail(actor, instance_id)


@bp.get("/instances/<string:instance_id>/receipt")
@endpoint(needs=OWN, returns=platform.receipts.ReceiptOut, writes=True)
def receipt(actor, instance_id):
    """The signed receipt of a request of mine that has ended; anybody can check it without this system."""
    return approvals.receipt(actor, instance_id)


@bp.post("/instances/<string:instance_id>/urge")
@endpoint(needs=OWN, status=204)
def urge(actor, instance_id):
    """Ask those who are asked to hurry."""
    approvals.urge(actor, instance_id)


@bp.post("/instances/<string:instance_id>/comments")
@endpoint(needs=OWN, body=approvals.Remark, status=204, uploads=True)
def comment(actor, body, instance_id):
    """Say something about a request, with a paper where that helps."""
    approvals.comment(actor, instance_id, body)


@bp.post("/instances/<string:instance_id>/answer")
@endpoint(needs=OWN, body=approvals.Remark, status=204, uploads=True)
def answer(actor, body, instance_id):
    """Answer what an approver asked me."""
    approvals.answer(actor, instance_id, body)


@bp.post("/instances/<string:instance_id>/resubmit")
@endpoint(needs=OWN, body=approvals.SendAgain, status=204)
def send_again(actor, body, instance_id):
    """Submit again what was sent back to me, with an explanation."""
    approvals.send_again(actor, instance_id, body)


@bp.get("/instances/<string:instance_id>/papers/<string:file_id>")
@endpoint(needs=OWN)
def paper(actor, instance_id, file_id):
    """A paper out of the history of a request."""
    file = approvals.paper(actor, instance_id, file_id)
    return Download(file.name, file.content, file.media_type)


@bp.get("/delegations")
@endpoint(needs=OWN, returns=list[approvals.DelegationOut])
def delegations(actor):
    """Who decides for me, and for whom I decide."""
    return approvals.my_delegations(actor)


@bp.post("/delegations")
@endpoint(needs=OWN, body=approvals.Delegate, returns=approvals.DelegationOut, status=201)
def delegate(actor, body):
    """Let a colleague decide for me on some days."""
    return approvals.delegate(actor, body)


@bp.delete("/delegations/<string:delegation_id>")
@endpoint(needs=OWN, status=204)
def revoke(actor, delegation_id):
    """End a delegation of mine at once."""
    approvals.revoke(actor, delegation_id)
