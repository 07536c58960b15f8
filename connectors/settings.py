"""Settings: read once at the start from the environment and ``.env``, and from nowhere else."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.ai_label import Labelling
from bot.desk.reception import HumanDesk
from bot.pace import Limits
from bot.sentinel_url import is_watched, watched
from connectors.alerts.mail import MailServer
from connectors.store.retention import Retention
from connectors.wechat.capabilities import AccountKind, Capability, may

Mode = Literal["plain", "compatible", "safe"]


class SettingsError(Exception):
    """A setting is missing or malformed; the message is one sentence that names it and its place."""


def _split(value: Any) -> Any:
    parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    return tuple(part for part in parts if part)


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
        raise ValueError("must be an http:// or https:// address")
    return value.rstrip("/")


def _aes_key(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9+/]{43}", value.get_secret_value()):
        raise ValueError("must be 43 letters and digits, as the console of WeChat shows it")
    return value


def _redis_address(value: str) -> str:
    if is_watched(value):
        watched(value)
    elif not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must begin with redis://, rediss://, unix:// or redis+sentinel://")
    return value


def _robot(value: SecretStr) -> SecretStr:
    _address(value.get_secret_value().partition("?")[0])
    return value


def _level(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


Address = Annotated[str, AfterValidator(_address)]
Addresses = Annotated[tuple[Address, ...], NoDecode, BeforeValidator(_split)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
AlertUrl = Annotated[SecretStr, AfterValidator(_robot)]
AesKey = Annotated[SecretStr, AfterValidator(_aes_key)]


class Settings(BaseSettings):
    """Everything that can be set. Field names in capitals are the names in the environment."""

    model_config = SettingsConfigDict(
        env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    wechat_accounts_file: Path | None = None
    """A file with several accounts instead of the one below; see ``connectors.accounts``."""
    wechat_account_name: str = ""
    """What this account is called in that file; empty where there is only one."""
    wechat_app_id: str = Field(pattern=r"^wx[0-9a-zA-Z]{16}$")
    wechat_app_secret: SecretStr
    wechat_token: SecretStr
    wechat_encoding_aes_key: AesKey | None = None
    wechat_encoding_aes_key_previous: AesKey | None = None
    wechat_mode: Mode | None = None
    wechat_account_kind: AccountKind = "verified_service"
    wechat_api_url: Address = "https://api.weixin.qq.com"
    wechat_ai_label: Labelling = "generated"
    """What is marked as made by a machine: generated texts, everything that the bot says, or nothing."""

    human_desk: HumanDesk = "bida"
    """Where people answer: at Bida's desk, or (``wechat``) at WeChat's own, by ``transfer_customer_service``."""

    redis_url: Annotated[str, AfterValidator(_redis_address)] | None = None
    rasa_url: Addresses = ("http://127.0.0.1:5005",)
    rasa_url_file: Path | None = None
    """A file with the brains' addresses, read again when it changes; it goes before ``rasa_url``."""
    actions_url: Address = "http://127.0.0.1:5055"
    crm_url: Address | None = None
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)
    public_url: Address | None = None
    trusted_proxies: Names = ()
    media_dir: Path = Path("var/media")
    """Where followers' pictures, voices and videos are kept."""
    media_limit_bytes: int = Field(20 * 1024 * 1024, ge=1)
    """A larger file is not fetched; WeChat takes up to 10 MB."""
    desk_admin_password: SecretStr | None = None
    demo_examples: bool = True
    """Whether a fresh demo begins with example teams, people and followers."""
    desk_undo_seconds: float = Field(2.5, ge=0, le=30)
    """How long an agent's words wait for further ones and can be taken back. 0: they leave at once."""
    desk_session_hours: float = Field(12, gt=0)
    """How long after the log-in a session at the desk ends, whatever happens: a working day."""
    desk_idle_minutes: float = Field(120, gt=0)
    """How long after its last page a session ends; an open page asks for news by itself."""
    keep_audit_days: int = Field(365, ge=1)
    """How long it is known who saw and changed what at the desk."""

    alert_wecom_url: AlertUrl | None = None
    """The webhook of a WeCom group robot that tells of what waits; its key is a secret."""
    alert_mail_to: Names = ()
    """Who gets such alerts by e-mail."""
    alert_every_minutes: float = Field(5, ge=0)
    """A team gets one alert of a kind in so long; what comes meanwhile is counted in the next."""
    alert_sla_seconds: float = Field(60, ge=0)
    """How long before a promised word is late that is told."""
    alert_language: Literal["zh", "en"] = "zh"
    arrival_minutes: float = Field(5, gt=0)
    """How long a shop's manager has to answer for a VIP's arrival before the next one is asked."""
    smtp_host: str | None = None
    smtp_port: int | None = Field(None, ge=1, le=65535)
    """Absent: 587, 465 or 25, as ``smtp_security`` says."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr | None = None
    smtp_from: str = ""
    """Absent: ``smtp_user``, where that is an address."""

    agent_offline_seconds: float = Field(300.0, gt=0)
    """How long an agent counts as there without any sign of an open page: browsers put pages to sleep."""

    simulator_port: int = Field(8090, ge=1, le=65535)
    """Where the demo's simulated WeChat listens, on loopback."""
    reply_seconds: float = Field(4.0, gt=0, lt=5)
    """How long a callback waits for its reply; WeChat hangs up after 5 s."""
    brain_seconds: float = Field(15.0, gt=0)
    """How long the brain may take before the enquiry goes to a person."""
    worker_followers: int = Field(32, ge=1)
    """How many followers of an account one process serves at the same time."""
    log_level: Annotated[Literal["debug", "info", "warning"], BeforeValidator(_level)] = "info"
    """``debug`` tells each message's way, step by step."""
    wechat_deliveries: int = Field(3, ge=1, le=4)
    """How often WeChat delivers a push that is not answered; an account that cannot send answers on any of them."""
    merge_seconds: float = Field(2.0, ge=0)
    """How long the quick bubbles of one thought are waited for at most; at most half of ``reply_seconds``. 0: never."""
    follower_messages_per_minute: int = Field(20, ge=0)
    """More of one follower in a minute get a person instead of the bot. 0: no limit, here and below."""
    follower_messages_per_day: int = Field(300, ge=0)
    follower_same_messages: int = Field(5, ge=0)
    """The same words so often in a row are taken for another machine."""
    follower_unread_messages: int = Field(50, ge=0)
    """More unread messages of one follower are not taken in, and the follower is told so."""
    followers_waiting: int = Field(5000, ge=0)
    """With so many followers in front of the workers no message is taken in, and its sender is told so."""

    redis_replicas: int = Field(0, ge=0)
    """How many replicas must have written a message too before it counts as stored."""
    keep_conversation_days: int = Field(180, ge=1)
    """How long after its last step a conversation is known."""
    keep_transcript_days: int = Field(180, ge=1)
    """How long after the last word a transcript can be read at the desk."""
    keep_aside_days: int = Field(30, ge=1)
    """How long messages stay that nothing could be done with."""
    keep_media_days: int = Field(180, ge=1)
    """How long pictures and other media stay."""
    keep_ledger_days: int | None = Field(None, ge=7)
    """How long the ledger tells of enquiries that have ended; absent: for ever."""
    forgotten_within_seconds: float = Field(3600, ge=0)
    """When what was forgotten is gone from the store's file on disk too."""

    @property
    def retention(self) -> Retention:
        """How long what is kept of followers stays."""
        return Retention(
            self.keep_conversation_days,
            self.keep_transcript_days,
            self.keep_aside_days,
            self.keep_media_days,
            self.keep_ledger_days,
        )

    @property
    def mail_server(self) -> MailServer | None:
        """Where alerts are handed in as e-mail, None where that is not set up."""
        if self.smtp_host is None:
            return None
        return MailServer(
            self.smtp_host,
            self.smtp_from or self.smtp_user,
            self.smtp_security,
            self.smtp_port,
            self.smtp_user,
            self.smtp_password,
        )

    @property
    def mode(self) -> Mode:
        """How WeChat's pushes come: as set, else ``safe`` where there is a key."""
        return self.wechat_mode or ("safe" if self.wechat_encoding_aes_key else "plain")

    @property
    def limits(self) -> Limits:
        """How much of one follower is answered."""
        return Limits(
            self.follower_messages_per_minute,
            self.follower_messages_per_day,
            self.follower_same_messages,
        )

    @property
    def may_send(self) -> bool:
        """Whether the account may send customer-service messages."""
        return self.may(Capability.SEND)

    @property
    def may_send_menus(self) -> bool:
        """Whether the account may send message menus."""
        return self.may(Capability.MESSAGE_MENU)

    def may(self, capability: Capability) -> bool:
        """Whether the account may do this; what it may not is never tried."""
        return may(self.wechat_account_kind, capability)


