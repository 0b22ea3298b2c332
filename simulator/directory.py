"""Departments, members and tags: who is where, and what an application may see of it."""

import re
from dataclasses import fields
from typing import Any

from simulator.errors import Refusal
from simulator.world import ROOT, Agent, Department, Member, Tag, World

Row = dict[str, Any]
_USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-@.]{0,63}")
_CHANGEABLE = {f.name for f in fields(Member)} - {"userid"}


class Directory:
    """Reads and edits. Edits return the `change_contact` body (ChangeType first) that the platform would send."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._seen: dict[str, frozenset[str]] = {}
        self._below: dict[int, frozenset[int]] = {}
        self._people: dict[int, list[Member]] | None = None

    # Reading

    def member(self, userid: str) -> Member:
        """The member, whatever the case of the id; 60111 when there is none."""
        found = self.world.members.get(userid.lower())
        if found is None:
            raise Refusal(60111, userid)
        return found

    def department(self, department_id: int) -> Department:
        """The department; 60003 when there is none."""
        found = self.world.departments.get(department_id)
        if found is None:
            raise Refusal(60003, str(department_id))
        return found

    def tag(self, tag_id: int) -> Tag:
        """The tag; 60011 when there is none."""
        found = self.world.tags.get(tag_id)
        if found is None:
            raise Refusal(60011, f"tag {tag_id}")
        return found

    def below(self, department_id: int) -> frozenset[int]:
        """The department and all under it."""
        if department_id not in self._below:
            children: dict[int, list[int]] = {}
            for department in self.world.departments.values():
                children.setdefault(department.parent_id, []).append(department.id)
            found, queue = {department_id}, [department_id]
            while queue:
                fresh = [d for d in children.get(queue.pop(), []) if d not in found]
                found.update(fresh)
                queue.extend(fresh)
            self._below[department_id] = frozenset(found)
        return self._below[department_id]

    def visible_departments(self, agent: Agent) -> set[int]:
        """The departments in the application's visible range."""
        return {d for top in agent.visible_departments for d in self.below(top) if d in self.world.departments}

    def visible_members(self, agent: Agent) -> frozenset[str]:
        """Lower-case ids of everyone in the application's visible range."""
        if agent.name not in self._seen:
            self._seen[agent.name] = self._range(agent)
        return self._seen[agent.name]

    def _range(self, agent: Agent) -> frozenset[str]:
        departments = self.visible_departments(agent)
        named = {u.lower() for u in agent.visible_members}
        for tag_id in agent.visible_tags:
            named |= self.in_tag(self.tag(tag_id))
        return frozenset(
            key for key, m in self.world.members.items() if key in named or not departments.isdisjoint(m.departments)
        )

    def people(self, department_id: int) -> list[Member]:
        """The members of exactly this department."""
        if self._people is None:
            self._people = {}
            for member in self.world.members.values():
                for department in member.departments:
                    self._people.setdefault(department, []).append(member)
        return self._people.get(department_id, [])

    def in_department(self, department_id: int) -> set[str]:
        """Lower-case ids of the members of a department and all under it."""
        return {m.userid.lower() for d in self.below(department_id) for m in self.people(d)}

    def in_tag(self, tag: Tag) -> set[str]:
        """Lower-case ids of a tag's members, its departments expanded."""
        found = {u.lower() for u in tag.members if u.lower() in self.world.members}
        return found.union(*(self.in_department(d) for d in tag.departments))

    def seen_member(self, agent: Agent, userid: str) -> Member:
        """The member, if the application may see them: 60111 unknown, 60011 out of range."""
        member = self.member(userid)
        if member.userid.lower() not in self.visible_members(agent):
            raise Refusal(60011, userid)
        return member

    def member_row(self, agent: Agent, member: Member) -> Row:
        """`user/get` as this application gets it: recent ones receive no personal field and gender "0"."""
        shown = self.visible_departments(agent)
        departments = [d for d in member.departments if d in shown]
        visible = self.visible_members(agent)
        row: Row = {
            "userid": member.userid,
            "name": member.name,
            "alias": member.alias,
            "department": departments,
            "order": [0] * len(departments),
            "is_leader_in_dept": [int(d in member.leads) for d in departments],
            "direct_leader": [u for u in member.direct_leaders if u.lower() in visible],
            "position": member.position,
            "gender": "0" if agent.recent else member.gender,
            "status": member.status,
            "telephone": "",
            "extattr": {"attrs": [_attribute(name, value) for name, value in member.extra.items()]},
        }
        if member.home in shown:
            row["main_department"] = member.home
        if not agent.recent:
            row |= {"mobile": member.mobile, "email": member.email, "biz_mail": member.biz_mail, "avatar": ""}
        return row

    def department_row(self, department: Department) -> Row:
        """One entry of `department/list`."""
        return {
            "id": department.id,
            "name": department.name,
            "name_en": "",
            "department_leader": department.leaders,
            "parentid": department.parent_id,
            "order": department.order,
        }

    # Editing

    def add_department(self, department: Department) -> Row:
        self.world.departments[department.id] = department
        self._forget()
        return {
            "ChangeType": "create_party",
            "Id": department.id,
            "Name": department.name,
            "ParentId": department.parent_id,
            "Order": department.order,
        }

    def update_department(self, department_id: int, name: str = "", parent_id: int = 0) -> Row:
        department = self.department(department_id)
        change: Row = {"ChangeType": "update_party", "Id": department_id}
        if name:
            department.name = change["Name"] = name
        if parent_id:
            if parent_id in self.below(department_id):
                raise ValueError("部门不能移到自己的下级")
            department.parent_id = change["ParentId"] = parent_id
        self._forget()
        return change

    def remove_department(self, department_id: int) -> Row:
        if department_id == ROOT or self.in_department(department_id) or len(self.below(department_id)) > 1:
            raise ValueError("只能删除没有成员和下级的部门，根部门除外")
        del self.world.departments[department_id]
        self._forget()
        return {"ChangeType": "delete_party", "Id": department_id}

    def add_member(self, member: Member) -> Row:
        self._check_userid(member.userid)
        if not 1 <= len(member.name) <= 64:
            raise ValueError("姓名应为 1 到 64 个字")
        self._check_departments(member.departments)
        self.world.members[member.userid.lower()] = member
        self._lead(member, [])
        self._forget()
        return {"ChangeType": "create_user", "UserID": member.userid, **_as_event(member, _CHANGEABLE)}

    def update_member(self, userid: str, changes: Row) -> Row:
        """Changes fields by name; the event carries only what changed."""
        member = self.member(userid)
        unknown = set(changes) - _CHANGEABLE
        if unknown:
            raise ValueError(f"成员没有这些字段：{'、'.join(sorted(unknown))}")
        self._check_departments(changes.get("departments", []))
        led = member.leads
        for name, value in changes.items():
            setattr(member, name, value)
        member.leads = [d for d in member.leads if d in member.departments]
        if member.main_department not in member.departments:
            member.main_department = 0
        self._lead(member, led)
        self._forget()
        return {"ChangeType": "update_user", "UserID": member.userid, **_as_event(member, set(changes))}

    def rename_member(self, userid: str, new_userid: str) -> Row:
        """A new id for the same person: `NewUserID`."""
        member = self.member(userid)
        self._check_userid(new_userid)
        old, new = member.userid, new_userid
        del self.world.members[old.lower()]
        member.userid = new
        self.world.members[new.lower()] = member
        self.world.chats[new.lower()] = self.world.chats.pop(old.lower(), [])
        self.world.read[new.lower()] = self.world.read.pop(old.lower(), 0)
        self._replace_everywhere(old, new)
        self._forget()
        return {"ChangeType": "update_user", "UserID": old, "NewUserID": new}

    def remove_member(self, userid: str) -> Row:
        """The member is gone for good; what they received stays readable."""
        member = self.member(userid)
        del self.world.members[member.userid.lower()]
        self._replace_everywhere(member.userid, "")
        self._forget()
        return {"ChangeType": "delete_user", "UserID": member.userid}

    def add_tag(self, tag: Tag) -> None:
        self.world.tags[tag.id] = tag
        self._forget()

    def retag(self, tag_id: int, add: list[str], remove: list[str]) -> Row:
        """Puts members into a tag and takes others out."""
        tag = self.tag(tag_id)
        tag.members = [u for u in tag.members if u not in remove] + [u for u in add if u not in tag.members]
        self._forget()
        return {
            "ChangeType": "update_tag",
            "TagId": tag_id,
            **({"AddUserItems": ",".join(add)} if add else {}),
            **({"DelUserItems": ",".join(remove)} if remove else {}),
        }

    def _check_userid(self, userid: str) -> None:
        if not _USERID.fullmatch(userid):
            raise ValueError("账号应为 1 到 64 个字母、数字或 _-@.，以字母或数字开头")
        if userid.lower() in self.world.members:
            raise ValueError(f"账号 {userid} 已存在（不分大小写）")

    def _check_departments(self, departments: list[int]) -> None:
        for department_id in departments:
            if department_id not in self.world.departments:
                raise ValueError(f"没有编号为 {department_id} 的部门")

    def _lead(self, member: Member, before: list[int]) -> None:
        for department_id in {*before, *member.leads}:
            leaders = self.department(department_id).leaders
            if member.userid in leaders:
                leaders.remove(member.userid)
            if department_id in member.leads:
                leaders.append(member.userid)

    def _replace_everywhere(self, old: str, new: str) -> None:
        lists = [m.direct_leaders for m in self.world.members.values()]
        lists += [d.leaders for d in self.world.departments.values()] + [t.members for t in self.world.tags.values()]
        for names in lists:
            if old in names:
                names[:] = [new if n == old else n for n in names if n != old or new]

    def _forget(self) -> None:
        self._seen.clear()
        self._below.clear()
        self._people = None


def _attribute(name: str, value: str) -> Row:
    return {"type": 0, "name": name, "text": {"value": value}}


def _as_event(member: Member, changed: set[str]) -> Row:
    """The changed fields in the spelling of section 7.3 of the change events (page 90970)."""
    named: Row = {
        "name": {"Name": member.name},
        "departments": {"Department": _comma(member.departments)},
        "leads": {"IsLeaderInDept": _comma([int(d in member.leads) for d in member.departments])},
        "main_department": {"MainDepartment": member.home},
        "direct_leaders": {"DirectLeader": _comma(member.direct_leaders)},
        "position": {"Position": member.position},
        "gender": {"Gender": member.gender},
        "mobile": {"Mobile": member.mobile},
        "email": {"Email": member.email},
        "biz_mail": {"BizMail": member.biz_mail},
        "alias": {"Alias": member.alias},
        "status": {"Status": member.status},
    }
    if "departments" in changed:
        changed = changed | {"leads", "main_department"}
    return {key: value for name, row in named.items() if name in changed for key, value in row.items()}


def _comma(values: list[Any]) -> str:
    return ",".join(str(v) for v in values)
