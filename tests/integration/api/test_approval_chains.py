"""What a chain may say, seen from outside: modes, branches, copies, expressions, choices, places without a holder."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from kit.errors import Invalid
from models.approvals import ApprovalInstance, ApprovalStep
from models.base import db
from models.enums import (
    ApproverKind,
    FactKind,
    InstanceState,
    NodeKind,
    Role,
    SignMode,
    StepState,
    Vacancy,
)
from models.people import Person
from services import approvals, people, platform
from services.approvals import Approver, Chain, Fact, InstanceOut, Node, Policies
from templates_msg import Message
from tests.factories.approvals import HEAD, HR, SUPERIOR, Company, ask, company, open_tasks, save_chain
from tests.support.clients import Someone

Api = Callable[..., Someone]

FIELDS = {
    "amount": Fact("金额", FactKind.NUMBER),
    "buddy": Fact("陪同人", FactKind.PERSON),
    "abroad": Fact("出境", FactKind.YES_NO),
}
approvals.declare("outing", "外出", Chain(nodes=(Node(name="直接上级", approvers=(SUPERIOR,)),)), FIELDS)


@pytest.fixture
def staff(app: Flask) -> Company:
    return company()


def outing(
    applicant: Person, *nodes: Node, choices: Any = None, policies: Policies | None = None, **facts: Any
) -> InstanceOut:
    """A request through a chain of these nodes."""
    with platform.unit_of_work():
        chain = Chain(nodes=nodes, policies=policies or Policies())
        based_on = approvals.flow("outing").version
        wish = approvals.SaveFlow(based_on=based_on, definition=chain.model_dump_json())
        approvals.save(people.System("tests"), "outing", wish)
        card = {"applicant": applicant.name, "subject": "外出", "title": "外出", "rows": [], "link": "/h5/approvals"}
        actor, message = people.by_id(applicant.id), Message("approvals/request", card)
        return approvals.start("outing", applicant.id, actor, facts, message, choices=choices)


def person_node(name: str, *persons: Person, weights: tuple[int, ...] = (), **more: Any) -> Node:
    given = weights or (1,) * len(persons)
    approvers = [
        Approver(kind=ApproverKind.PERSON, person_id=one.id, weight=weight)
        for one, weight in zip(persons, given, strict=True)
    ]
    return Node(name=name, approvers=tuple(approvers), **more)


def decide(api: Api, trip: InstanceOut, userid: str, decision: str = "approve") -> str:
    """This person's decision on what they are asked; how the request stands then."""
    task = open_tasks(trip)[userid]
    body = {"decision": decision, "comment": "理由"}
    answer = api(userid).post(f"/approvals/tasks/{task.id}/decision", json=body)
    return str(answer.json.get("instance", answer.json))


def steps(trip: InstanceOut) -> list[tuple[str, str]]:
    ours = select(ApprovalStep.name, ApprovalStep.state).where(ApprovalStep.instance_id == trip.id)
    return [(name, state) for name, state in db.session.execute(ours.order_by(ApprovalStep.position))]


def state(trip: InstanceOut) -> str:
    return db.session.scalar(select(ApprovalInstance.state).where(ApprovalInstance.id == trip.id))


def titles(api: Api, trip: InstanceOut, userid: str = "li") -> list[str]:
    return [one["title"] for one in api(userid).get(f"/approvals/instances/{trip.id}").json["history"]]


# ── sign modes ──


def test_in_turn_each_is_asked_when_the_one_before_has_agreed(staff: Company, api: Api) -> None:
    trip = outing(staff.li, person_node("依次", staff.hua, staff.boss, staff.hong, mode=SignMode.IN_TURN))
    for userid in ("hua", "boss"):
        assert list(open_tasks(trip)) == [userid]
        assert decide(api, trip, userid) == "pending"
    assert decide(api, trip, "hong") == "approved"


def test_so_many_of_them_are_enough_and_a_refusal_counts_only_when_too_few_are_left(staff: Company, api: Api) -> None:
    voters = person_node("三人中两人", staff.hua, staff.boss, staff.hong, mode=SignMode.N_OF_M, needed=2)
    trip = outing(staff.li, voters)
    assert (decide(api, trip, "hua", "reject"), decide(api, trip, "boss")) == ("pending", "pending")
    assert decide(api, trip, "hong") == "approved"
    refused = outing(staff.lead, voters)
    decide(api, refused, "hua", "reject")
    assert decide(api, refused, "boss", "reject") == "rejected"


