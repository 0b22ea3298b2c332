"""What workers do for many people at once, against floors that do the least for the same effect.

The twin answers after 30 ms, as WeCom does. A floor knows neither retries nor receipts that could be resumed: it
inserts the same rows, makes the same calls with as many in flight, and marks the same rows.
"""

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import requests
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

import wecom
from bench import servers
from bench.operations import PAIR, tapped
from bench.place import CORP
from bench.report import Figure
from bench.servers import Server, Slice
from bench.world import World, person_id, released_batch, userid
from kit import clock
from kit.ids import new_id
from models.base import db
from models.enums import BatchState, PromiseState, ReceiptState
from models.notices import Notice, NoticeReceipt
from models.payroll import Payslip, PayslipBatch
from models.platform import Promise
from services import notices, people, platform
from wecom import Mailbox

DELAY_MS, IN_FLIGHT, PER_CALL = 30, 8, 1000
BROADCAST_PEOPLE, CARDS, SLIPS, CHUNK = 20_000, 1_000, 5_000, 500
LONGEST_SECONDS = 300
CALLBACKS = 2_000
CARD = {
    "msgtype": "template_card",
    "template_card": {
        "card_type": "text_notice",
        "main_title": {"title": "年假1天已批准", "desc": "12月1日"},
        "card_action": {"type": 1, "url": "/h5/leave"},
    },
}


@contextmanager
def twin_of(world: World) -> Iterator[Server]:
    """The twin, answering at the address the product is configured with."""
    environment = world.place.environment | {
        "BENCH_MEMBERS": str(world.people),
        "BENCH_DELAY_MS": str(DELAY_MS),
        "WEB_CONCURRENCY": "1",
    }
    options = ("-b", f"127.0.0.1:{world.place.twin_port}", "--threads", "16", "--max-requests", "0")
    server = servers.gunicorn("bench.twin:app", environment, *options, port=world.place.twin_port)
    try:
        yield server
    finally:
        server.stop()


def sends(twin: Server) -> int:
    """How many messages the twin has taken."""
    with urllib.request.urlopen(f"http://127.0.0.1:{twin.port}/count") as answer:
        return int(answer.read())


def until(is_done: Callable[[], bool], complaint: str) -> None:
    """Looks every few milliseconds."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not is_done():
        if time.monotonic() > deadline:
            raise RuntimeError(complaint)
        time.sleep(0.005)


def timed(work: Callable[[], object]) -> float:
    """Seconds the work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


class Line:
    """A bare client of the twin: one pooled session for all threads, the bodies ready."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}/cgi-bin"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=IN_FLIGHT))
        query = {"corpid": CORP, "corpsecret": "a-secret-made-up-for-measuring"}
        self._token = self._session.get(f"{self._base}/gettoken", params=query, timeout=10).json()["access_token"]

    def send(self, userids: Sequence[str], number: int = 0) -> None:
        """One message to these people."""
        body = {
            "touser": "|".join(userids),
            "agentid": 1000002,
            "msgtype": "text",
            "text": {"content": f"通知 {number}"},
        }
        answer = self._session.post(
            f"{self._base}/message/send",
            params={"access_token": self._token},
            data=json.dumps(body, ensure_ascii=False).encode(),
            timeout=10,
        )
        assert answer.json()["errcode"] == 0, answer.text


def broadcast(world: World, rounds: int) -> list[Figure]:
    """A notice to everybody, from HR's click to the last receipt; against the floor, and the calls alone."""
    audience = list(range(min(world.people, BROADCAST_PEOPLE)))
    parts = [audience[at : at + PER_CALL] for at in range(0, len(audience), PER_CALL)]
    ours, floors, calls_alone, counts = [], [], [], []
    with twin_of(world) as twin, _worker(world):
        line = Line(twin.port)
        for number in range(rounds):
            calls_alone.append(timed(lambda: _call(line, parts)))
            floors.append(timed(lambda n=number: _least_broadcast(world, line, parts, n)))
            before = sends(twin)
            ours.append(timed(lambda: _publish_notice(world, len(audience))))
            counts.append(sends(twin) - before)
    name = f"broadcast to {len(audience)}"
    return [
        Figure(f"{name}: calls", f"{len(parts)} calls", [count / len(parts) for count in counts], 1, at_most=True),
        Figure(name, "least ledger and calls", [a / b for a, b in zip(ours, floors, strict=True)], 3, at_most=True),
        Figure(name, "HTTP client to the twin", [a / b for a, b in zip(ours, calls_alone, strict=True)]),
    ]


