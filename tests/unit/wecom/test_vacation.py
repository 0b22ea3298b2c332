"""WeCom's own leave: seconds in both units, the limits of a write, and what its errors want."""

from typing import Any

import pytest

import wecom
from tests.support.wire import Wire
from wecom import InvalidMessage, Later, Misconfigured, Refused
from wecom.vacation import BY_DAY, BY_HOUR, DAY, HOUR, OUTSIDE_SCOPE, NewQuota, VacationQuota

CONFIGURED = {
    "id": 1,
    "name": "年假",
    "time_attr": 0,
    "duration_type": 1,
    "quota_attr": {
        "type": 1,
        "autoreset_time": 1640966400,
        "autoreset_duration": 0,
        "quota_rule_type": 1,
        "quota_rules": {
            "list": [{"quota": 432000, "begin": 1, "end": 10}, {"quota": 864000, "begin": 10, "end": 0}],
            "based_on_actual_work_time": True,
        },
        "at_entry_date": False,
        "auto_reset_month_day": 101,
    },
    "perday_duration": 28800,
    "is_newovertime": 0,
    "enter_comp_time_limit": 12,
    "expire_rule": {
        "type": 2,
        "duration": 1,
        "date": {"month": 12, "day": 31},
        "extern_duration_enable": True,
        "extern_duration": {"month": 3, "day": 31},
    },
    "a_field_of_tomorrow": 1,
}
SET = {"userid": "lihua", "vacation_id": 1, "time_attr": BY_DAY, "leftduration": 5 * DAY}


def test_the_configuration_is_read_with_its_rules(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("oa/vacation/getcorpconf", {"lists": [CONFIGURED, {"id": 2, "name": "调休", "time_attr": 1}]})
    annual, compensatory = tencent.vacation.kinds()
    assert annual.quota_attr is not None
    assert annual.quota_attr.quota_rules is not None
    assert [(tier.quota, tier.begin, tier.end) for tier in annual.quota_attr.quota_rules.tiers] == [
        (5 * DAY, 1, 10),
        (10 * DAY, 10, 0),
    ]
    assert annual.expire_rule is not None
    assert annual.expire_rule.extern_duration is not None
    assert (annual.expire_rule.extern_duration.month, annual.is_unlimited) == (3, False)
    assert (compensatory.time_attr, compensatory.quota_attr) == (BY_HOUR, None)


def test_a_kind_without_limit_is_told_apart(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("oa/vacation/getcorpconf", {"lists": [{**CONFIGURED, "quota_attr": {"type": 0}}]})
    assert tencent.vacation.kinds()[0].is_unlimited


@pytest.mark.parametrize("broken", [{"id": 1, "time_attr": 0}, {**CONFIGURED, "time_attr": 2}])
def test_a_broken_configuration_is_not_believed(broken: dict[str, Any], wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("oa/vacation/getcorpconf", {"lists": [broken]})
    with pytest.raises(Later):
        tencent.vacation.kinds()


def test_what_a_member_has_is_read_in_seconds(wire: Wire, tencent: wecom.Client) -> None:
    told = {"id": 1, "vacationname": "年假", "assignduration": 864000, "usedduration": 43200, "leftduration": 820800}
    wire.answers("oa/vacation/getuservacationquota", {"lists": [{**told, "real_assignduration": 864000}]})
    expected = VacationQuota(id=1, name="年假", assigned=10 * DAY, used=DAY // 2, left=820800, real_assigned=10 * DAY)
    assert tencent.vacation.quota("lihua") == [expected]
    assert wire.calls("oa/vacation/getuservacationquota")[0].json == {"userid": "lihua"}


def test_an_unusable_userid_is_never_asked_for(wire: Wire, tencent: wecom.Client) -> None:
    with pytest.raises(InvalidMessage) as refused:
        tencent.vacation.quota("李华")
    assert (refused.value.field, wire.asked) == ("userid", [])


@pytest.mark.parametrize(
    ("unit", "seconds"),
    [(BY_DAY, 0), (BY_DAY, 8640), (BY_DAY, 1000 * DAY), (BY_HOUR, 360), (BY_HOUR, 24_000 * HOUR)],
)
def test_what_is_left_is_written_in_steps_of_a_tenth(
    unit: int, seconds: int, wire: Wire, tencent: wecom.Client
) -> None:
    remarks = "假" * 200
    tencent.vacation.set_left(NewQuota(**SET | {"time_attr": unit, "leftduration": seconds, "remarks": remarks}))
    assert wire.calls("oa/vacation/setoneuserquota")[0].json == {
        "userid": "lihua",
        "vacation_id": 1,
        "time_attr": unit,
        "leftduration": seconds,
        "remarks": remarks,
    }


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"userid": ""}, "userid", "not a userid"),
        ({"vacation_id": 0}, "vacation_id", "greater than or equal to 1"),
        ({"vacation_id": "1"}, "vacation_id", "integer"),
        ({"time_attr": 2}, "time_attr", "0 or 1"),
        ({"leftduration": -8640}, "leftduration", "greater than or equal to 0"),
        ({"leftduration": 8640.0}, "leftduration", "integer"),
        ({"leftduration": True}, "leftduration", "integer"),
        ({"leftduration": 8641}, "leftduration", "not a multiple of 8640"),
        ({"leftduration": 3600}, "leftduration", "not a multiple of 8640"),
        ({"leftduration": 1000 * DAY + 8640}, "leftduration", "at most 86400000"),
        ({"time_attr": 1, "leftduration": 359}, "leftduration", "not a multiple of 360"),
        ({"time_attr": 1, "leftduration": 24_000 * HOUR + 360}, "leftduration", "at most 86400000"),
        ({"remarks": "假" * 201}, "remarks", "200"),
        ({"days": 5}, "days", "not permitted"),
    ],
)
def test_a_write_that_wecom_would_refuse_names_the_field(wrong: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(InvalidMessage, match=words) as refused:
        NewQuota(**SET | wrong)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("errcode", "kind"), [(301062, Misconfigured), (301063, Refused), (301064, Later), (OUTSIDE_SCOPE, Refused)]
)
def test_errors_say_what_to_do(errcode: int, kind: type[Exception], wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("oa/vacation/setoneuserquota", {"errcode": errcode, "errmsg": "no"})
    with pytest.raises(wecom.WecomError) as refused:
        tencent.vacation.set_left(NewQuota(**SET))
    assert (type(refused.value), refused.value.errcode) == (kind, errcode)


def test_a_lost_answer_of_a_write_is_ambiguous(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("oa/vacation/setoneuserquota", b"<html>")
    with pytest.raises(Later) as lost:
        tencent.vacation.set_left(NewQuota(**SET))
    assert lost.value.is_ambiguous
