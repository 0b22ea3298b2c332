"""What people read in WeCom: TOML with Jinja in its sentences, rendered and checked before it is promised."""

from templates_msg.catalog import Message, render, title
from templates_msg.layout import UNSET
from templates_msg.wire import Wire

__all__ = ["UNSET", "Message", "Wire", "render", "title"]