def test_weight_decides(staff: Company, api: Api) -> None:
    voters = person_node("权重", staff.hua, staff.boss, weights=(40, 60), mode=SignMode.WEIGHTED, needed=60)
    trip = outing(staff.li, voters)
    assert (decide(api, trip, "hua"), decide(api, trip, "boss")) == ("pending", "approved")
    alone = outing(staff.lead, voters)
    assert decide(api, alone, "boss") == "approved"


def test_an_earlier_approval_weighs_in_later(staff: Company, api: Api) -> None:
    voters = person_node("权重", staff.lead, staff.boss, weights=(60, 40), mode=SignMode.WEIGHTED, needed=60)
    trip = outing(staff.li, Node(name="直接上级", approvers=(SUPERIOR,)), voters)
    assert decide(api, trip, "lead") == "approved"
    assert steps(trip)[1] == ("权重", StepState.SKIPPED)


# ── nodes that are not approvals ──


def branches(*nodes: Node) -> Node:
    return Node(name="并行", kind=NodeKind.PARALLEL, branches=tuple((node,) for node in nodes))


def test_branches_run_side_by_side_and_all_have_to_finish(staff: Company, api: Api) -> None:
    both = branches(person_node("财务", staff.hua), person_node("行政", staff.hong))
    trip = outing(staff.li, both, person_node("老板", staff.boss))
    assert set(open_tasks(trip)) == {"hua", "hong"}
    assert decide(api, trip, "hong") == "pending"
    assert set(open_tasks(trip)) == {"hua"}
    assert decide(api, trip, "hua") == "pending"
    assert set(open_tasks(trip)) == {"boss"}
    assert decide(api, trip, "boss") == "approved"


def test_a_refusal_in_one_branch_ends_the_others(staff: Company, api: Api) -> None:
    trip = outing(staff.li, branches(person_node("财务", staff.hua), person_node("行政", staff.hong)))
    assert decide(api, trip, "hong", "reject") == "rejected"
    assert (open_tasks(trip), dict(steps(trip))) == ({}, {"财务": "closed", "行政": "rejected"})


def test_a_branch_of_several_nodes_goes_on_alone(staff: Company, api: Api) -> None:
    long = (person_node("财务", staff.hua), person_node("复核", staff.chief))
    both = Node(name="并行", kind=NodeKind.PARALLEL, branches=(long, (person_node("行政", staff.hong),)))
    trip = outing(staff.li, both)
    decide(api, trip, "hua")
    assert set(open_tasks(trip)) == {"chief", "hong"}
    decide(api, trip, "chief")
    assert decide(api, trip, "hong") == "approved"


def test_a_copy_is_told_and_may_read_but_decides_nothing(staff: Company, api: Api) -> None:
    copied = Node(name="抄送", kind=NodeKind.COPY, approvers=(HEAD,))
    trip = outing(staff.li, copied, person_node("人事", staff.hua))
    assert steps(trip) == [("抄送", "done"), ("人事", "open")]
    seen = api("chief").get(f"/approvals/instances/{trip.id}")
    assert (seen.status_code, seen.json["my_task_id"]) == (200, None)
    assert "抄送：已抄送" in titles(api, trip)
    assert decide(api, trip, "hua") == "approved"


def auto(test: str) -> Node:
    return Node(name="标准", kind=NodeKind.AUTO, test=test, reason="超出标准，请改小金额")


def test_an_expression_lets_pass_or_refuses_with_its_reason(staff: Company, api: Api) -> None:
    node = person_node("人事", staff.hua)
    assert list(open_tasks(outing(staff.li, auto("amount <= 500"), node, amount=Decimal(500)))) == ["hua"]
    refused = outing(staff.lead, auto("amount <= 500"), node, amount=Decimal(501))
    assert (refused.state, open_tasks(refused)) == (InstanceState.REJECTED, {})
    history = api("lead").get(f"/approvals/instances/{refused.id}").json["history"]
    assert (history[-1]["title"], history[-1]["note"]) == ("标准：自动判断不通过，已驳回", "超出标准，请改小金额")


