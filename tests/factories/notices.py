"""A company that can be written to, and notices for it."""

from models.base import db
from models.enums import Role
from models.people import Department, Person
from services import notices, people, platform
from simulator import Twin
from tests.factories import people as make

BODY = "各位同事：\n\n# 放假安排\n- **4月4日**至4月6日放假\n> 详见 https://hr.example.com/qm"


def staff(twin: Twin, *userids: str, dept: Department | None = None) -> list[Person]:
    """Employees who are in our directory and in WeCom's."""
    with twin.quiet():
        for userid in userids:
            twin.add_member(userid, userid)
    return [make.person(userid, dept=dept) for userid in userids]


def hr(twin: Twin) -> Person:
    """The person in charge of notices."""
    with twin.quiet():
        twin.add_member("hr", "韩梅梅")
    return make.person("hr", "韩梅梅", roles=(Role.HR,))


def draft(author: str = "hr", **wish: object) -> str:
    """A draft, for everybody unless said otherwise; its id."""
    chosen = {"departments", "tags", "roles", "persons"} & wish.keys()
    wish = {"title": "清明节放假安排", "body": BODY, "is_for_all": not chosen, **wish}
    with platform.unit_of_work():
        return notices.create(people.by_userid(author), notices.Draft(**wish))


def sent(author: str = "hr", **wish: object) -> str:
    """A notice whose sending has begun; its id."""
    made = draft(author, **wish)
    with platform.unit_of_work():
        actor = people.by_userid(author)
        notices.send(actor, made, notices.Send(people=notices.get(actor, made).people))
    db.session.expire_all()
    return made
