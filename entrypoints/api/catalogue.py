"""The catalogue for the mini-program."""

from entrypoints.http import OWN, blueprint, endpoint
from services import catalogue

bp = blueprint("catalogue")


@bp.get("")
@endpoint(needs=OWN, query=catalogue.CatalogueQuery, returns=list[catalogue.Group])
def listing(actor, query):
    """Everything I may ask for, in groups."""
    return catalogue.catalogue(actor, query)
