"""Two versions of a chain, compared in words."""

from collections.abc import Mapping

from kit.errors import NotFound
from models.enums import FactKind
from services import people
from services.approvals import flows
from services.approvals.design import rules as rules_compare
from services.approvals.design import vocabulary, wording
from services.approvals.design.rules import Change, Told
from services.approvals.design.schemas import ChangeOut, ComparisonOut, FlowOut, NodeOut, VersionOut
from services.approvals.rules.chains import Chain, Node
from services.approvals.rules.conditions import Fact


class Fields(dict[str, Fact]):
    """The fields of a subject; one that an older version looked at and that is gone is called by its name."""

    def __missing__(self, name: str) -> Fact:
        return Fact(name, FactKind.TEXT)


def fields_of(subject: str) -> Fields:
    """The fields that versions of the subject's chain look at, those that are gone included."""
    return Fields(flows.subject_of(subject).looked_at)


def compare(subject: str, first: int, second: int) -> ComparisonOut:
    """How the chain changed from one version to the other; `NotFound` for a version there is not."""
    flow = flows.flow(subject)
    sides = [version_of(flow, number) for number in (first, second)]
    old, new = (Chain.model_validate_json(side.definition) for side in sides)
    changes = changes_between(old, new, fields_of(subject))
    shown = [ChangeOut(about=one.about, words=one.words, tone=one.tone) for one in changes]
    return ComparisonOut(flow=flow, first=sides[0], second=sides[1], changes=shown)


def version_of(flow: FlowOut, number: int) -> VersionOut:
    """The version with this number."""
    found = next((one for one in flow.versions if one.version == number), None)
    if found is None:
        raise NotFound()
    return found


def changes_between(old: Chain, new: Chain, fields: Mapping[str, Fact]) -> list[Change]:
    """Every difference, the nodes first."""
    nodes = rules_compare.differences(told(old, fields), told(new, fields))
    return [*nodes, *rules_compare.settings(old, new, people.ROLE_TITLES)]


def told(chain: Chain, fields: Mapping[str, Fact]) -> list[Told]:
    """Every node with its words, in order."""
    shown = wording.nodes(chain, fields)
    keys = rules_compare.keyed([one.name for one in shown])
    return [
        Told(key, node, _words(one) | _more(node)) for key, node, one in zip(keys, chain.walk(), shown, strict=True)
    ]


def _words(one: NodeOut) -> dict[str, str]:
    return {
        "类型": vocabulary.NODES[one.kind],
        "人员": one.asks,
        "方式": one.way,
        "条件": one.when,
        "时限": one.limit,
    }


def _more(node: Node) -> dict[str, str]:
    return {
        "空缺时": vocabulary.VACANCIES[node.vacant] if node.vacant else "",
        "休假时": vocabulary.ABSENCES[node.absent] if node.absent else "",
        "理由": node.reason,
    }
