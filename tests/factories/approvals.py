"""A company that approves business trips: the subject, its chain, and requests on their way."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from kit.ids import new_id
from models.approvals import ApprovalTask
from models.base import db
from models.enums import ApproverKind, Comparison, FactKind, Role, SignMode, TaskState
from models.people import Person
from services import approvals, people, platform
from services.approvals import Approver, Chain, Condition, Fact, InstanceOut, Node
from templates_msg import Message
from tests.factories.people import department, person

SUPERIOR = Approver(kind=ApproverKind.SUPERIOR)
HEAD = Approver(kind=ApproverKind.DEPARTMENT_HEAD)
HR = Approver(kind=ApproverKind.ROLE, role=Role.HR)


def node(name: str, *approvers: Approver, days: int | None = None, mode: SignMode = SignMode.OR_SIGN) -> Node:
    """A node, asked of every request or of those longer than `days`."""
    longer = Condition(field="days", op=Comparison.MORE, value=str(days)) if days is not None else None
    return Node(name=name, approvers=approvers, mode=mode, when=((longer,),) if longer else ())


TRIP = Chain(nodes=(node("直接上级", SUPERIOR), node("部门负责人", HEAD, days=3), node("人事", HR, days=10)))
FIELDS = {"days": Fact("天数", FactKind.NUMBER), "city": Fact("城市", FactKind.TEXT)}

WHY = (("事由", "拜访客户"),)

approvals.declare("trip", "出差", TRIP, FIELDS)


@dataclass(frozen=True)
class Company:
    """boss leads everything, chief the department, lead is li's superior; hua and hong are HR."""

    boss: Person
    chief: Person
    lead: Person
    li: Person
    hua: Person
    hong: Person


def company() -> Company:
    """Six people in two departments, one below the other."""
    top = department("公司")
    shop = department("门店", parent=top)
    boss = person("boss", "老板", dept=top, leads=True)
    chief = person("chief", "部长", superior=boss, dept=shop, leads=True)
    lead = person("lead", "组长", superior=chief, dept=shop)
    li = person("li", "李雷", superior=lead, dept=shop)
    hua = person("hua", "人事小华", superior=boss, dept=top, roles=(Role.HR,))
    hong = person("hong", "人事小红", superior=boss, dept=top, roles=(Role.HR,))
    return Company(boss, chief, lead, li, hua, hong)


def save_chain(*nodes: Node, subject: str = "trip") -> None:
    """Makes these nodes the chain in force."""
    with platform.unit_of_work():
        chain = Chain(nodes=nodes)
        version = approvals.flow(subject).version
        wish = approvals.SaveFlow(based_on=version, definition=chain.model_dump_json())
        approvals.save(people.System("tests"), subject, wish)


def ask(
    applicant: Person, days: str = "1", subject_id: str | None = None, details: tuple[tuple[str, str], ...] = WHY
) -> InstanceOut:
    """A trip of so many days, asked for by this person."""
    facts = {
        "applicant": applicant.name,
        "subject": "出差",
        "title": f"{applicant.name}申请出差{days}天",
        "rows": [("地点", "杭州")],
        "link": "/h5/approvals",
    }
    with platform.unit_of_work():
        actor = people.by_id(applicant.id)
        compared = {"days": Decimal(days), "city": "杭州"}
        message = Message("approvals/request", facts)
        return approvals.start("trip", subject_id or new_id(), actor, compared, message, details)


def open_tasks(instance: InstanceOut) -> dict[str, ApprovalTask]:
    """Who is asked now: userid → task."""
    rows = db.session.execute(
        select(Person.userid, ApprovalTask)
        .join(Person, Person.id == ApprovalTask.person_id)
        .where(ApprovalTask.instance_id == instance.id, ApprovalTask.state == TaskState.OPEN),
        execution_options={"populate_existing": True},
    )
    return {userid: task for userid, task in rows}
