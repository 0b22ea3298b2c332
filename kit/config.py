"""Settings: one frozen section per concern, read from TOML, secrets overridable from the environment (`HR_...`).

Parts of the product receive their section, never the whole. Whatever is wrong ends with one line that names the
setting and the cure.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from kit.sealing import Sealer, parse_key
from kit.signing import Signer


class BadSettings(Exception):
    """The configuration cannot be used; the text is one line for the operator."""


def _aes_key(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) != 43 or not value.get_secret_value().isalnum():
        raise ValueError("must be the 43 letters and digits shown in the WeCom admin console (接收消息服务器配置)")
    return value


def _field_key(value: SecretStr) -> SecretStr:
    parse_key(value.get_secret_value())
    return value


def _seed(value: SecretStr) -> SecretStr:
    if value.get_secret_value():
        parse_key(value.get_secret_value())
    return value


def _address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return value.rstrip("/")


Address = Annotated[str, AfterValidator(_address)]
AesKey = Annotated[SecretStr, AfterValidator(_aes_key)]
FieldKey = Annotated[SecretStr, AfterValidator(_field_key)]
Seed = Annotated[SecretStr, AfterValidator(_seed)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(Section):
    """How the outside reaches us."""

    public_url: Address
    trusted_proxies: int = Field(0, ge=0, le=5, description="how many reverse proxies stand in front")
    frame_ancestors: tuple[Address, ...] = Field((), description="who may show our pages in a frame; nobody by default")
    domain_verify_file: str = Field("", pattern=r"^(WW_verify_[A-Za-z0-9]{1,64}\.txt)?$")


class Database(Section):
    url: SecretStr = SecretStr("sqlite:///var/hr.db")
    pool_size: int = Field(16, ge=1, le=200)


class KeyPair(Section):
    """A callback key pair that stays valid beside the current one during a rotation, at the latest `until`."""

    token: SecretStr
    encoding_aes_key: AesKey
    until: AwareDatetime


class Agent(Section):
    """One WeCom application; the first is the app's own, others serve check-in or approval."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")
    agent_id: int = Field(ge=1)
    secret: SecretStr = Field(min_length=1)
    token: SecretStr = SecretStr("")
    encoding_aes_key: AesKey | None = None
    previous: KeyPair | None = None


class Contacts(Section):
    """The directory-sync application's secret and its callback keys."""

    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    encoding_aes_key: AesKey | None = None
    previous: KeyPair | None = None


class MiniProgram(Section):
    app_id: str = ""


class Wecom(Section):
    corp_id: str = Field(min_length=1, max_length=64)
    api_base: Address = "https://qyapi.weixin.qq.com"
    authorize_url: Address = "https://open.weixin.qq.com/connect/oauth2/authorize"
    login_url: Address = "https://login.work.weixin.qq.com/wwlogin/sso/login"
    agents: tuple[Agent, ...] = Field(min_length=1)
    contacts: Contacts = Contacts()
    miniprogram: MiniProgram = MiniProgram()
    connect_timeout_seconds: float = Field(3, gt=0, le=30)
    read_timeout_seconds: float = Field(8, gt=0, le=60)
    in_flight: int = Field(8, ge=1, le=64)
    leave_in_calendar: bool = False
    member_messages_per_minute: int = Field(25, ge=1, le=29)
    token_store: Literal["database", "redis"] = "database"  # noqa: S105 — the name of a place, not a secret
    redis_url: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _distinct(self) -> "Wecom":
        if len({agent.name for agent in self.agents}) != len(self.agents):
            raise ValueError("two agents have the same name")
        if self.token_store == "redis" and not self.redis_url.get_secret_value():  # noqa: S105 — see above
            raise ValueError('token_store = "redis" needs redis_url')
        return self

    @property
    def own(self) -> Agent:
        """The app's own agent: it sends, it receives, people log in through it."""
        return self.agents[0]


