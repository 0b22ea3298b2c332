"""Tokens live two hours, codes work once, tickets belong to their kind."""

from datetime import UTC, datetime, timedelta

from kit import clock

START = datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_a_token_is_the_same_until_it_expires_and_calls_are_counted(api, twin):
    with clock.frozen(START):
        first = api.token()
        assert api.token() == first
    with clock.frozen(START + timedelta(hours=2)):
        assert api.token() != first
        assert api.get("user/get", access_token=first, userid="lihua")["errcode"] == 42001
    assert twin.credentials.gettoken_calls["hr"] == 3


def test_each_application_has_its_own_token(api):
    assert api.token() != api.token("sync-secret")


def test_a_wrong_pair_is_refused_by_what_is_wrong(api):
    assert api.get("gettoken", corpid="ww1", corpsecret="app-secret")["errcode"] == 40013
    assert api.get("gettoken", corpid="ww0123456789abcdef", corpsecret="wrong")["errcode"] == 40001


def test_a_call_without_or_with_an_unknown_token_is_refused(api):
    assert api.get("user/get", userid="lihua")["errcode"] == 41001
    assert api.get("user/get", userid="lihua", access_token="invented")["errcode"] == 40014


def test_tokens_can_be_expired_and_revoked_at_will_and_the_next_one_is_fresh(api, twin):
    for end, code in ((twin.expire_token, 42001), (twin.revoke_token, 40014)):
        old = api.token()
        end()
        assert api.get("department/list", access_token=old)["errcode"] == code
        assert api.call("department/list")["errcode"] == 0


def test_an_application_may_be_limited_to_addresses(api, twin):
    twin.agent.trusted_ips = ["10.0.0.1"]
    answer = api.call("department/list")
    assert answer["errcode"] == 60020
    assert "from ip" in answer["errmsg"]


def test_contact_sync_may_not_do_what_applications_do_nor_the_reverse(api):
    sync = api.token("sync-secret")
    assert api.get("user/get", access_token=sync, userid="lihua")["errcode"] == 48002
    assert api.post("user/list_id", {})["errcode"] == 48002
    assert api.post("message/send", {}, access_token=sync)["errcode"] == 48002


def test_a_built_in_app_must_have_admitted_the_application(api, twin):
    twin.agent.may = []
    assert api.post("checkin/getcorpcheckinoption")["errcode"] == 48002


def test_a_login_code_works_once(api, twin):
    code = twin.oauth_code("lihua")
    assert api.call("auth/getuserinfo", code=code)["userid"] == "LiHua"
    assert api.call("auth/getuserinfo", code=code)["errcode"] == 40029


def test_a_login_code_expires_after_five_minutes(api, twin):
    with clock.frozen(START):
        code = twin.oauth_code("lihua")
    with clock.frozen(START + timedelta(minutes=5)):
        assert api.call("auth/getuserinfo", code=code)["errcode"] == 40029


def test_a_login_code_is_bound_to_its_application_and_its_kind(api, twin):
    assert api.call("auth/getuserinfo", code=twin.oauth_code("lihua", agent="contacts"))["errcode"] == 40029
    assert api.call("auth/getuserinfo", code=twin.js_code("lihua"))["errcode"] == 40029


def test_consent_gives_a_ticket_for_the_fields_the_directory_withholds(api, twin):
    assert "user_ticket" not in api.call("auth/getuserinfo", code=twin.oauth_code("lihua"))
    ticket = api.call("auth/getuserinfo", code=twin.oauth_code("lihua", private=True))["user_ticket"]
    detail = api.post("auth/getuserdetail", {"user_ticket": ticket})
    assert (detail["mobile"], detail["gender"]) == ("19900000001", "1")
    assert api.post("auth/getuserdetail", {"user_ticket": "invented"})["errcode"] == 84015


def test_a_user_ticket_expires_after_half_an_hour(api, twin):
    with clock.frozen(START):
        ticket = api.call("auth/getuserinfo", code=twin.oauth_code("lihua", private=True))["user_ticket"]
    with clock.frozen(START + timedelta(minutes=30)):
        assert api.post("auth/getuserdetail", {"user_ticket": ticket})["errcode"] == 84014


def test_a_mini_program_code_gives_corporation_and_member_once(api, twin):
    code = twin.js_code("lihua")
    first = api.call("miniprogram/jscode2session", js_code=code, grant_type="authorization_code")
    assert (first["corpid"], first["userid"], len(first["session_key"])) == ("ww0123456789abcdef", "LiHua", 24)
    assert api.call("miniprogram/jscode2session", js_code=code, grant_type="authorization_code")["errcode"] == 40029
    assert api.call("miniprogram/jscode2session", js_code=twin.js_code("lihua"))["errcode"] == 40035


def test_the_two_js_tickets_differ_and_repeat_until_they_expire(api):
    corporation, application = api.call("get_jsapi_ticket"), api.call("ticket/get", type="agent_config")
    assert corporation["ticket"] != application["ticket"]
    assert api.call("get_jsapi_ticket")["ticket"] == corporation["ticket"]
    assert api.call("ticket/get", type="jsapi")["errcode"] == 91040
