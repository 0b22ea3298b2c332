"""Chains as BPMN 2.0 and back: the part of the standard that says exactly what a chain can say.

The subset: one process with one startEvent and one endEvent; userTask (approve), sendTask (copy), businessRuleTask
(auto); an exclusiveGateway pair around what a condition guards, with one conditional flow and one default; a
parallelGateway pair around branches; sequenceFlow with conditionExpression; settings of ours in extensionElements;
a drawing, which is computed anew. Anything else is refused by its name and id, for reading past it would lose it.

What the drawing says is right: names, order, branches and conditions may be changed in any editor. The settings hold
the rest, as JSON, so that a chain that is exported and imported is the same chain.
"""

from services.approvals.bpmn.drawing import draw
from services.approvals.bpmn.folding import Imported, fold
from services.approvals.bpmn.layout import lay_out
from services.approvals.bpmn.reading import LARGEST, read
from services.approvals.bpmn.writing import write
from services.approvals.rules.chains import Chain

__all__ = ["LARGEST", "Imported", "export_chain", "import_chain"]


def export_chain(chain: Chain, title: str) -> bytes:
    """The chain as a BPMN 2.0 file that draws itself."""
    diagram = draw(chain, title)
    return write(diagram, lay_out(diagram))


def import_chain(content: bytes) -> Imported:
    """What a BPMN 2.0 file says as a chain, perhaps unfinished; `Invalid` names what lies outside the subset."""
    return fold(read(content))