def load_settings(env_file: Path | None = None, **account: Any) -> Settings:
    """Read the settings. Raises SettingsError with one sentence that names field, place and fault.

    ``account``: values of fields that were read elsewhere and go before all others; None means not set.
    """
    try:
        settings = Settings(_env_file=env_file, **account)  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsError(_sentence(error, env_file)) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{env_file} is not UTF-8: save it as UTF-8.") from None
    if settings.mode != "plain" and settings.wechat_encoding_aes_key is None:
        raise SettingsError(
            f"WECHAT_ENCODING_AES_KEY is missing, and the mode {settings.mode} needs it."
        )
    if settings.alert_mail_to and settings.smtp_host is None:
        raise SettingsError("SMTP_HOST is missing, and ALERT_MAIL_TO needs it.")
    if settings.mail_server and "@" not in settings.mail_server.sender:
        raise SettingsError("SMTP_FROM is missing: alerts by e-mail need a sender's address.")
    if settings.human_desk == "wechat" and not settings.may(Capability.DESK_OF_WECHAT):
        raise SettingsError(
            f"HUMAN_DESK is wechat, but an account of the kind {settings.wechat_account_kind} has no desk there."
        )
    return settings


def _sentence(error: ValidationError, env_file: Path | None) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0]).upper()
    if first["type"] == "missing":
        return f"{name} is not set: set it in the environment or in .env."
    fault = first["msg"].removeprefix("Value error, ")
    fault = fault[0].lower() + fault[1:]
    return f"{_place(name, env_file)}: {name} is wrong: {fault}."


def _place(name: str, env_file: Path | None) -> str:
    """Where the value came from; the environment goes before the file."""
    if name not in os.environ and env_file and env_file.exists():
        lines = env_file.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            if re.match(rf"\s*(export\s+)?{name}\s*=", line, re.IGNORECASE):
                return f"{env_file.name}:{number}"
    return "environment"
