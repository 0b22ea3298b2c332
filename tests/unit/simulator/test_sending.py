"""What `message/send` accepts, refuses, drops in silence and swallows as a repeat."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from kit import clock

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
TEXT = {"content": "你好"}


def test_unknown_receivers_come_back_in_lower_case_and_the_others_receive(api, twin):
    answer = api.send("LiHua|NoBody", "text", TEXT)
    assert (answer["errcode"], answer["invaliduser"]) == (0, "nobody")
    assert [m.text for m in twin.chat("lihua")] == ["你好"]


def test_when_nobody_can_be_reached_the_call_fails(api):
    assert api.send("nobody|noone", "text", TEXT)["errcode"] == 81013
    assert api.send("", "text", TEXT)["errcode"] == 82001


def test_departments_and_tags_reach_their_members_once(api, twin):
    api.send("LiHua", "text", TEXT, toparty="3", totag="7")
    assert {u for u in twin.world.members if twin.chat(u)} == {"lihua", "wangwu", "both", "zhaoliu"}
    assert len(twin.chat("lihua")) == 1


def test_all_means_the_visible_range(api, twin):
    twin.agent.visible_departments = [2]
    api.send("@all", "text", TEXT)
    assert {u for u in twin.world.members if twin.chat(u)} == {"lihua", "hanmei", "both"}


def test_a_thousand_receivers_and_no_more(api):
    assert api.send("|".join(["lihua"] * 1000), "text", TEXT)["errcode"] == 0
    assert api.send("|".join(["lihua"] * 1001), "text", TEXT)["errcode"] == 40032
    assert api.send("", "text", TEXT, toparty="|".join("2" * 101))["errcode"] == 82002
    assert api.send("", "text", TEXT, totag="|".join("7" * 101))["errcode"] == 82003


def test_the_agent_must_be_the_callers(api):
    body = {"touser": "lihua", "msgtype": "text", "agentid": 1, "text": TEXT}
    assert api.post("message/send", body)["errcode"] == 40056


def test_bodies_must_be_json_in_plain_utf8(api):
    query = {"access_token": api.token()}
    assert api.raw("POST", "message/send", query, b"{oops").get_json()["errcode"] == 47001
    escaped = json.dumps({"text": "你"}).encode()
    assert api.raw("POST", "message/send", query, escaped).get_json()["errcode"] == 40033


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("text", {"content": ""}, 44004),
        ("text", None, 40058),
        ("markdown", {"content": "字" * 683}, 45002),
        ("file", {"media_id": "gone"}, 40007),
        ("textcard", {"title": "题" * 129, "description": "述", "url": "https://x"}, 45003),
        ("textcard", {"title": "题", "description": "述" * 513, "url": "https://x"}, 45004),
        ("textcard", {"title": "题", "description": "述", "url": "x.com"}, 40058),
        ("textcard", {"title": "题", "description": "述", "url": "https://" + "x" * 2048}, 45005),
        ("textcard", {"title": "题", "description": "述", "url": "https://x", "btntxt": "五个字太长"}, 40058),
        ("news", {"articles": []}, 45008),
        ("news", {"articles": [{"title": "题", "url": "https://x"}] * 9}, 45008),
        ("news", {"articles": [{"title": "题" * 43, "url": "https://x"}]}, 45003),
        ("mpnews", {"articles": [{"title": "题", "content": "文", "thumb_media_id": "gone"}]}, 40007),
        ("miniprogram_notice", {"appid": "wx1", "title": "短"}, 45003),
        ("miniprogram_notice", {"appid": "other", "title": "四个字的"}, 90206),
        ("miniprogram_notice", {"appid": "wx1", "title": "四个字的", "content_item": [{"key": "k"}]}, 90203),
        ("miniprogram_notice", {"appid": "wx1", "title": "四个字的", "content_item": [{}] * 11}, 90201),
        ("poster", {}, 40008),
    ],
)
def test_a_bad_body_is_refused_and_nobody_receives(api, twin, kind, body, code):
    assert api.send("lihua", kind, body)["errcode"] == code
    assert twin.chat("lihua") == []


def test_long_text_is_cut_in_silence_on_a_whole_character(api, twin):
    assert api.send("lihua", "text", {"content": "字" * 700})["errcode"] == 0
    assert twin.chat("lihua")[0].body["content"] == "字" * 682


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("markdown", {"content": "**好**"}),
        ("textcard", {"title": "题", "description": "述", "url": "https://x"}),
        ("news", {"articles": [{"title": "题", "url": "https://x"}]}),
        ("news", {"articles": [{"title": "题", "appid": "wx1", "pagepath": "pages/a"}]}),
        ("miniprogram_notice", {"appid": "wx1", "title": "四个字的", "content_item": [{"key": "k", "value": "v"}]}),
    ],
)
def test_a_good_body_arrives_as_it_is(api, twin, kind, body):
    assert api.send("lihua", kind, body)["errcode"] == 0
    assert (twin.chat("lihua")[0].kind, twin.chat("lihua")[0].body) == (kind, body)


def test_above_thirty_a_minute_the_excess_is_dropped_and_called_a_success(api, twin):
    with clock.frozen(START):
        answers = [api.send("lihua", "text", TEXT)["errcode"] for _ in range(32)]
        api.send("hanmei", "text", TEXT)
    assert set(answers) == {0}
    assert (len(twin.chat("lihua")), len(twin.mailroom.dropped), len(twin.chat("hanmei"))) == (30, 2, 1)
    with clock.frozen(START + timedelta(minutes=1)):
        api.send("lihua", "text", TEXT)
    assert len(twin.chat("lihua")) == 31


def test_above_a_thousand_an_hour_the_excess_is_dropped(api, twin):
    twin.mailroom.daily_quota = 2000
    for minute in range(35):
        with clock.frozen(START + timedelta(minutes=minute)):
            for _ in range(29):
                api.send("lihua", "text", TEXT)
    assert len(twin.chat("lihua")) == 1000
    assert len(twin.mailroom.dropped) == 15


def test_an_identical_request_within_the_interval_is_swallowed(api, twin):
    once = {"enable_duplicate_check": 1, "duplicate_check_interval": 600}
    with clock.frozen(START):
        first = api.send("lihua", "text", TEXT, **once)
        again = api.send("lihua", "text", TEXT, **once)
        api.send("lihua", "text", {"content": "另一句"}, **once)
    assert (again["errcode"], again["msgid"]) == (0, first["msgid"])
    assert len(twin.chat("lihua")) == 2
    with clock.frozen(START + timedelta(seconds=600)):
        api.send("lihua", "text", TEXT, **once)
    assert len(twin.chat("lihua")) == 3


def test_a_repeated_card_is_swallowed_before_its_task_id_is_found_used(api, twin, buttons):
    first = api.send("lihua", "template_card", buttons(), enable_duplicate_check=1)
    again = api.send("lihua", "template_card", buttons(), enable_duplicate_check=1)
    assert "response_code" in first
    assert again["errcode"] == 0
    assert "response_code" not in again
    assert len(twin.chat("lihua")) == 1


def test_without_the_check_a_repeat_arrives_twice(api, twin):
    api.send("lihua", "text", TEXT)
    api.send("lihua", "text", TEXT)
    assert len(twin.chat("lihua")) == 2


def test_the_daily_quota_counts_persons_not_calls(api, twin):
    twin.mailroom.daily_quota = 5
    with clock.frozen(START):
        assert api.send("@all", "text", TEXT)["errcode"] == 0
        assert api.send("lihua", "text", TEXT)["errcode"] == 45009
        assert api.post("message/get_statistics", {"time_type": 0})["statistics"][0]["count"] == 5
    with clock.frozen(START + timedelta(days=1)):
        assert api.send("lihua", "text", TEXT)["errcode"] == 0


def test_a_message_can_be_recalled_for_a_day(api, twin):
    with clock.frozen(START):
        first, second = (api.send("lihua", "text", TEXT)["msgid"] for _ in range(2))
        assert api.post("message/recall", {"msgid": first})["errcode"] == 0
    with clock.frozen(START + timedelta(hours=24)):
        assert api.post("message/recall", {"msgid": second})["errcode"] == 42052
    assert [m.recalled for m in twin.chat("lihua")] == [True, False]


def test_an_interface_has_its_minute_limit_but_sending_has_not(api, twin):
    assert [api.call("ticket/get", type="agent_config")["errcode"] for _ in range(101)][-1] == 45009
    twin.enforces_rates = False
    assert api.call("ticket/get", type="agent_config")["errcode"] == 0
