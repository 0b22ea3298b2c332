"""How two chains differ, in words: what was added, removed, moved and changed. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from models.enums import NodeKind, Role, SignMode
from services.approvals.design import vocabulary
from services.approvals.rules.chains import Approver, Chain, Node

GOOD, BAD, NEUTRAL = "good", "bad", "mute"
NOTHING = "无"
WHOM = "人员"


@dataclass(frozen=True)
class Told:
    """A node of a chain with its words, by the titles of its parts. `key` tells it from the others of its chain."""

    key: str
    node: Node
    words: Mapping[str, str]


@dataclass(frozen=True)
class Asks:
    """Whom a node asks and how it is passed, whatever it is called: what makes two steps the same.

    The order of approvers tells nothing unless they are asked in turn.
    """

    kind: NodeKind
    approvers: tuple[Approver, ...]
    mode: SignMode
    needed: int | None
    test: str

    @classmethod
    def of(cls, node: Node) -> "Asks":
        """What this node asks."""
        return cls(node.kind, _in_order(node), node.mode, node.needed, node.test)


def _in_order(node: Node) -> tuple[Approver, ...]:
    if node.mode is SignMode.IN_TURN:
        return node.approvers
    return tuple(sorted(set(node.approvers), key=lambda one: one.model_dump_json()))


@dataclass(frozen=True)
class Change:
    """One difference: what it is about, what happened, and whether something came, went or is merely different."""

    about: str
    words: str
    tone: str = NEUTRAL


def keyed(names: Sequence[str]) -> list[str]:
    """The names, with a number where one comes again."""
    seen: Counter[str] = Counter()
    keys = []
    for name in names:
        seen[name] += 1
        keys.append(name if seen[name] == 1 else f"{name}（第 {seen[name]} 个）")
    return keys


def differences(old: Sequence[Told], new: Sequence[Told]) -> list[Change]:
    """What happened to the nodes from one chain to the other; nothing when they say the same in the same order."""
    before, after = ({one.key: one for one in side} for side in (old, new))
    gone = [one for one in old if one.key not in after]
    come = [one for one in new if one.key not in before]
    renamed = _renamed(gone, come)
    settled = {one.key for pair in renamed for one in pair}
    return [
        *(Change(one.key, "删除了这个环节", BAD) for one in gone if one.key not in settled),
        *(Change(one.key, f"新增了这个环节：{_all(one)}", GOOD) for one in come if one.key not in settled),
        *(Change(first.key, f"改为“{second.key}”") for first, second in renamed),
        *_moved([one.key for one in old if one.key in after], [one.key for one in new if one.key in before]),
        *(change for one in new if one.key in before for change in _changed(before[one.key], one)),
    ]


def _all(one: Told) -> str:
    return "；".join(f"{title} {words}" for title, words in one.words.items() if words)


def _renamed(gone: Sequence[Told], come: Sequence[Told]) -> list[tuple[Told, Told]]:
    """Nodes that say the same under another name or in another place."""
    left, pairs = list(come), []
    for one in gone:
        same = next((other for other in left if _but_name(one.node) == _but_name(other.node)), None)
        if same:
            left.remove(same)
            pairs.append((one, same))
    return pairs


def _but_name(node: Node) -> Node:
    return node.model_copy(update={"name": "", "approvers": _in_order(node)})


def _moved(old: list[str], new: list[str]) -> Iterator[Change]:
    blocks = SequenceMatcher(a=old, b=new, autojunk=False).get_matching_blocks()
    stayed = {key for block in blocks for key in new[block.b : block.b + block.size]}
    for number, key in enumerate(new):
        if key not in stayed:
            yield Change(key, f"移到“{new[number - 1]}”之后" if number else "移到最前面")


def _changed(old: Told, new: Told) -> Iterator[Change]:
    are_same = _in_order(old.node) == _in_order(new.node)
    is_shuffled = are_same and old.node.approvers != new.node.approvers
    parts = [part for part in new.words if old.words.get(part) != new.words[part]]
    for part in parts:
        was, now = old.words.get(part) or NOTHING, new.words[part] or NOTHING
        if part != WHOM or not is_shuffled:
            yield Change(new.key, f"{part}：{was} → {now}")
    if WHOM not in parts and not are_same:
        yield Change(new.key, f"{WHOM}：换了人，姓名相同：{new.words.get(WHOM, NOTHING)}")
    elif not parts and _plain(old.node) != _plain(new.node):
        yield Change(new.key, "其他设置有变化，请对照 JSON")


def _plain(node: Node) -> Node:
    return node.model_copy(update={"branches": (), "approvers": _in_order(node)})


def settings(old: Chain, new: Chain, roles: Mapping[Role, str]) -> list[Change]:
    """What happened to the settings of the chain as a whole."""
    return [
        Change("整个流程", f"{title}：{was} → {now}")
        for (title, was), now in zip(_settings(old, roles).items(), _settings(new, roles).values(), strict=True)
        if was != now
    ]


def _settings(chain: Chain, roles: Mapping[Role, str]) -> dict[str, str]:
    policies, names = chain.policies, vocabulary.POLICIES
    places = {names[part]: vocabulary.VACANCIES[getattr(policies, part)] for part in ("vacant", "own", "departed")}
    kept = "没有增加时，已有的同意仍然算数" if policies.keeps_approvals else "已有的同意作废"
    return {
        "兜底角色": roles[chain.fallback],
        **places,
        names["absent"]: vocabulary.ABSENCES[policies.absent],
        names["repeated"]: vocabulary.REPEATS[policies.repeated],
        names["keeps_approvals"]: kept,
    }