def test_what_an_expression_cannot_tell_is_left_to_people(staff: Company) -> None:
    node = person_node("人事", staff.hua, condition="amount / amount > 0")
    trip = outing(staff.li, auto("1 / amount > 0"), person_node("老板", staff.boss), node, amount=Decimal(0))
    assert steps(trip) == [("标准", "done"), ("老板", "open"), ("人事", "waiting")]


def test_a_condition_in_words_chooses_the_nodes(staff: Company) -> None:
    far = person_node("人事", staff.hua, condition='abroad and (amount > 100 or buddy == "x")')
    near = outing(staff.li, person_node("老板", staff.boss), far, amount=Decimal(200), abroad=False, buddy="")
    assert [name for name, _ in steps(near)] == ["老板"]
    abroad = outing(staff.lead, person_node("老板", staff.boss), far, amount=Decimal(200), abroad=True, buddy="")
    assert [name for name, _ in steps(abroad)] == ["老板", "人事"]


@pytest.mark.parametrize(
    ("node", "sentence"),
    [
        ({"condition": "days > 3"}, "环节“某步”：没有字段 days"),
        ({"condition": "amount + 1"}, "环节“某步”：“amount + 1”的结果应为是或否"),
        ({"approvers": [{"kind": "field", "field": "amount"}]}, "不是人员字段"),
        ({"approvers": [{"kind": "choice", "people": ["0" * 26]}]}, "不存在或已离职"),
        ({"mode": "n_of_m"}, "需要多少"),
        ({"sla": {"remind_after": 8, "escalate_after": 4}}, "依次为"),
        ({"branches": [[]]}, "2 到 5 个分支"),
    ],
)
def test_what_is_wrong_with_a_chain_is_said_with_its_node(staff: Company, node: dict[str, Any], sentence: str) -> None:
    nodes = [{"name": "上级", "approvers": [{"kind": "superior"}]}]
    nodes.append({"name": "某步", "approvers": [{"kind": "superior"}], **node})
    with pytest.raises(Invalid) as refused:
        approvals.flows.read_chain("outing", json.dumps({"nodes": nodes}))
    assert sentence in f"{refused.value.title}{refused.value.detail}"


# ── approvers named by the request ──


def test_the_person_in_a_field_is_asked_but_never_the_applicant(staff: Company) -> None:
    buddy = Node(name="陪同人", approvers=(Approver(kind=ApproverKind.FIELD, field="buddy"),))
    assert list(open_tasks(outing(staff.li, buddy, buddy=staff.hong.id))) == ["hong"]
    assert list(open_tasks(outing(staff.lead, buddy, buddy=staff.lead.id))) == ["chief"]


CHOSEN = Node(name="经办人", approvers=(Approver(kind=ApproverKind.CHOICE, role=Role.HR, most=2),))


def test_the_applicant_chooses_among_the_candidates(staff: Company) -> None:
    trip = outing(staff.li, CHOSEN, choices={"经办人": [staff.hong.id]})
    assert list(open_tasks(trip)) == ["hong"]
    for chosen in ([], [staff.boss.id], [staff.li.id], [staff.hua.id, staff.hong.id, staff.boss.id], ["nobody"]):
        with pytest.raises(Invalid, match="经办人"):
            outing(staff.lead, CHOSEN, choices={"经办人": chosen})


def test_the_preview_says_what_has_to_be_chosen(staff: Company) -> None:
    outing(staff.hua, CHOSEN, choices={"经办人": [staff.hong.id]})
    (step,) = approvals.preview("outing", people.by_id(staff.hua.id), {})
    assert step.choosing is not None
    assert (step.choosing.most, [one.name for one in step.choosing.candidates]) == (2, ["人事小红"])


