"""The twin: WeCom's side of the wire as one object, with the acts that tests, the demo and the page need."""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import clock
from simulator import office as offices
from simulator import vacation
from simulator.callbacks import Deliver, Delivery, Habits, Postman
from simulator.credentials import MINI, WEB, Credentials
from simulator.directory import Directory
from simulator.faults import WORKED_FIRST, Fault, Faults
from simulator.hands import CannotTap, Hands, Seen, choose
from simulator.mailroom import Mailroom
from simulator.storage import read, write
from simulator.world import ROOT, Agent, Approval, Department, Member, Tag, World

CONTACTS = "contacts"
CALLS_KEPT = 300
APPROVAL_APP = 3010040

Crossing = tuple[Agent, str, str]


@dataclass(frozen=True)
class Call:
    """One request that reached the API, secrets hidden."""

    at: int
    method: str
    api: str
    agent: str
    query: str
    body: str
    errcode: int
    answer: str
    fault: str = ""
    number: int = 0


class Twin:
    """A corporation in memory. Safe for threads; no lock is held while the product answers a callback.

    `agents[0]` is the product's own application; an agent with `contact_sync` is the contact-sync secret. `deliver`
    carries callbacks (see `simulator.callbacks`); tests pass a function that calls the product's WSGI application.
    """

    def __init__(self, world: World, deliver: Deliver | None = None, seed: int = 0) -> None:
        self.lock = threading.RLock()
        self.world = world
        self.credentials = Credentials(world)
        self.directory = Directory(world)
        self.mailroom = Mailroom(world, self.directory)
        self.postman = Postman(world, deliver, seed)
        self.hands = Hands(self.lock, world, self.directory, self.mailroom, self.postman)
        self.faults = Faults(seed)
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.enforces_rates = True
        self.activity = 0
        if ROOT not in world.departments:
            world.departments[ROOT] = Department(ROOT, "虚构公司", parent_id=0)

    @classmethod
    def of(cls, corp_id: str, agents: Iterable[Agent], deliver: Deliver | None = None, seed: int = 0) -> "Twin":
        """An empty corporation with these applications."""
        return cls(World(corp_id, list(agents)), deliver, seed)

    @classmethod
    def load(cls, path: Path, deliver: Deliver | None = None) -> "Twin":
        """The corporation as it was saved."""
        return cls(read(path), deliver)

    def save(self, path: Path) -> None:
        """Writes everything but faults and the request log; a torn write leaves the old file."""
        with self.lock:
            write(path, self.world)

    def record(self, call: Call) -> None:
        """Notes a request; `activity` counts everything that may have changed the world."""
        self.calls.append(call)
        self.activity += 1

    # Applications

    @property
    def agent(self) -> Agent:
        """The product's own application."""
        return self.world.agents[0]

    @property
    def habits(self) -> Habits:
        """How callbacks misbehave: duplicates, the old spelling, disorder."""
        return self.postman.habits

    @property
    def complaints(self) -> list[str]:
        """What was accepted but would look wrong: parts a card does not show, cut texts, unusable passive replies."""
        return list(self.mailroom.complaints)

    def agent_named(self, name: str) -> Agent:
        """An application by its name."""
        return self.credentials.agent(name)

    def expire_token(self, name: str = "") -> None:
        """The application's next call gets 42001."""
        with self.lock:
            self.credentials.expire(name or self.agent.name)

    def revoke_token(self, name: str = "") -> None:
        """The application's next call gets 40014."""
        with self.lock:
            self.credentials.revoke(name or self.agent.name)

    def verify_callback(self, name: str = "") -> bool:
        """Presses save on the callback settings page."""
        return self.postman.verify(self.agent_named(name) if name else self.agent)

    def fault(
        self, api: str, kind: int | str, times: int | None = 1, *, probability: float = 1.0, after: bool | None = None,
        seconds: float = 2.0,
    ) -> Fault:  # fmt: skip
        """Scripts a misfortune for an API such as `message/send`, `message/*` or `*`; see `simulator.faults`."""
        worked = kind in WORKED_FIRST if after is None else after
        return self.faults.add(Fault(api, kind, times, probability, worked, seconds))

    def quiet(self) -> AbstractContextManager[None]:
        """Directory edits of this thread tell nobody."""
        return self.postman.silence()

    def holding(self, shuffled: bool = False) -> AbstractContextManager[None]:
        """Callbacks of this thread wait until the end, then go out, shuffled if asked."""
        return self.postman.holding(shuffled)

    # Directory

    def add_department(self, name: str, parent: int = ROOT, department_id: int = 0, order: int = 0) -> Department:
        """A new department; the id is chosen when none is given."""
        with self.lock:
            fresh = Department(department_id or max(self.world.departments) + 1, name, parent, order)
            change = self.directory.add_department(fresh)
        self._tell_contacts(change)
        return fresh

    def update_department(self, department_id: int, name: str = "", parent: int = 0) -> None:
        """Renames a department or hangs it elsewhere."""
        with self.lock:
            change = self.directory.update_department(department_id, name, parent)
        self._tell_contacts(change)

    def remove_department(self, department_id: int) -> None:
        """Removes an empty department."""
        with self.lock:
            change = self.directory.remove_department(department_id)
        self._tell_contacts(change)

    def add_member(self, userid: str, name: str, departments: Iterable[int] = (ROOT,), **more: Any) -> Member:
        """Someone joins; `more` are fields of `Member`."""
        member = Member(userid, name, list(departments), **more)
        with self._seeing() as crossings:
            change = self.directory.add_member(member)
        self._tell_contacts(change)
        self._tell_seen(crossings)
        return member

    def update_member(self, userid: str, **changes: Any) -> Member:
        """Changes fields of `Member`; the event carries only those."""
        with self._seeing() as crossings:
            change = self.directory.update_member(userid, changes)
        self._tell_contacts(change)
        self._tell_seen(crossings)
        return self.directory.member(userid)

    def move_member(self, userid: str, departments: Iterable[int], **changes: Any) -> Member:
        """Someone moves; `direct_leaders`, `position`, `leads` may change with it."""
        return self.update_member(userid, departments=list(departments), **changes)

    def rename_member(self, userid: str, new_userid: str) -> None:
        """The same person under a new id (`NewUserID`)."""
        with self.lock:
            change = self.directory.rename_member(userid, new_userid)
        self._tell_contacts(change)

    def remove_member(self, userid: str) -> None:
        """Someone leaves for good."""
        with self._seeing() as crossings:
            change = self.directory.remove_member(userid)
        self._tell_contacts(change)
        self._tell_seen(crossings)

    def add_tag(self, tag_id: int, name: str, members: Iterable[str] = (), departments: Iterable[int] = ()) -> Tag:
        """A tag with its members; tags are made quietly, since the platform has no event for it."""
        tag = Tag(tag_id, name, list(members), list(departments))
        with self.lock:
            self.directory.add_tag(tag)
        return tag

    def retag(self, tag_id: int, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Puts members into a tag and takes others out."""
        with self.lock:
            change = self.directory.retag(tag_id, list(add), list(remove))
        self._tell_contacts(change)

    @contextmanager
    def _seeing(self) -> Iterator[list[Crossing]]:
        """Under the lock; afterwards the list holds who entered or left each application's visible range."""
        crossings: list[Crossing] = []
        with self.lock:
            apps = [] if self.postman.is_silent else [a for a in self.world.agents if not a.contact_sync]
            before = {a.name: self.directory.visible_members(a) for a in apps}
            names = {key: m.userid for key, m in self.world.members.items()} if apps else {}
            yield crossings
            for agent in apps:
                after = self.directory.visible_members(agent)
                came, went = after - before[agent.name], before[agent.name] - after
                crossings += [(agent, self.world.members[key].userid, "subscribe") for key in sorted(came)]
                crossings += [(agent, names[key], "unsubscribe") for key in sorted(went)]

    def _tell_seen(self, crossings: list[Crossing]) -> None:
        for agent, userid, name in crossings:
            self._tell(agent, userid, {"Event": name, "EventKey": ""})

    def _tell_contacts(self, change: dict[str, Any]) -> Delivery:
        """To the contact-sync address, or else to the product's own application without personal fields."""
        sync = next((a for a in self.world.agents if a.contact_sync and a.callback_url), None)
        if sync is None:
            change = {k: v for k, v in change.items() if k not in ("Mobile", "Email", "BizMail", "Gender")}
        return self._tell(sync or self.agent, "sys", {"Event": "change_contact", **change})

    def _tell(self, agent: Agent, author: str, fields: dict[str, Any]) -> Delivery:
        header = {
            "ToUserName": self.world.corp_id,
            "FromUserName": author,
            "CreateTime": clock.epoch(),
            "MsgType": "event",
            "AgentID": agent.agent_id,
        }
        self.activity += 1
        return self.postman.send(agent, header | fields)

    def batch_job_result(self, job_id: str, job_type: str = "sync_user", errcode: int = 0) -> Delivery:
        """A bulk job is over (`batch_job_result`)."""
        job = {"JobId": job_id, "JobType": job_type, "ErrCode": errcode, "ErrMsg": "ok" if errcode == 0 else "failed"}
        return self._tell(self.agent, "sys", {"Event": "batch_job_result", "BatchJob": job})

    # A member's phone

    def chat(self, userid: str) -> list[Seen]:
        """What this member really received, and wrote, as they see it now; oldest first."""
        return self.hands.chat(userid)

    def card(self, userid: str, containing: str = "", task_id: str = "") -> Seen:
        """The member's newest card with this text or task id; LookupError when there is none."""
        for shown in reversed(self.chat(userid)):
            if shown.kind == "template_card" and containing in shown.text and task_id in ("", shown.task_id):
                return shown
        raise LookupError(f"{userid} has no card with {containing or task_id!r}")

    def tap(self, userid: str, message: Seen | str, button: str, chosen: dict[str, Any] | None = None) -> Delivery:
        """Presses a button, the submit button or a menu entry, named by key or text; `CannotTap` if it isn't there."""
        shown = self.hands.seen(userid, message)
        key = choose(shown, button)
        return self.hands.press(self._agent_of(shown), userid, shown, key, _lists(_defaults(shown) | (chosen or {})))

    def submit(self, userid: str, message: Seen | str, chosen: dict[str, Any]) -> Delivery:
        """Chooses options (question key → option id or ids) on a vote or a multiple card and presses its button."""
        shown = self.hands.seen(userid, message)
        button = shown.body.get("submit_button")
        if not button:
            raise CannotTap(f"{shown.title!r} has no submit button")
        return self.tap(userid, shown, button["key"], chosen)

    def say(self, userid: str, text: str) -> Delivery:
        """Writes to the product's application."""
        return self.hands.say(self.agent, userid, text)

    def click_menu(self, userid: str, key: str) -> Delivery:
        """Presses an entry of the application's menu by its key."""
        return self.hands.event(self.agent, userid, "click", key)

    def enter(self, userid: str, location: tuple[float, float] | None = None) -> Delivery:
        """Opens the application; with a location (latitude, longitude) the client reports that too."""
        delivery = self.hands.event(self.agent, userid, "enter_agent")
        if location:
            where = {"Latitude": location[0], "Longitude": location[1], "Precision": 30.0, "AppType": "wxwork"}
            self.hands.event(self.agent, userid, "LOCATION", extra=where)
        return delivery

    def event(self, userid: str, name: str, key: str = "", **extra: Any) -> Delivery:
        """Any other event of the application, with its own elements."""
        return self.hands.event(self.agent, userid, name, key, extra)

    def oauth_code(self, userid: str, agent: str = "", private: bool = False) -> str:
        """A web login code, as the authorize page would hand it over."""
        return self._code(WEB, userid, agent, private)

    def js_code(self, userid: str, agent: str = "") -> str:
        """A mini-program login code."""
        return self._code(MINI, userid, agent, False)

    def _code(self, kind: str, userid: str, agent: str, private: bool) -> str:
        with self.lock:
            member = self.directory.member(userid)
            owner = self.agent_named(agent) if agent else self.agent
            return self.credentials.code(kind, owner, member.userid, private)

    def _agent_of(self, shown: Seen) -> Agent:
        return next(a for a in self.world.agents if a.agent_id == shown.agent_id)

    # Built-in apps

    def punch(self, userid: str, kind: str, at: int, **extra: Any) -> None:
        """A row of the built-in check-in app, at a Unix time."""
        with self.lock:
            self.world.office.punches.append(offices.punch(userid, kind, at, extra))

    def set_vacation(self, userid: str, vacation_id: int, assigned: int, used: int = 0) -> None:
        """What a member was given and has taken of a vacation, in seconds; KeyError when nobody configured it."""
        with self.lock:
            if vacation_id not in {row["id"] for row in self.world.office.vacations}:
                raise KeyError(vacation_id)
            quota = vacation.of(self.world.office, self.directory.member(userid).userid, vacation_id)
            quota.update(assigned=assigned, used=used)

    def take_vacation(self, userid: str, vacation_id: int, seconds: int) -> None:
        """Leave taken in WeCom's own approval: it counts as used there, and nobody tells the product."""
        with self.lock:
            vacation.of(self.world.office, userid, vacation_id)["used"] += seconds

    def decide_approval(self, sp_no: str, approver: str, agree: bool, speech: str = "") -> Delivery:
        """Someone decides in the built-in approval app; the product hears `sys_approval_change`."""
        with self.lock:
            approval: Approval = self.world.office.approvals[sp_no]
            approval.status = offices.APPROVED if agree else offices.REJECTED
            approval.decided_by, approval.decided_at, approval.speech = approver, clock.epoch(), speech
            party = self.directory.member(approval.applicant).home
            info = offices.change_event(approval, party, approval.status)
        event = {"Event": "sys_approval_change", "AgentID": APPROVAL_APP, "ApprovalInfo": info}
        return self._tell(self.agent, "sys", event)


def _lists(chosen: dict[str, Any]) -> dict[str, list[str]]:
    return {question: [ids] if isinstance(ids, str) else list(ids) for question, ids in chosen.items()}


def _defaults(shown: Seen) -> dict[str, Any]:
    """What the card itself preselects, or its first option: a drop-down always has a value."""
    selects = list(shown.body.get("select_list") or [])
    if shown.body.get("button_selection"):
        selects.append(shown.body["button_selection"])
    found: dict[str, Any] = {s["question_key"]: s.get("selected_id") or s["option_list"][0]["id"] for s in selects}
    if checkbox := shown.body.get("checkbox"):
        found[checkbox["question_key"]] = [o["id"] for o in checkbox["option_list"] if o.get("is_checked")]
    return found
