"""The operations people wait for: how each is asked, which limit it is held against, and the share it should reach.

A limit is the least correct code for the same kind of work (`limits.py`), under the same server and database.
"""

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from sqlalchemy import Select, func, select

from bench.load import Request
from bench.place import AES_KEY, CORP, TOKEN
from bench.world import HERE, World, own_id, person_id, token
from kit import clock
from models.approvals import ApprovalInstance, ApprovalTask
from models.attendance import Punch
from models.enums import ApproverKind, Comparison, NodeKind, Role, TaskState
from models.leave import LeaveRequest
from models.payroll import PayslipReading
from models.people import Person
from services import schedule
from services.approvals import Approver, Chain, Condition, Node
from wecom import KeyPair

CONNECTIONS = 8
PAIR = KeyPair(TOKEN, AES_KEY)
JSON = {"Content-Type": "application/json"}

SIX = Chain(
    nodes=(
        Node(name="额度", kind=NodeKind.AUTO, test="days <= 30", reason="一次最多请三十天"),
        Node(name="直接上级", approvers=(Approver(kind=ApproverKind.SUPERIOR),)),
        Node(
            name="部门负责人",
            approvers=(Approver(kind=ApproverKind.DEPARTMENT_HEAD),),
            when=((Condition(field="days", op=Comparison.AT_LEAST, value="1"),),),
        ),
        Node(
            name="抄送上级的上级",
            kind=NodeKind.COPY,
            approvers=(Approver(kind=ApproverKind.SUPERIOR, level=2),),
            condition='kind in ("annual", "compensatory")',
        ),
        Node(
            name="上级的上级",
            approvers=(Approver(kind=ApproverKind.SUPERIOR, level=2),),
            condition='days >= 1 and kind != "sick"',
        ),
        Node(name="人事", approvers=(Approver(kind=ApproverKind.ROLE, role=Role.HR),)),
    )
)
"""Six nodes, all of which apply to a day of annual leave."""

Lists = Sequence[Sequence[Request]]


@dataclass(frozen=True)
class Bar:
    """What an operation is held against: a path of the limit server, and the share of it to reach, if one is set."""

    words: str
    path: str
    share: float | None = None


@dataclass(frozen=True)
class Operation:
    """`requests` makes what the connections ask, fresh for each slice; `made` counts what writes leave behind."""

    name: str
    bars: tuple[Bar, ...]
    requests: Callable[[World], Lists]
    made: Select[int] | None = None

    @property
    def repeats(self) -> bool:
        """Reads can be asked again and again; a write is made once."""
        return self.made is None


def _spread(requests: Sequence[Request]) -> Lists:
    return [requests[at::CONNECTIONS] for at in range(CONNECTIONS)]


def _as(number: int) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(number)}"}


def _reads(path: str) -> Callable[[World], Lists]:
    return lambda world: _spread([Request("GET", path, _as(n)) for n in world.actors()])


def _payslips(world: World) -> Lists:
    return _spread([Request("GET", f"/api/v1/payroll/payslips/{own_id('X', n)}", _as(n)) for n in world.actors()])


def _punches(world: World) -> Lists:
    """In a new second, for who punches again within one has not punched again."""
    time.sleep(1 - time.time() % 1)
    body = {"direction": "in", "latitude": HERE[0], "longitude": HERE[1], "accuracy": 20}
    return _spread([_posted("attendance/punches", n, body | {"nonce": secrets.token_hex(8)}) for n in world.actors()])


def _leaves(world: World) -> Lists:
    """Everybody asks for a day, through the chain that the product comes with."""
    world.ask_through(None)
    return _next_day(world)


def _leaves_through_six(world: World) -> Lists:
    """Everybody asks for a day, through a chain of six nodes that was saved."""
    world.ask_through(SIX)
    return _next_day(world)


def _next_day(world: World) -> Lists:
    """Everybody asks for the next working day that nobody has asked for yet."""
    day = _working_days(world)[world.days_asked]
    world.days_asked += 1
    body = {"kind": "annual", "first_day": day, "last_day": day, "reason": "家中有事，需要处理"}
    return _spread([_posted("leave/requests", n, body) for n in world.actors()])


