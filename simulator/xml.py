"""The XML of callbacks and of passive replies: built with CDATA as the platform does, read without entities."""

from typing import Any
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

Fields = dict[str, Any]

_SPELLED = {
    "KeyName": "keyname", "UserId": "userid", "AppId": "appid", "Appid": "appid", "PagePath": "pagepath",
    "CheckBox": "checkbox",
}  # fmt: skip
_LISTS = {
    "horizontal_content_list", "jump_list", "vertical_content_list", "button_list", "select_list", "option_list",
    "action_list",
}  # fmt: skip
_NUMBERS = {"type", "style", "desc_color", "mode"}
_FLAGS = {"disable", "is_checked"}


class BadXml(Exception):
    """Not a document of the expected form."""


def build(fields: Fields, root: str = "xml") -> bytes:
    """A document: texts as CDATA, numbers bare, a list as repeated elements, a dict as a nested element."""
    return _element(root, fields).encode()


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, v) for v in value)
    if isinstance(value, dict):
        inner = "".join(_element(k, v) for k, v in value.items())
    elif isinstance(value, int | float):
        inner = str(value)
    elif "]]>" in str(value):
        inner = escape(str(value))
    else:
        inner = f"<![CDATA[{value}]]>"
    return f"<{name}>{inner}</{name}>"


def read(document: bytes) -> Fields:
    """The elements below the root; a repeated element becomes a list."""
    try:
        root = fromstring(document, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BadXml(f"不是有效的 XML：{error}") from None
    value = _value(root)
    if not isinstance(value, dict):
        raise BadXml("XML 中没有元素")
    return value


def _value(node: Any) -> Any:
    if len(node) == 0:
        return node.text or ""
    fields: Fields = {}
    for child in node:
        value = _value(child)
        if child.tag in fields:
            known = fields[child.tag]
            fields[child.tag] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            fields[child.tag] = value
    return fields


def card_of(fields: Fields) -> Fields:
    """A `TemplateCard` element in the JSON spelling of page 90236, with lists and types as there."""
    return {name: _typed(name, value) for name, value in ((_snake(k), v) for k, v in fields.items())}


def _typed(name: str, value: Any) -> Any:
    if name in _LISTS:
        return [card_of(v) if isinstance(v, dict) else v for v in (value if isinstance(value, list) else [value])]
    if isinstance(value, dict):
        return card_of(value)
    if name in _NUMBERS and str(value).isdigit():
        return int(value)
    if name in _FLAGS:
        return str(value).lower() in ("true", "1")
    if name == "aspect_ratio":
        return _ratio(value)
    return value


def _ratio(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def _snake(name: str) -> str:
    if name in _SPELLED:
        return _SPELLED[name]
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))
