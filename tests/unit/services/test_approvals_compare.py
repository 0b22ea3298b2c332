"""How two chains differ: every kind of difference is told once, and nothing where there is none."""

from hypothesis import given

from services.approvals.design import rules as rules_compare
from services.approvals.design.rules import Told
from services.approvals.rules import Chain
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