def _call(line: Line, parts: Sequence[Sequence[int]]) -> None:
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        list(pool.map(lambda part: line.send([userid(n) for n in part]), parts))


def _least_broadcast(world: World, line: Line, parts: Sequence[Sequence[int]], number: int) -> None:
    """Receipts in bulk, a commit for each thousand; the calls; an UPDATE and a commit for each answered call."""
    notice = f"FLOOR{number:021d}"
    engine, at = _engine(world), clock.now()
    with Session(engine) as session:
        _plain_notice(session, notice)
        for part in parts:
            rows = [{"notice_id": notice, "person_id": person_id(n), "state": ReceiptState.WAITING, "sent_at": at}
                    for n in part]  # fmt: skip
            session.connection(execution_options={"writes": True})
            session.execute(insert(NoticeReceipt.__table__), rows)
            session.commit()
    lock = threading.Lock()

    def carry(part: Sequence[int]) -> None:
        line.send([userid(n) for n in part], number)
        ids = NoticeReceipt.person_id.between(person_id(part[0]), person_id(part[-1]))
        done = update(NoticeReceipt).where(NoticeReceipt.notice_id == notice, ids).values(state=ReceiptState.DELIVERED)
        with lock, Session(engine) as session:
            session.connection(execution_options={"writes": True})
            session.execute(done, execution_options={"synchronize_session": False})
            session.commit()

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        list(pool.map(carry, parts))


def _engine(world: World) -> Any:
    with world.place.app.app_context():
        return db.engine


def _plain_notice(session: Session, notice_id: str) -> None:
    session.add(Notice(id=notice_id, title="下限", body="下限", sender="人事部", audience={"terms": []},
                       author_id=person_id(0)))  # fmt: skip


def _publish_notice(world: World, expected: int) -> None:
    with world.place.app.app_context():
        hr = platform.transact(lambda: people.by_id(person_id(1)), writes=False)
        draft = notices.Draft(title="春节放假安排", body="请各部门提前做好安排。", is_for_all=True, is_urgent=True)
        notice_id = platform.transact(lambda: notices.create(hr, draft))
        platform.transact(lambda: notices.send(hr, notice_id, notices.Send(people=expected)))
    delivered = (
        select(func.count())
        .select_from(NoticeReceipt)
        .where(NoticeReceipt.notice_id == notice_id, NoticeReceipt.state == ReceiptState.DELIVERED)
    )
    until(lambda: world.rows(delivered)[0][0] == expected, "the broadcast did not end")


@contextmanager
def _worker(world: World) -> Iterator[Server]:
    world.hush()
    server = servers.worker(world.place.environment)
    try:
        yield server
    finally:
        server.stop()


def cards(world: World, rounds: int) -> list[Figure]:
    """A card for each of a thousand people, as a share of in flight ÷ latency."""
    shares, cpu = [], []
    with twin_of(world) as twin, _worker(world) as worker:
        for number in range(rounds):
            before, used = sends(twin), worker.cpu_seconds()
            began = time.perf_counter()
            world.execute(insert(Promise.__table__).values(_card_rows(number)))
            until(lambda b=before: sends(twin) >= b + CARDS, "the cards were not sent")
            shares.append(CARDS / (time.perf_counter() - began) / (IN_FLIGHT / DELAY_MS * 1000))
            until(lambda: not world.rows(_unkept())[0][0], "the cards were not settled")
            cpu.append((worker.cpu_seconds() - used) * 1000 / CARDS)
    notes = {"CPU ×": f"{sorted(cpu)[len(cpu) // 2]:.2f} ms each"}
    return [Figure("personal cards", f"{IN_FLIGHT} in flight ÷ {DELAY_MS} ms", shares, 0.85, notes=notes)]