def _working_days(world: World) -> list[str]:
    with world.place.app.app_context():
        first = clock.today() + timedelta(days=1)
        plans = schedule.days([person_id(0)], first, first + timedelta(days=390))
    return [plan.day.isoformat() for plan in plans.values() if plan.is_working]


def _posted(path: str, number: int, body: dict[str, object]) -> Request:
    return Request("POST", f"/api/v1/{path}", _as(number) | JSON, json.dumps(body, ensure_ascii=False))


def _taps(world: World) -> Lists:
    """Approvers tap 同意 on the cards of requests that wait in the product's own chain."""
    waiting = select(Person.userid, ApprovalTask.action_id, ApprovalTask.id)
    waiting = waiting.join(Person, Person.id == ApprovalTask.person_id).where(ApprovalTask.state == TaskState.OPEN)
    waiting = waiting.join(ApprovalInstance, ApprovalInstance.id == ApprovalTask.instance_id)
    waiting = waiting.where(ApprovalInstance.flow_version == 0)
    return _spread([tapped(userid, f"approve:{action}", task) for userid, action, task in world.rows(waiting)])


def tapped(userid: str, key: str, task: str) -> Request:
    """The encrypted callback of a tapped button, as WeCom sends it now."""
    content = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[{userid}]]></FromUserName>"
        f"<CreateTime>{clock.epoch()}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        f"<Event><![CDATA[template_card_event]]></Event><EventKey><![CDATA[{key}]]></EventKey>"
        f"<TaskId><![CDATA[{task}]]></TaskId><CardType><![CDATA[button_interaction]]></CardType>"
        f"<ResponseCode><![CDATA[{secrets.token_urlsafe(24)}]]></ResponseCode><AgentID>1000002</AgentID></xml>"
    )
    timestamp, nonce, sealed = str(clock.epoch()), str(secrets.randbelow(10**9)), PAIR.encrypt(content.encode(), CORP)
    query = {"msg_signature": PAIR.signature(timestamp, nonce, sealed), "timestamp": timestamp, "nonce": nonce}
    body = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID>"
        f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    )
    return Request("POST", f"/wecom/hr?{urlencode(query)}", {"Content-Type": "text/xml"}, body)


SEVEN, INSERT = "leave in seven statements", "one ORM insert"
DECIDED = select(func.count()).select_from(ApprovalTask).where(ApprovalTask.state == TaskState.APPROVED)

SUBMIT = Operation(
    "submit leave",
    (Bar(SEVEN, "/leave", 0.50),),
    _leaves,
    select(func.count()).select_from(LeaveRequest),
)
TAP = Operation("card tap", (Bar(SEVEN, "/leave", 0.40), Bar(INSERT, "/insert")), _taps, DECIDED)
OPERATIONS = (
    SUBMIT,
    TAP,
    Operation("punch", (Bar(INSERT, "/insert", 0.35),), _punches, select(func.count()).select_from(Punch)),
    Operation("home", (Bar("list of twenty rows", "/list20", 0.50),), _reads("/api/v1/me/home")),
    Operation("own leave list", (Bar("list of twenty rows", "/list20", 0.50),), _reads("/api/v1/leave/requests")),
    Operation(
        "payslip view",
        (Bar("one read and insert", "/read_insert", 0.40),),
        _payslips,
        select(func.count()).select_from(PayslipReading),
    ),
    Operation(
        "submit through six nodes",
        (Bar(SEVEN, "/leave"),),
        _leaves_through_six,
        select(func.count()).select_from(LeaveRequest),
    ),
)


def limit_requests(bar: Bar) -> Lists:
    """What the limit server is asked, over and over."""
    if bar.path == "/list20":
        return [[Request("GET", bar.path)]] * CONNECTIONS
    body = json.dumps({"reason": "家中有事，需要处理"}, ensure_ascii=False)
    return [[Request("POST", bar.path, JSON, body)]] * CONNECTIONS
