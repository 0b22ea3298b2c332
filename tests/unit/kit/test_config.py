"""Whatever is wrong with the settings ends in one line that names the setting and the cure."""

from pathlib import Path
from typing import Any

import pytest

from kit import config
from tests.support import settings


def _values(**changes: Any) -> dict[str, Any]:
    return settings.values("sqlite://") | changes


def _refused(values: dict[str, Any]) -> str:
    with pytest.raises(config.BadSettings) as refused:
        config.parse(values, "config.toml")
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_good_settings_load() -> None:
    loaded = config.parse(_values(), "config.toml")
    assert loaded.wecom.own.agent_id == 1000002
    assert loaded.security.sealer().open("a", loaded.security.sealer().seal("a", b"v")) == b"v"
    assert "secret-of" not in repr(loaded)


def test_a_missing_setting_is_named() -> None:
    assert "[server] is missing" in _refused({k: v for k, v in _values().items() if k != "server"})


def test_a_misspelt_setting_is_named() -> None:
    assert "[srever] is not a setting" in _refused(_values(srever={}))


def test_a_short_aes_key_is_named_with_its_cure() -> None:
    values = _values()
    values["wecom"]["agents"][0]["encoding_aes_key"] = "short"
    assert "wecom.agents.0.encoding_aes_key] must be the 43 letters" in _refused(values)


def test_a_field_key_that_is_no_key_is_named() -> None:
    values = _values()
    values["security"] = {"field_keys": {"k1": "short"}, "current_field_key": "k1"}
    assert "security.field_keys.k1" in _refused(values)


@pytest.mark.parametrize(
    ("section", "change", "said"),
    [
        ("security", {"current_field_key": "k9"}, "current_field_key"),
        ("server", {"public_url": "hr.example.com"}, "must begin with http"),
        ("wecom", {"token_store": "redis"}, "needs redis_url"),
        ("jobs", {"lease_seconds": 3}, "[jobs.lease_seconds] Input should be greater than or equal to 10"),
    ],
)
def test_settings_that_contradict_each_other_are_named(section: str, change: dict[str, Any], said: str) -> None:
    values = _values()
    values[section] = values.get(section, {}) | change
    assert said in _refused(values)


def test_two_agents_of_one_name_are_refused() -> None:
    values = _values()
    values["wecom"]["agents"] *= 2
    assert "same name" in _refused(values)


def test_the_environment_overrides_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HR_AGENT_HR_SECRET", "from the environment")
    monkeypatch.setenv("HR_DATABASE__URL", "sqlite:///elsewhere.db")
    loaded = config.parse(_values(), "config.toml")
    assert loaded.wecom.own.secret.get_secret_value() == "from the environment"
    assert loaded.database.url.get_secret_value() == "sqlite:///elsewhere.db"


def test_a_file_that_is_absent_or_broken_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "config.toml"
    broken.write_text("[server")
    for path, said in ((broken, "not valid TOML"), (tmp_path / "none.toml", "no such file")):
        with pytest.raises(config.BadSettings, match=said):
            config.load(path)


def test_odd_agents_are_refused_not_crashed_on() -> None:
    for agents in (["x"], "x", [{}], []):
        values = _values()
        values["wecom"]["agents"] = agents
        assert "wecom.agents" in _refused(values)


def test_the_file_is_found_beside_the_application_or_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HR_CONFIG", raising=False)
    assert config.default_path(Path("/srv/hr")) == Path("/srv/hr/config.toml")
    monkeypatch.setenv("HR_CONFIG", "/etc/hr.toml")
    assert config.default_path(Path("/srv/hr")) == Path("/etc/hr.toml")
