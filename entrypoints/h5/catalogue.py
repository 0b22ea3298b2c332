"""The catalogue on the phone: what I can ask for, and what I have begun."""

from entrypoints.h5 import subjects
from entrypoints.http import OWN, blueprint, endpoint
from services import catalogue, forms

bp = blueprint("catalogue")


@bp.get("")
@endpoint(needs=OWN, query=catalogue.CatalogueQuery, page="h5/catalogue/list.html")
def listing(actor, query):
    """Everything I may ask for, and my drafts."""
    drafts = [] if query.q else forms.drafts(actor)
    return {"groups": catalogue.catalogue(actor, query), "drafts": drafts, "new": subjects.new}
