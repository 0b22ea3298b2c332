"""A company from a TOML file, such as the invented one of the demo."""

import tomllib
from pathlib import Path
from typing import Any

from kit.config import Settings
from simulator.twin import CONTACTS, Twin
from simulator.world import Agent

DEMO = Path(__file__).with_name("demo_company.toml")


def agents_of(settings: Settings, product: str) -> list[Agent]:
    """The applications as the product is configured, with callbacks to `product` + `/wecom/<name>`."""
    wecom = settings.wecom
    domain = settings.server.public_url.split("://", 1)[1]
    agents = [
        Agent(
            name=agent.name,
            agent_id=agent.agent_id,
            secret=agent.secret.get_secret_value(),
            token=agent.token.get_secret_value(),
            aes_key=agent.encoding_aes_key.get_secret_value() if agent.encoding_aes_key else "",
            callback_url=f"{product}/wecom/{agent.name}" if agent.encoding_aes_key else "",
            trusted_domain=domain,
            miniprogram_id=wecom.miniprogram.app_id if agent is wecom.own else "",
        )
        for agent in wecom.agents
    ]
    contacts = wecom.contacts
    if contacts.secret.get_secret_value():
        key = contacts.encoding_aes_key.get_secret_value() if contacts.encoding_aes_key else ""
        agents.append(
            Agent(
                name=CONTACTS,
                agent_id=0,
                secret=contacts.secret.get_secret_value(),
                token=contacts.token.get_secret_value(),
                aes_key=key,
                callback_url=f"{product}/wecom/{CONTACTS}" if key else "",
                contact_sync=True,
                may=[],
            )
        )
    return agents


def populate(twin: Twin, path: Path = DEMO) -> None:
    """Departments, people, tags and office data of a file, told to nobody. Calling it on a filled twin is an error."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    with twin.quiet():
        twin.world.departments[1].name = data["name"]
        for department in data["departments"]:
            twin.add_department(
                department["name"], department.get("parent", 1), department["id"], department.get("order", 0)
            )
        for row in data["people"]:
            _join(twin, dict(row))
        for tag in data.get("tags", []):
            twin.add_tag(tag["id"], tag["name"], tag.get("members", []), tag.get("departments", []))
    twin.world.office.vacations = data.get("vacations", [])
    twin.world.office.rules = data.get("checkin_rules", [])


def _join(twin: Twin, row: dict[str, Any]) -> None:
    leader = row.pop("leader", "")
    twin.add_member(
        row.pop("userid"),
        row.pop("name"),
        row.pop("departments"),
        direct_leaders=[leader] if leader else [],
        **row,
    )
