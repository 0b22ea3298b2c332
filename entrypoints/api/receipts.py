"""What the world needs to check a receipt without us: the public keys, and the roots of the days."""

from entrypoints.http import PUBLIC, blueprint, endpoint
from services import platform

bp = blueprint("receipts")


@bp.get("/keys")
@endpoint(needs=PUBLIC, returns=list[platform.receipts.KeyOut])
def keys():
    """The public keys that sign receipts, and those that did."""
    return platform.receipts.keys()


@bp.get("/roots")
@endpoint(needs=PUBLIC, query=platform.receipts.RootsQuery, returns=list[platform.receipts.RootOut])
def roots(query):
    """The Merkle roots of the days, the newest first; `before` goes further back."""
    return platform.receipts.roots(query.before)
