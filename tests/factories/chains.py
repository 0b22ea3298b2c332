"""Random chains for property tests: everything a chain may say, in any valid combination."""

from typing import Any

from hypothesis import strategies as st

from models.enums import ApproverKind, Comparison, Decision, FactKind, NodeKind, Repeat, Role, SignMode, Vacancy
from services.approvals import bpmn
from services.approvals.rules.chains import Chain
from services.approvals.rules.conditions import NUMBERS, TEXTS, Fact

FIELDS = {
    "days": Fact("天数", FactKind.NUMBER),
    "kind": Fact("种类", FactKind.TEXT),
    "buddy": Fact("交接人", FactKind.PERSON),
    "is_urgent": Fact("加急", FactKind.YES_NO),
}
PERSON_ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
EXPRESSIONS = (
    "days > 3",
    'kind in ("a", "<b>")',
    "(is_urgent\n and days >= 2)",
    "not (days == 1)",
    'kind == "]]>\x0b"',
)

words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=6)
numbers = st.integers(-9, 99).map(str)


def drawn_chain() -> bytes:
    """A small chain as a BPMN file."""
    chain = {"nodes": [{"name": "上级", "approvers": [{"kind": "superior"}]}]}
    return bpmn.export_chain(Chain.model_validate(chain), "出差")


def _one_of(**kinds: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(dict(kinds))


approvers = st.one_of(
    _one_of(kind=st.sampled_from([ApproverKind.SUPERIOR, ApproverKind.DEPARTMENT_HEAD]), level=st.integers(1, 10)),
    _one_of(kind=st.just(ApproverKind.ROLE), role=st.sampled_from(Role)),
    _one_of(kind=st.just(ApproverKind.PERSON), person_id=st.just(PERSON_ID)),
    _one_of(kind=st.just(ApproverKind.FIELD), field=st.just("buddy")),
)
choices = st.fixed_dictionaries(
    {"kind": st.just(ApproverKind.CHOICE), "most": st.integers(1, 10)},
    optional={"role": st.sampled_from(Role)},
) | st.just({"kind": ApproverKind.CHOICE, "people": [PERSON_ID]})
comparisons = st.one_of(
    _one_of(field=st.just("days"), op=st.sampled_from(sorted(NUMBERS)), value=numbers),
    _one_of(field=st.just("kind"), op=st.sampled_from(sorted(TEXTS - {Comparison.ONE_OF})), value=words | numbers),
    _one_of(field=st.just("kind"), op=st.just(Comparison.ONE_OF), value=st.lists(words, max_size=3)),
)
conditional = st.fixed_dictionaries(
    {},
    optional={
        "when": st.lists(st.lists(comparisons, min_size=1, max_size=2), min_size=1, max_size=2),
        "condition": st.sampled_from(EXPRESSIONS),
    },
)
slas = st.builds(
    lambda hours, act, to: {"remind_after": hours, "escalate_after": hours + 4, "escalate_to": to} | act,
    st.integers(1, 40),
    st.sampled_from([{}, *({"act_after": 100, "act": act} for act in Decision)]),
    st.none() | st.sampled_from(Role),
)


@st.composite
def steps(draw: st.DrawFn) -> dict[str, Any]:
    """A node that asks people, in any of the sign modes."""
    mode = draw(st.sampled_from(SignMode))
    asked = draw(st.lists(approvers, min_size=1, max_size=3))
    if mode is SignMode.WEIGHTED:
        asked = [{**one, "weight": draw(st.integers(1, 9))} for one in asked]
    rest = {"needed": draw(st.integers(1, 5))} if mode in (SignMode.N_OF_M, SignMode.WEIGHTED) else {}
    optional = st.fixed_dictionaries({}, optional={"sla": slas, "vacant": st.sampled_from(Vacancy)})
    return {"name": draw(words), "approvers": asked, "mode": mode, **rest, **draw(optional)}


copies = _one_of(name=words, kind=st.just(NodeKind.COPY), approvers=st.lists(approvers, min_size=1, max_size=2))
autos = _one_of(name=words, kind=st.just(NodeKind.AUTO), test=st.sampled_from(EXPRESSIONS), reason=words)
simple = st.builds(lambda node, when: {**node, **when}, steps() | copies | autos, conditional)
parallels = st.builds(
    lambda branches, name, when: {"name": name, "kind": NodeKind.PARALLEL, "branches": branches, **when},
    st.lists(st.lists(simple, min_size=1, max_size=3), min_size=2, max_size=3),
    words,
    conditional,
)
policies = st.fixed_dictionaries(
    {},
    optional={
        "vacant": st.sampled_from(Vacancy),
        "repeated": st.sampled_from(Repeat),
        "keeps_approvals": st.booleans(),
    },
)


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """A valid chain: some nodes, one that always asks somebody, perhaps one whose approvers the applicant chooses."""
    nodes = draw(st.lists(simple | parallels, max_size=4))
    nodes.insert(draw(st.integers(0, len(nodes))), draw(steps()))
    nodes += draw(st.lists(st.builds(lambda one: {"name": "自选", "approvers": [one]}, choices), max_size=1))
    rest = {"fallback": draw(st.sampled_from(Role)), "policies": draw(policies)}
    return Chain.model_validate({"nodes": nodes, **rest})