@pytest.mark.parametrize("own", [Vacancy.GO_UP, Vacancy.FALLBACK])
def test_where_the_applicant_is_the_only_one_to_choose_the_chain_says_who_decides(staff: Company, own: Vacancy) -> None:
    with platform.unit_of_work():
        db.session.get_one(Person, staff.hong.id).status = "inactive"
    save_chain(CHOSEN, subject="outing")
    (step,) = approvals.preview("outing", people.by_id(staff.hua.id), {})
    assert step.choosing is None
    boss = Approver(kind=ApproverKind.PERSON, person_id=staff.boss.id)
    trip = outing(
        staff.hua, CHOSEN, Node(name="老板", approvers=(boss,)), policies=Policies(own=own, vacant=Vacancy.SKIP)
    )
    assert list(open_tasks(trip)) == ["boss"]
    named = Node(name="经办人", approvers=(Approver(kind=ApproverKind.CHOICE, people=(staff.lead.id,)),))
    later = outing(staff.lead, named)
    assert list(open_tasks(later)) == ["hua"]


# ── places without a holder ──


def test_a_vacant_place_is_passed_over_but_somebody_always_decides(staff: Company) -> None:
    head, hr = Node(name="负责人", approvers=(HEAD,)), Node(name="人事", approvers=(HR,))
    skip = Policies(own=Vacancy.SKIP, vacant=Vacancy.SKIP)
    trip = outing(staff.chief, head, hr, policies=skip)
    assert steps(trip) == [("负责人", "skipped"), ("人事", "open")]
    alone = outing(staff.boss, head, policies=skip)
    assert set(open_tasks(alone)) == {"hua", "hong"}


@pytest.mark.parametrize(("way", "asked"), [(Vacancy.GO_UP, {"boss"}), (Vacancy.HR, {"hua", "hong"})])
def test_the_chain_says_who_decides_for_an_applicant_who_leads(staff: Company, way: Vacancy, asked: set[str]) -> None:
    trip = outing(staff.chief, Node(name="负责人", approvers=(HEAD,)), policies=Policies(own=way))
    assert set(open_tasks(trip)) == asked


def test_old_chains_are_read_as_they_were_meant(staff: Company) -> None:
    """What was saved before there were kinds of nodes: a place of the applicant's own follows the node's word."""
    saved = {"nodes": [{"name": "负责人", "approvers": [{"kind": "department_head"}], "vacant": "fallback",
                        "mode": "or_sign", "when": []}], "fallback": "hr"}  # fmt: skip
    trip = outing(staff.chief, *Chain.model_validate(saved).nodes)
    assert set(open_tasks(trip)) == {"hua", "hong"}


def test_requests_on_their_way_before_go_on_after(staff: Company, api: Api) -> None:
    """Steps without policies, rounds or branches of their own are read as one stage each."""
    save_chain(Node(name="直接上级", approvers=(SUPERIOR,)), Node(name="人事", approvers=(HR,)))
    trip = ask(staff.li)
    with platform.unit_of_work():
        for row in db.session.scalars(select(ApprovalStep).where(ApprovalStep.instance_id == trip.id)):
            row.policies = None
    decide(api, trip, "lead")
    assert set(open_tasks(trip)) == {"hua", "hong"}


# ── the applicant's department ──


def test_every_subject_may_ask_by_the_department_of_the_applicant(staff: Company, api: Api) -> None:
    more = Node(name="人事", approvers=(HR,), condition='department == "门店"')
    chain = (Node(name="直接上级", approvers=(SUPERIOR,)), more)
    for subject in approvals.titles():
        save_chain(*chain, subject=subject)
    in_shop, in_office = ask(staff.li), ask(staff.hua)
    assert steps(in_shop) == [("直接上级", "open"), ("人事", "waiting")]
    assert steps(in_office) == [("直接上级", "open")]
    assert [one.name for one in approvals.preview("trip", people.by_id(staff.li.id), {})] == ["直接上级", "人事"]
    assert [one.name for one in approvals.preview("trip", people.by_id(staff.hua.id), {})] == ["直接上级"]


def test_a_chain_is_tried_with_the_department_of_the_applicant_or_another(staff: Company) -> None:
    more = Node(name="人事", approvers=(HR,), condition='department == "门店"')
    chain = Chain(nodes=(Node(name="直接上级", approvers=(SUPERIOR,)), more)).model_dump_json()
    for facts, count in (("", 2), ("department = 公司", 1)):
        wish = approvals.TryFlow(definition=chain, applicant="li", facts=facts)
        assert len(approvals.try_out("trip", wish)) == count