class Security(Section):
    field_keys: dict[str, FieldKey] = Field(min_length=1, description="key id → 32 bytes, base 64")
    current_field_key: str
    receipt_key: Seed = Field(SecretStr(""), description="32 bytes, base 64, that sign receipts; empty derives them")
    step_up: Literal["pin", "totp"] = "pin"
    step_up_minutes: int = Field(5, ge=1, le=60)
    session_idle_minutes: int = Field(30, ge=5, le=480)
    session_hours: int = Field(12, ge=1, le=24)

    @model_validator(mode="after")
    def _current_exists(self) -> "Security":
        if self.current_field_key not in self.field_keys:
            raise ValueError("current_field_key names no key in field_keys")
        return self

    def sealer(self) -> Sealer:
        """The key ring, ready to seal and open."""
        return Sealer({k: parse_key(v.get_secret_value()) for k, v in self.field_keys.items()}, self.current_field_key)

    def signer(self) -> Signer:
        """What signs receipts: the key given, else one derived from the first field key."""
        given = self.receipt_key.get_secret_value()
        return Signer(parse_key(given) if given else self.sealer().mac("receipt.key", b"ed25519"))


class Jobs(Section):
    engine: Literal["local", "celery"] = "local"
    broker_url: SecretStr = SecretStr("")
    threads: int = Field(12, ge=1, le=64, description="more than in_flight: some are busy with the database")
    lease_seconds: int = Field(90, ge=10, le=3600, description="longer than one task takes: then another takes it over")

    @model_validator(mode="after")
    def _broker(self) -> "Jobs":
        if self.engine == "celery" and not self.broker_url.get_secret_value():
            raise ValueError('engine = "celery" needs broker_url')
        return self


class Audit(Section):
    anchor_file: str = Field(
        "var/audit-anchor.log", description="the chain head goes here, best on another owner's disk"
    )
    receipt_file: str = Field("var/receipt-roots.log", description="each day's root of receipts goes here, likewise")


class Pdf(Section):
    font_path: str = Field("", description="an OpenType font with Chinese; empty takes the packaged one")


class Log(Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_prefix="HR_",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    server: Server
    database: Database = Database()
    wecom: Wecom
    security: Security
    jobs: Jobs = Jobs()
    audit: Audit = Audit()
    pdf: Pdf = Pdf()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, which arrives as init values."""
        return env_settings, init_settings


def default_path(beside: Path) -> Path:
    """`HR_CONFIG`, or `config.toml` in the folder given."""
    return Path(os.environ.get("HR_CONFIG") or beside / "config.toml")


def load(path: Path) -> Settings:
    """Settings from a TOML file and the environment; `BadSettings` says in one line what to mend."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadSettings(f"{path}: no such file; copy config.example.toml there or set HR_CONFIG") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path}: not valid TOML: {error}") from None
    return parse(values, str(path))


def parse(values: dict[str, Any], source: str) -> Settings:
    """Settings from plain values, with the agents' secrets overridable as `HR_AGENT_<NAME>_SECRET`."""
    try:
        return Settings(**_with_agent_environment(values))
    except ValidationError as error:
        raise BadSettings(f"{source}: {_first_line(error)}") from None


def _with_agent_environment(values: dict[str, Any]) -> dict[str, Any]:
    # Lists cannot be addressed by the settings library, so agents are overridden by their name.
    wecom = values.get("wecom")
    if not isinstance(wecom, dict) or not isinstance(wecom.get("agents"), list):
        return values
    agents = [agent | _environment_of(agent) if isinstance(agent, dict) else agent for agent in wecom["agents"]]
    return {**values, "wecom": {**wecom, "agents": agents}}


def _environment_of(agent: dict[str, Any]) -> dict[str, str]:
    prefix = f"HR_AGENT_{agent.get('name', '')}_".upper().replace("-", "_")
    names = ("secret", "token", "encoding_aes_key")
    return {name: os.environ[prefix + name.upper()] for name in names if prefix + name.upper() in os.environ}


def _first_line(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "(file)"
    advice = {
        "missing": "is missing; config.example.toml shows it",
        "extra_forbidden": "is not a setting; is it misspelt? config.example.toml lists all of them",
    }.get(first["type"], first["msg"].removeprefix("Value error, "))
    return f"[{place}] {advice}"
