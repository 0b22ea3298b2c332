"""How two chains differ: every kind of difference is told once, and nothing where there is none."""

from hypothesis import given

from services.approvals.design import rules as rules_compare
from services.approvals.design.rules import Asks, Told
from services.approvals.rules.chains import Chain
from tests.factories.chains import chains

SUPERIOR = [{"kind": "superior"}]


def _told(*names: str, **words: str) -> list[Told]:
    nodes = Chain.model_validate({"nodes": [{"name": name, "approvers": SUPERIOR} for name in names]}).nodes
    return [Told(node.name, node, {"人员": words.get(node.name, "直接上级")}) for node in nodes]


def _words(old: list[Told], new: list[Told]) -> list[tuple[str, str]]:
    return [(one.about, one.words) for one in rules_compare.differences(old, new)]


def _plain(chain: Chain) -> list[Told]:
    keys = rules_compare.keyed([node.name for node in chain.walk()])
    return [Told(key, node, {}) for key, node in zip(keys, chain.walk(), strict=True)]


@given(chains())
def test_a_chain_does_not_differ_from_itself(chain: Chain) -> None:
    assert rules_compare.differences(_plain(chain), _plain(chain)) == []


@given(chains(), chains())
def test_what_is_told_in_one_direction_is_told_in_the_other(one: Chain, other: Chain) -> None:
    there, back = (
        rules_compare.differences(*pair) for pair in ((_plain(one), _plain(other)), (_plain(other), _plain(one)))
    )
    tones = [[change.tone for change in changes] for changes in (there, back)]
    assert tones[0].count("good") == tones[1].count("bad")


def test_a_node_that_came_or_went() -> None:
    assert _words(_told("甲"), _told("甲", "乙", 乙="角色“人事”")) == [("乙", "新增了这个环节：人员 角色“人事”")]


def test_a_renamed_node_is_not_one_that_went_and_one_that_came() -> None:
    assert _words(_told("甲", "乙"), _told("甲", "丙")) == [("乙", "改为“丙”")]


def test_only_the_node_that_moved_is_told() -> None:
    assert _words(_told("甲", "乙", "丙"), _told("丙", "甲", "乙")) == [("丙", "移到最前面")]
    assert _words(_told("甲", "乙", "丙"), _told("乙", "丙", "甲")) == [("甲", "移到“丙”之后")]


def test_a_part_that_changed_is_told_from_and_to() -> None:
    assert _words(_told("甲"), _told("甲", 甲="")) == [("甲", "人员：直接上级 → 无")]


def test_names_that_come_again_are_counted() -> None:
    assert rules_compare.keyed(["甲", "乙", "甲"]) == ["甲", "乙", "甲（第 2 个）"]


PAIR = [{"kind": "superior"}, {"kind": "role", "role": "hr"}]


def _node(words: str, approvers: list[dict[str, object]], **more: object) -> list[Told]:
    (node,) = Chain.model_validate({"nodes": [{"name": "甲", "approvers": approvers, **more}]}).nodes
    return [Told("甲", node, {"人员": words})]


def test_the_order_of_approvers_is_a_change_only_in_turn() -> None:
    there, back = ("直接上级、角色“人事”", PAIR), ("角色“人事”、直接上级", PAIR[::-1])
    assert _words(_node(*there), _node(*back)) == []
    assert _words(_node(*there, mode="in_turn"), _node(*back, mode="in_turn")) == [
        ("甲", "人员：直接上级、角色“人事” → 角色“人事”、直接上级")
    ]


def test_another_person_of_the_same_name_is_a_change() -> None:
    one, other = ([{"kind": "person", "person_id": f"{number:026}"}] for number in (1, 2))
    assert _words(_node("张伟", one), _node("张伟", other)) == [("甲", "人员：换了人，姓名相同：张伟")]


def test_steps_are_the_same_by_whom_they_ask_and_how_they_are_passed() -> None:
    def asks(approvers: list[dict[str, object]], **more: object) -> Asks:
        return Asks.of(_node("", approvers, **more)[0].node)

    assert asks(PAIR) == asks(PAIR[::-1]) == asks(PAIR, sla={"remind_after": 4})
    assert asks(PAIR) != asks(PAIR, mode="countersign")
    assert asks(PAIR, mode="in_turn") != asks(PAIR[::-1], mode="in_turn")
    assert asks(PAIR, mode="n_of_m", needed=1) != asks(PAIR, mode="n_of_m", needed=2)
    assert asks(PAIR) != asks(PAIR[:1])
