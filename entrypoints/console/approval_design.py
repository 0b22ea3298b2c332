"""HR designs chains: the canvas, its checks, trials on real requests, comparisons, BPMN out and in."""

from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download
from models.enums import FactKind
from services import approvals
from services.people import Permission

bp = blueprint("approval_design", "/approvals")

designing = approvals.designing
EDIT, READ = Permission.APPROVALS_FLOW_EDIT, Permission.APPROVALS_INSTANCE_READ
BPMN = "application/bpmn+xml"


@bp.get("/flows/<string:subject>/design")
@endpoint(needs=EDIT, query=designing.DesignQuery, page="console/approvals/design.html")
def design(actor, query, subject):
    """The canvas with a version or a ready-made chain to begin with."""
    found = designing.design(subject, query)
    people = [(one.name, one.title) for one in found.fields if one.kind == FactKind.PERSON]
    return {
        "design": found,
        "words": designing.words(),
        "fields": {one.name: {"title": one.title, "kind": one.kind} for one in found.fields},
        "people_fields": people or [("", "没有人员字段")],
        "field_options": [(one.name, one.title) for one in found.fields] or [("", "没有字段")],
    }


@bp.post("/flows/<string:subject>/check")
@endpoint(needs=EDIT, body=designing.Draft, returns=list[designing.Finding])
def check(actor, body, subject):
    """What keeps a draft from being saved, node by node."""
    return designing.findings(subject, body.definition)


@bp.post("/flows/<string:subject>/replay")
@endpoint(needs=EDIT, body=designing.Draft, page="console/approvals/_replay.html", per_minute=20)
def replay(actor, body, subject):
    """What a draft would have meant for the requests of the last days."""
    actor.require(READ)
    return designing.replay(actor, subject, body.definition)


@bp.post("/flows/<string:subject>/bpmn")
@endpoint(needs=EDIT, body=designing.Draft)
def export(actor, body, subject):
    """A draft as a BPMN 2.0 file."""
    return Download(f"{subject}.bpmn", designing.export_bpmn(subject, body.definition), BPMN)


@bp.post("/flows/<string:subject>/import")
@endpoint(needs=EDIT, body=designing.BringFile, uploads=True, returns=designing.ImportedOut)
def bring(actor, body, subject):
    """A BPMN 2.0 file as a draft of the subject's chain; nothing is saved."""
    return designing.import_bpmn(subject, body.bpmn.content)


@bp.get("/flows/<string:subject>/compare")
@endpoint(needs=EDIT, query=designing.CompareQuery, page="console/approvals/compare.html")
def compare(actor, query, subject):
    """Two versions, difference by difference."""
    return designing.compare(subject, query.first, query.second)


@bp.get("/flows/colleague")
@endpoint(needs=EDIT, query=designing.ColleagueQuery, returns=designing.PersonOut)
def colleague(actor, query):
    """Somebody a chain may name."""
    return designing.colleague(query.who)
