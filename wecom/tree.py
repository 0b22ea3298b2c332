"""XML as WeCom uses it: read into plain values without entities or DTDs, written with every text in CDATA."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

Tree = dict[str, Any]
"""Element name → text, a nested tree, or a list of those where the element is repeated."""

DEEPEST = 12
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(content: bytes) -> Tree:
    """The children of the root `<xml>`; anything that is not plain XML is a ValueError."""
    try:
        root = fromstring(content.decode(), forbid_dtd=True)
    except (ParseError, LookupError) as error:
        raise ValueError("not XML") from error
    if root.tag != "xml":
        raise ValueError("not WeCom's XML")
    value = _value(root, DEEPEST)
    return value if isinstance(value, dict) else {}


def _value(element: Element, depth: int) -> str | Tree:
    if element.attrib or depth == 0:
        raise ValueError("attributes or too deep nesting")
    if not len(element):
        return element.text or ""
    if any(stray and not stray.isspace() for stray in (element.text, *(child.tail for child in element))):
        raise ValueError("text between elements")
    tree: Tree = {}
    for child in element:
        _add(tree, child.tag, _value(child, depth - 1))
    return tree


def _add(tree: Tree, name: str, value: str | Tree) -> None:
    if name not in tree:
        tree[name] = value
    elif isinstance(tree[name], list):
        tree[name].append(value)
    else:
        tree[name] = [tree[name], value]


def find(tree: Tree, *names: str) -> Any:
    """The value under the first of these names, compared without case; None when there is none."""
    for name in names:
        if name in tree:
            return tree[name]
    folded = {name.lower(): value for name, value in tree.items()}
    return next((folded[name.lower()] for name in names if name.lower() in folded), None)


def text(tree: Tree, *names: str) -> str:
    """The trimmed text under one of these names (the first, when repeated); empty when there is none."""
    value = find(tree, *names)
    first = value[0] if isinstance(value, list) else value
    return first.strip() if isinstance(first, str) else ""


def branch(tree: Tree, *names: str) -> Tree:
    """The tree under one of these names (the first, when repeated); empty when there is none."""
    trees = branches(tree, *names)
    return trees[0] if trees else {}


def branches(tree: Tree, *names: str) -> list[Tree]:
    """All trees under one of these names, whether the element came once or several times."""
    return [value for value in _as_list(find(tree, *names)) if isinstance(value, dict)]


def texts(tree: Tree, *names: str) -> tuple[str, ...]:
    """All non-empty texts under one of these names."""
    values = (value.strip() for value in _as_list(find(tree, *names)) if isinstance(value, str))
    return tuple(value for value in values if value)


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def render(tree: Mapping[str, Any]) -> str:
    """The document `<xml>…</xml>` of a tree: text in CDATA, numbers bare, lists as repeated elements."""
    return f"<xml>{_inside(tree)}</xml>"


def _inside(tree: Mapping[str, Any]) -> str:
    return "".join(f"<{name}>{_written(value)}</{name}>" for name, values in tree.items() for value in _as_list(values))


def _written(value: Any) -> str:
    if isinstance(value, Mapping):
        return _inside(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else _cdata(str(value))


def _cdata(value: str) -> str:
    return "<![CDATA[" + NOT_IN_XML.sub("", value).replace("]]>", "]]]]><![CDATA[>") + "]]>"
