"""Starting: loopback only, one configuration for both sides, a world that survives a restart, an invented company."""

from pathlib import Path

import pytest

from kit import config
from simulator import Agent, Twin, __main__
from simulator.company import agents_of, populate
from simulator.world import Media

CONFIG = """
[server]
public_url = "http://127.0.0.1:5000"
[wecom]
corp_id = "ww0123456789abcdef"
[[wecom.agents]]
name = "hr"
agent_id = 1000002
secret = "app-secret"
token = "HrToken"
encoding_aes_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
[wecom.contacts]
secret = "sync-secret"
[wecom.miniprogram]
app_id = "wx1"
[security]
current_field_key = "k1"
[security.field_keys]
k1 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "hr.example.com", "::"])
def test_addresses_that_others_can_reach_are_refused(settings, capsys, host):
    assert __main__.main(["--host", host, "--config", str(settings)]) == 2
    assert "refused" in capsys.readouterr().err


def test_a_missing_configuration_ends_with_one_line(tmp_path, capsys):
    assert __main__.main(["--config", str(tmp_path / "none.toml")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_applications_are_those_of_the_products_configuration(settings):
    hr, sync = agents_of(config.load(settings), "http://127.0.0.1:5000")
    assert (hr.agent_id, hr.secret, hr.callback_url) == (1000002, "app-secret", "http://127.0.0.1:5000/wecom/hr")
    assert (hr.trusted_domain, hr.miniprogram_id) == ("127.0.0.1:5000", "wx1")
    assert (sync.contact_sync, sync.callback_url) == (True, "")


def test_another_corporations_state_is_refused(settings, tmp_path, capsys):
    state = tmp_path / "twin.json"
    Twin.of("ww-another", []).save(state)
    assert __main__.main(["--config", str(settings), "--state", str(state)]) == 2
    assert "ww-another" in capsys.readouterr().err


def test_a_saved_world_comes_back_whole(api, twin, buttons, product, tmp_path):
    twin.world.media["m"] = Media("file", "a.bin", "x/y", b"\x00\xff", 1)
    api.send("lihua|hanmei", "template_card", buttons())
    product.answers = [product.reply("LiHua", MsgType="update_button", Button={"ReplaceName": "已同意"})]
    twin.tap("lihua", twin.card("lihua"), "同意")
    twin.save(tmp_path / "twin.json")
    back = Twin.load(tmp_path / "twin.json", product)
    assert back.world == twin.world
    assert back.card("lihua").greyed == "已同意"
    assert back.tap("hanmei", back.card("hanmei"), "驳回").accepted


def test_a_torn_state_file_is_refused_in_words(settings, tmp_path, capsys):
    (tmp_path / "twin.json").write_text("{", encoding="utf-8")
    assert __main__.main(["--config", str(settings), "--state", str(tmp_path / "twin.json")]) == 2
    assert "twin.json" in capsys.readouterr().err


def test_the_demo_company_is_complete_small_and_invented(product):
    twin = Twin.of("ww1", [Agent("hr", 1000002, "s")], product)
    populate(twin)
    people, departments = twin.world.members, twin.world.departments
    assert len(people) == 30
    assert len(departments) == 6
    assert any("门店" in d.name for d in departments.values())
    assert "演示" in departments[1].name
    assert all(d.leaders for d in departments.values() if d.id != 1)
    tops = [m for m in people.values() if not m.direct_leaders]
    assert [m.userid for m in tops] == ["zhaojia"]
    assert all(leader in people for m in people.values() for leader in m.direct_leaders)
    assert len({m.mobile for m in people.values()}) == 30
    assert twin.directory.in_tag(twin.world.tags[3]) == twin.directory.in_department(6)
    assert product.heard == []
