"""Sending, updating, recalling, counting (pages 90236, 94888, 94867, 92369)."""

from datetime import timedelta
from typing import Any

from kit import clock
from simulator.api.desk import Asked, Routes
from simulator.errors import Refusal

routes = Routes()
UNLIMITED = 10**9  # sending counts against the daily quota, not against the interface limits


@routes.post("message/send", per_minute=UNLIMITED)
def send(asked: Asked) -> dict[str, Any]:
    return asked.twin.mailroom.send(asked.agent, asked.body)


@routes.post("message/update_template_card")
def update_template_card(asked: Asked) -> dict[str, Any]:
    return asked.twin.mailroom.update(asked.agent, asked.body)


@routes.post("message/recall")
def recall(asked: Asked) -> None:
    asked.twin.mailroom.recall(asked.agent, str(asked.body.get("msgid", "")))


@routes.post("message/get_statistics")
def get_statistics(asked: Asked) -> dict[str, Any]:
    days = asked.body.get("time_type", 0)
    if days not in (0, 1):
        raise Refusal(40035, "time_type")
    key = f"{asked.agent.agent_id}:{clock.today() - timedelta(days=days)}"
    count = asked.twin.world.sent_today.get(key, 0)
    return {"statistics": [{"agentid": asked.agent.agent_id, "app_name": asked.agent.name, "count": count}]}
