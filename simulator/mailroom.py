"""Accepting messages and putting them into chats: receivers, quotas, silent drops, duplicates, response codes."""

import hashlib
import json
import secrets
from collections import deque
from typing import Any

from kit import clock
from simulator import cards, messages
from simulator.directory import Directory
from simulator.errors import Refusal
from simulator.world import Agent, Duplicate, Message, ResponseCode, World

USERS, PARTIES, TAGS = 1000, 100, 100
PER_MINUTE, PER_HOUR = 30, 1000
PER_ACCOUNT_A_DAY = 200
RESPONSE_CODE_SECONDS = 72 * 3600
RECALL_SECONDS = 24 * 3600
MEDIA_SECONDS = 3 * 86400
DUPLICATE_SECONDS, DUPLICATE_MOST = 1800, 14400

Row = dict[str, Any]


class Mailroom:
    """`dropped` lists what the member limit swallowed; `complaints` what would look wrong on a phone."""

    def __init__(self, world: World, directory: Directory) -> None:
        self.world = world
        self.directory = directory
        self.daily_quota: int | None = None
        self.dropped: list[tuple[str, str]] = []
        self.complaints: deque[str] = deque(maxlen=200)
        self._arrivals: dict[tuple[int, str], deque[int]] = {}

    def send(self, agent: Agent, request: Row) -> Row:
        """`message/send`: the reply without its envelope."""
        kind = str(request.get("msgtype", ""))
        self._check_agent(agent, request, kind)
        receivers, reply = self._receivers(agent, request)
        repeat = self._repeat_of(agent, request)
        if repeat:
            return {**reply, "msgid": repeat}
        body = self._check_body(agent, kind, request.get(kind))
        self._spend_quota(agent, len(receivers))
        message = self._store(agent, kind, body)
        self._deliver(agent, message, receivers)
        self._remember(agent, request, message)
        reply["msgid"] = message.id
        if kind == "template_card" and cards.is_updatable(body):
            reply["response_code"] = self.response_code(message.id)
        return reply

    def _check_agent(self, agent: Agent, request: Row, kind: str) -> None:
        if kind == "miniprogram_notice":
            if agent.miniprogram_id != (request.get(kind) or {}).get("appid"):
                raise Refusal(90206)
        elif request.get("agentid") != agent.agent_id:
            raise Refusal(40056)

    def _receivers(self, agent: Agent, request: Row) -> tuple[list[str], Row]:
        """Lower-case ids of those who can be reached, and the lists of those who cannot."""
        visible = self.directory.visible_members(agent)
        if request.get("touser") == "@all":
            return sorted(visible), {}
        users, parties, tags = (_bar(request.get(name)) for name in ("touser", "toparty", "totag"))
        _check_counts(users, parties, tags)
        bad_users = [u.lower() for u in users if u.lower() not in visible]
        bad_parties = [p for p in parties if not p.isdigit() or int(p) not in self.directory.visible_departments(agent)]
        bad_tags = [t for t in tags if not t.isdigit() or int(t) not in self.world.tags]
        found = {u.lower() for u in users} - set(bad_users)
        found = found.union(*(self.directory.in_department(int(p)) for p in parties if p not in bad_parties))
        found = found.union(*(self.directory.in_tag(self.world.tags[int(t)]) for t in tags if t not in bad_tags))
        found &= visible
        if not found:
            raise Refusal(81013)
        lists = {"invaliduser": bad_users, "invalidparty": bad_parties, "invalidtag": bad_tags}
        return sorted(found), {name: "|".join(values) for name, values in lists.items() if values}

    def _check_body(self, agent: Agent, kind: str, body: Any) -> Row:
        if kind != "template_card":
            return messages.check(kind, body, self._fresh_media())
        self._complain(cards.check(body))
        if cards.is_updatable(body):
            if not agent.callback_url:
                raise Refusal(43012)
            if self._task_key(agent, body["task_id"]) in self.world.task_ids:
                raise Refusal(42014, "task_id was used before")
        return dict(body)

    def _fresh_media(self) -> set[str]:
        return {key for key, m in self.world.media.items() if m.made_at + MEDIA_SECONDS > clock.epoch()}

    def _complain(self, found: list[str]) -> None:
        self.complaints.extend(found)

    def _repeat_of(self, agent: Agent, request: Row) -> str:
        """The id of the identical message sent within the interval, if that check was asked for."""
        if request.get("enable_duplicate_check") != 1:
            return ""
        known = self.world.duplicates.get(_digest(agent, request))
        return known.message_id if known and known.until > clock.epoch() else ""

    def _remember(self, agent: Agent, request: Row, message: Message) -> None:
        if request.get("enable_duplicate_check") == 1:
            interval = min(int(request.get("duplicate_check_interval", DUPLICATE_SECONDS)), DUPLICATE_MOST)
            self.world.duplicates[_digest(agent, request)] = Duplicate(message.id, clock.epoch() + interval)
        if message.kind == "template_card" and message.body.get("task_id"):
            self.world.task_ids[self._task_key(agent, message.body["task_id"])] = message.id

    def _task_key(self, agent: Agent, task_id: str) -> str:
        return f"{agent.agent_id}:{task_id}"

    def _spend_quota(self, agent: Agent, receivers: int) -> None:
        """Person-messages a day: the accounts of the corporation times 200, for each application."""
        most = self.daily_quota if self.daily_quota is not None else len(self.world.members) * PER_ACCOUNT_A_DAY
        key = f"{agent.agent_id}:{clock.today()}"
        if self.world.sent_today.get(key, 0) + receivers > most:
            raise Refusal(45009, "daily quota")
        self.world.sent_today[key] = self.world.sent_today.get(key, 0) + receivers

    def _store(self, agent: Agent, kind: str, body: Row, author: str = "") -> Message:
        message = Message(self._new_id(), agent.agent_id, kind, body, clock.epoch(), author)
        self.world.messages[message.id] = message
        return message

    def _new_id(self) -> str:
        self.world.last_id += 1
        return f"m{self.world.last_id:08d}{secrets.token_urlsafe(16)}"

    def _deliver(self, agent: Agent, message: Message, receivers: list[str]) -> None:
        for userid in receivers:
            if self._admits(agent.agent_id, userid):
                self.world.chats.setdefault(userid, []).append(message.id)
                message.receivers.append(userid)
            else:
                self.dropped.append((userid, message.id))

    def _admits(self, agent_id: int, userid: str) -> bool:
        """Whether one more fits under the member's limit; the platform never tells when it does not."""
        now = clock.epoch()
        arrivals = self._arrivals.setdefault((agent_id, userid), deque(maxlen=PER_HOUR))
        if len(arrivals) == PER_HOUR and arrivals[0] > now - 3600:
            return False
        if len(arrivals) >= PER_MINUTE and arrivals[-PER_MINUTE] > now - 60:
            return False
        arrivals.append(now)
        return True

    def response_code(self, message_id: str) -> str:
        """A fresh code to update a card with, once, within 72 hours."""
        code = secrets.token_urlsafe(32)
        self.world.response_codes[code] = ResponseCode(message_id, clock.epoch())
        return code

    def write(self, agent: Agent, userid: str, kind: str, body: Row, author: str = "") -> Message:
        """Puts a message into one chat without the checks of sending: a member's own words, or a passive reply."""
        message = self._store(agent, kind, body, author)
        message.receivers.append(userid.lower())
        self.world.chats.setdefault(userid.lower(), []).append(message.id)
        return message

    def update(self, agent: Agent, request: Row) -> Row:
        """`message/update_template_card`."""
        if request.get("agentid") != agent.agent_id:
            raise Refusal(40056)
        code = self.world.response_codes.get(str(request.get("response_code", "")))
        if code is None or code.used or code.made_at + RESPONSE_CODE_SECONDS <= clock.epoch():
            raise Refusal(60140)
        message = self.world.messages[code.message_id]
        self._check_update(message, request)
        targets, unknown = self._targets(message, request)
        code.used = True
        for userid in targets:
            if "template_card" in request:
                self.replace_card(message, userid, request["template_card"])
            else:
                self.grey(message, userid, request["button"]["replace_name"])
        return {"invaliduser": unknown}

    def _check_update(self, message: Message, request: Row) -> None:
        if "template_card" in request:
            self._complain(cards.check(request["template_card"], updating=True))
            return
        if not (request.get("button") or {}).get("replace_name"):
            raise Refusal(40058, "button.replace_name")
        if message.body.get("card_type") not in cards.INTERACTIVE:
            raise Refusal(40058, "only interactive cards have buttons to replace")

    def _targets(self, message: Message, request: Row) -> tuple[list[str], list[str]]:
        if request.get("atall") == 1:
            return list(message.receivers), []
        users = [str(u).lower() for u in request.get("userids") or []]
        _check_counts(users, request.get("partyids") or [], request.get("tagids") or [])
        reached = set(message.receivers)
        groups = [self.directory.in_department(int(p)) for p in request.get("partyids") or []]
        groups += [self.directory.in_tag(self.directory.tag(int(t))) for t in request.get("tagids") or []]
        wanted = set(users).union(*groups)
        return sorted(wanted & reached), [u for u in users if u not in reached]

    def grey(self, message: Message, userid: str, text: str) -> None:
        """Greys this member's buttons with a text."""
        message.greyed[userid.lower()] = text

    def replace_card(self, message: Message, userid: str, card: Row) -> None:
        """Shows this member another card in the same place."""
        message.views[userid.lower()] = card
        message.greyed.pop(userid.lower(), None)
        if card.get("replace_text"):
            message.greyed[userid.lower()] = card["replace_text"]

    def recall(self, agent: Agent, message_id: str) -> None:
        """Takes a message back within 24 hours; 42052 afterwards or for a stranger's message."""
        message = self.world.messages.get(message_id)
        if message is None or message.agent_id != agent.agent_id or message.sent_at + RECALL_SECONDS <= clock.epoch():
            raise Refusal(42052)
        message.recalled = True


def _bar(value: Any) -> list[str]:
    return [part for part in str(value or "").split("|") if part]


def _check_counts(users: list[str], parties: list[Any], tags: list[Any]) -> None:
    if not users and not parties and not tags:
        raise Refusal(82001)
    if len(users) > USERS:
        raise Refusal(40032)
    if len(parties) > PARTIES:
        raise Refusal(82002)
    if len(tags) > TAGS:
        raise Refusal(82003)


def _digest(agent: Agent, request: Row) -> str:
    text = json.dumps(request, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{agent.agent_id}:{text}".encode()).hexdigest()
