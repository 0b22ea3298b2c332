"""`/h5/jssdk`: the signature WeCom's JavaScript wants before a page may ask for position or camera (page 90506)."""

from urllib.parse import urlsplit

from flask import current_app
from pydantic import Field

from entrypoints import auth
from entrypoints.http import OWN, blueprint, endpoint
from kit.errors import Invalid
from kit.schema import View, Wish

bp = blueprint("jssdk")


class JsSdkQuery(Wish):
    """The page's full address as its browser sees it."""

    url: str = Field(min_length=1, max_length=2000)


class JsSdkOut(View):
    """What `ww.register` hands to the client."""

    corp_id: str
    agent_id: int
    timestamp: int
    nonce: str
    signature: str


@bp.get("")
@endpoint(needs=OWN, query=JsSdkQuery, returns=JsSdkOut, outside=True, per_minute=30)
def config(actor, query):
    """Signs the address of one of our own mobile pages, and of nobody else's."""
    parts = urlsplit(query.url)
    if f"{parts.scheme}://{parts.netloc}" != auth.own_origin() or not parts.path.startswith("/h5"):
        raise Invalid("只能为本站页面签名")
    return JsSdkOut.model_validate(current_app.extensions["wecom"].jsapi.config(query.url))
