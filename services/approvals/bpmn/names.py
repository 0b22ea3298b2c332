"""The namespaces of a BPMN file, and the name of our own settings in it."""

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DRAWING = "http://www.omg.org/spec/BPMN/20100524/DI"
CORNERS = "http://www.omg.org/spec/DD/20100524/DC"
LINES = "http://www.omg.org/spec/DD/20100524/DI"
SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
OURS = "urn:wecom-hr:approvals:1"
PREFIXES = {"bpmn": BPMN, "bpmndi": DRAWING, "dc": CORNERS, "di": LINES, "xsi": SCHEMA, "hr": OURS}


def bpmn(name: str) -> str:
    """The element of BPMN as the parser calls it."""
    return f"{{{BPMN}}}{name}"


def local(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


SETTINGS = f"{{{OURS}}}settings"
"""JSON of ours inside `extensionElements`."""
