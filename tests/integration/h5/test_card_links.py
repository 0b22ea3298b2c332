"""Every link on every card leads to a page that exists."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from templates_msg import Message, catalog, render, wire


def links(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name in wire.LINKS)
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else []:
        yield from links(part)


@pytest.mark.parametrize("name", catalog.names())
def test_a_link_leads_to_a_page(product: Flask, name: str) -> None:
    template, _ = catalog.load(name)
    routes = product.url_map.bind("hr.example.com", url_scheme="https")
    for link in links(render(Message(name, template.sample))):
        assert routes.match(link.partition("?")[0], "GET")
