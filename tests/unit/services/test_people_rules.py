"""Rules about people: userids, trees, who is suspicious, PINs and locks."""

from datetime import timedelta

import pytest

from kit.errors import Invalid
from models.enums import Role
from services.people import permissions, rules


@pytest.mark.parametrize("text", ["lihua", "LiHua", "LIHUA"])
def test_case_is_the_only_thing_userids_may_differ_in(text: str) -> None:
    assert rules.normal_userid(text) == "lihua"


LOOK_ALIKES = [
    "",
    " lihua",
    "lihua ",
    "li hua",
    "lihua\u200b",
    "ｌｉｈｕａ",
    "lihúa",
    "lihua\0",
    "李华",
    "x" * 65,
    "-a",
    "lihua\n",
]


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_look_alikes_are_no_userids(text: str) -> None:
    assert rules.normal_userid(text) is None


def test_the_kelvin_sign_does_not_become_a_k() -> None:
    assert rules.normal_userid("\u212aelvin") is None


def test_paths_lead_from_the_top() -> None:
    assert rules.paths({3: 2, 2: 1, 1: 0}) == {3: "/1/2/3/", 2: "/1/2/", 1: "/1/"}


def test_an_invisible_parent_makes_a_top() -> None:
    assert rules.paths({5: 99, 6: 5}) == {5: "/5/", 6: "/5/6/"}


def test_a_circle_is_cut() -> None:
    assert rules.paths({1: 2, 2: 1}) == {1: "/2/1/", 2: "/1/2/"}
    assert rules.paths({1: 1}) == {1: "/1/"}


@pytest.mark.parametrize(
    ("known", "present", "would"),
    [(0, 0, False), (1, 0, True), (2, 1, False), (10, 5, False), (10, 4, True), (3, 3, False)],
)
def test_fewer_than_half_is_a_fault_of_reading(known: int, present: int, would: bool) -> None:
    assert rules.would_empty(known, present) is would


@pytest.mark.parametrize(
    ("departments", "main", "home"),
    [((1, 2), 2, "b"), ((1, 2), None, "a"), ((9, 2), None, "b"), ((9,), 9, None), ((1,), 9, "a"), ((), None, None)],
)
def test_home_is_the_main_department_or_the_first_known(
    departments: tuple[int, ...], main: int | None, home: str | None
) -> None:
    assert rules.home_of(departments, main, {1: "a", 2: "b"}) == home


def test_nobody_is_their_own_superior() -> None:
    assert rules.superior_in("li", ["LI", "Wang", "chen"]) == "wang"
    assert rules.superior_in("li", ["li"]) is None


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 0), (4, 0), (5, 5), (6, 10), (7, 20), (20, 24 * 60), (10_000, 24 * 60)]
)
def test_locks_double_up_to_a_day(failures: int, minutes: int) -> None:
    assert rules.lock_after(failures) == (timedelta(minutes=minutes) if minutes else None)


@pytest.mark.parametrize("pin", ["260417", "730518", "112358"])
def test_good_pins(pin: str) -> None:
    rules.check_pin(pin)


@pytest.mark.parametrize("pin", ["111111", "234567", "765432", "123123", "12345", "abcdef", "901234"])
def test_bad_pins(pin: str) -> None:
    with pytest.raises(Invalid):
        rules.check_pin(pin)


@pytest.mark.parametrize(
    ("role", "held", "other"),
    [
        (Role.PAYROLL, [Role.PAYROLL_REVIEWER], Role.PAYROLL_REVIEWER),
        (Role.PAYROLL_REVIEWER, [Role.HR, Role.PAYROLL], Role.PAYROLL),
        (Role.AUDITOR, [Role.ADMIN], Role.ADMIN),
        (Role.HR, [Role.PAYROLL, Role.ADMIN], None),
        (Role.HR, [Role.HR], None),
    ],
)
def test_duties_are_separated(role: Role, held: list[Role], other: Role | None) -> None:
    assert rules.incompatible_with(role, held, permissions.INCOMPATIBLE) == other


def test_every_permission_is_held_by_some_role() -> None:
    held = {permission for table in permissions.ROLES.values() for permission in table} | set(permissions.MANAGER)
    assert held == set(permissions.Permission)


def test_permissions_stand_in_alphabetical_order() -> None:
    names = [permission.value for permission in permissions.Permission]
    assert names == sorted(names)


def test_every_domain_has_a_sentence_for_refusals() -> None:
    assert {permission.value.partition(".")[0] for permission in permissions.Permission} <= set(permissions.DENIALS)