def _unkept() -> Any:
    return (
        select(func.count()).select_from(Promise).where(Promise.state.in_((PromiseState.WAITING, PromiseState.RUNNING)))
    )


def _card_rows(number: int) -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {"id": new_id(), "kind": "message.send", "payload": {"userids": [userid(n)], "message": CARD},
         "dedupe_key": f"bench-card:{number}:{n}", "lane": f"member:{userid(n)}", "state": PromiseState.WAITING,
         "priority": 5, "attempts": 0, "due_at": now, "created_at": now}
        for n in range(CARDS)
    ]  # fmt: skip


def publish(world: World, rounds: int) -> list[Figure]:
    """Released payslips published in chunks by the worker, against the same UPDATEs and messages alone."""
    ours, floors = [], []
    with _worker(world):
        for number in range(rounds):
            floors.append(_least_publish(world, released_batch(world, 2 * number, SLIPS)))
            batch = released_batch(world, 2 * number + 1, SLIPS)
            ours.append(timed(lambda b=batch: _publish(world, b)))
    ratios = [a / b for a, b in zip(ours, floors, strict=True)]
    return [Figure(f"publish {SLIPS} payslips", "the same UPDATEs and messages", ratios, 3, at_most=True)]


def _publish(world: World, batch: str) -> None:
    kind, terms = "payroll.publish_chunk", platform.Terms(lane=f"bench:{batch}")
    with world.place.app.app_context():
        platform.transact(lambda: platform.promise(kind, {"batch": batch, "after": 0}, terms=terms))
    state = select(PayslipBatch.state).where(PayslipBatch.id == batch)
    until(lambda: world.rows(state)[0][0] == BatchState.PUBLISHED, "the batch was not published")


def _least_publish(world: World, batch: str) -> float:
    """Seconds for one UPDATE and one message of five hundred at a time, each in a commit of its own."""
    engine, now = _engine(world), clock.now()
    began = time.perf_counter()
    for after in range(0, SLIPS, CHUNK):
        with Session(engine) as session:
            session.connection(execution_options={"writes": True})
            part = (Payslip.batch_id == batch, Payslip.position > after, Payslip.position <= after + CHUNK)
            owners = list(session.scalars(select(Payslip.person_id).where(*part)))
            session.execute(update(Payslip).where(*part).values(published_at=now),
                            execution_options={"synchronize_session": False})  # fmt: skip
            payload = {"userids": owners, "message": CARD}
            session.add(Promise(id=new_id(), kind="bench.none", payload=payload, dedupe_key=f"floor:{batch}:{after}",
                                due_at=now + timedelta(days=1)))  # fmt: skip
            session.commit()
    return time.perf_counter() - began


def callback_share(taps: Sequence[Slice]) -> Figure:
    """CPU of proving, opening and answering a callback as a share of all CPU of a card tap."""
    mailbox = Mailbox(CORP, [PAIR], 1000002)
    request = tapped(userid(0), f"approve:{new_id()}", new_id())
    args = dict(pair.split("=") for pair in request.path.partition("?")[2].split("&"))
    args = {name: value.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=") for name, value in args.items()}
    body = request.body.encode()
    began = time.process_time()
    for _ in range(CALLBACKS):
        inbound = mailbox.open(args, body)
        wecom.replies.answer(mailbox, inbound, wecom.replies.update_button("已同意"))
    each = (time.process_time() - began) * 1000 / CALLBACKS
    return Figure(
        "callback crypto and XML", "CPU of a card tap", [each / tap.cpu_ms for tap in taps], 0.10, at_most=True
    )


__all__ = ["broadcast", "callback_share", "cards", "publish"]
