"""The simulator's settings, read once at the start from the same environment as the connector's."""

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from connectors.simulator.model.account import (
    TEXT_BYTES,
    Account,
    AccountKind,
    Mode,
    original_id_of,
)

MENU = Path(__file__).resolve().parents[2] / "nlu_data" / "brand" / "menu.yml"


def _split(value: Any) -> Any:
    parts = value.split(",") if isinstance(value, str) else value
    return frozenset(part.strip() for part in parts if part.strip())


Names = Annotated[frozenset[str], NoDecode, BeforeValidator(_split)]


class SimulatorSettings(BaseSettings):
    """Field names in capitals are the names in the environment; ``simulator_*`` are the simulator's alone."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    wechat_app_id: str = ""
    wechat_app_secret: SecretStr = SecretStr("")
    wechat_token: SecretStr = SecretStr("")
    wechat_encoding_aes_key: SecretStr = SecretStr("")
    wechat_encoding_aes_key_previous: SecretStr = SecretStr("")
    wechat_mode: Mode | None = None
    wechat_account_kind: AccountKind = "verified_service"
    redis_url: str | None = None
    """Where the clock's offset is written for the other processes; without it nobody else is told."""
    desk_url: str = ""
    """What the page links to as the agents' desk."""

    simulator_host: str = "127.0.0.1"
    """Keep it a loopback address: whoever reaches the simulator can do everything with it."""
    simulator_port: int = Field(8090, ge=0, le=65535)
    simulator_callback_url: str = "http://127.0.0.1:8080/wechat"
    simulator_account_name: str = "澜月 Lunelle"
    simulator_original_id: str | None = None
    """``gh_`` and 12 hexadecimal digits; made from the app id when absent."""
    simulator_menu: Path | None = MENU
    simulator_accounts: Path | None = None
    """A YAML file with several accounts instead of the one above (see ``accounts_file``)."""
    simulator_kf_accounts: Names = frozenset()
    simulator_ip_whitelist: Names = frozenset()
    """Addresses that may ask for a token; empty: all."""
    simulator_text_bytes: int = Field(TEXT_BYTES, ge=1)
    """The longest passive text."""
    simulator_answer_seconds: float = Field(5.0, gt=0)
    """How long a callback may take from connecting to its whole body."""
    simulator_deliveries: int = Field(3, ge=1)
    simulator_seed: str | None = None
    """Makes all identifiers but the message ids the same at each start; random when absent."""

    @model_validator(mode="after")
    def _has_its_account(self) -> Self:
        if self.simulator_accounts:
            return self
        for name in ("wechat_app_id", "wechat_app_secret", "wechat_token"):
            if not getattr(self, name):
                raise ValueError(f"{name.upper()} is not set")
        key = self.wechat_encoding_aes_key.get_secret_value()
        if self.mode != "plain" and len(key) != 43:
            raise ValueError(f"WECHAT_ENCODING_AES_KEY must have 43 characters in {self.mode} mode")
        return self

    @property
    def mode(self) -> Mode:
        """How pushes are sent: as set, else encrypted where there is a key."""
        has_key = bool(self.wechat_encoding_aes_key.get_secret_value())
        return self.wechat_mode or ("safe" if has_key else "plain")

    def account(self) -> Account:
        """The account that is played, where no file names several."""
        return Account(
            app_id=self.wechat_app_id,
            secret=self.wechat_app_secret.get_secret_value(),
            original_id=self.simulator_original_id or original_id_of(self.wechat_app_id),
            token=self.wechat_token.get_secret_value(),
            aes_key=self.wechat_encoding_aes_key.get_secret_value(),
            previous_aes_key=self.wechat_encoding_aes_key_previous.get_secret_value(),
            mode=self.mode,
            kind=self.wechat_account_kind,
            callback_url=self.simulator_callback_url,
            kf_accounts=self.simulator_kf_accounts,
            name=self.simulator_account_name,
            ip_whitelist=self.simulator_ip_whitelist,
            passive_text_bytes=self.simulator_text_bytes,
        )
