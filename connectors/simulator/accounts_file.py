"""Reads several accounts from a YAML file, so that one simulator plays them all.

accounts:
  lunelle:
    app_id: wx1111111111111111
    app_secret: ...
    token: ...
    encoding_aes_key: ...     # 43 letters and digits; without it the mode is plain
    kind: verified_subscription

Pushes go to ``<callback address>/lunelle`` unless ``callback_url`` says otherwise; ``shown`` is the name on the phone,
``menu`` a menu file beside this one. A connector's own file of accounts can be read as it is.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.entries import read_plain
from bot.live import FileError
from connectors.simulator.menu_file import read_menu
from connectors.simulator.model.account import (
    TEXT_BYTES,
    Account,
    AccountKind,
    Mode,
    original_id_of,
)
from connectors.simulator.model.menu import Button

KEY = r"^([A-Za-z0-9+/]{43})?$"


class AccountsFileError(Exception):
    """The file cannot be used; the message is one sentence that says where and why."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    app_id: str
    app_secret: str
    token: str
    encoding_aes_key: str = Field("", pattern=KEY)
    encoding_aes_key_previous: str = Field("", pattern=KEY)
    mode: Mode | None = None
    kind: AccountKind = "verified_service"
    callback_url: str | None = None
    original_id: str | None = None
    shown: str = ""
    menu: str | None = None
    kf_accounts: frozenset[str] = frozenset()
    ip_whitelist: frozenset[str] = frozenset()
    passive_text_bytes: int = TEXT_BYTES

    def account(self, name: str, callback_url: str) -> Account:
        return Account(
            app_id=self.app_id,
            secret=self.app_secret,
            original_id=self.original_id or original_id_of(self.app_id),
            token=self.token,
            aes_key=self.encoding_aes_key,
            previous_aes_key=self.encoding_aes_key_previous,
            mode=self.mode or ("safe" if self.encoding_aes_key else "plain"),
            kind=self.kind,
            callback_url=self.callback_url or f"{callback_url}/{name}",
            kf_accounts=self.kf_accounts,
            name=self.shown or name,
            ip_whitelist=self.ip_whitelist,
            passive_text_bytes=self.passive_text_bytes,
        )


def read_accounts(path: Path, callback_url: str) -> list[tuple[Account, tuple[Button, ...]]]:
    """The accounts in the file, each with its menu. Raises AccountsFileError."""
    try:
        content = read_plain(path) or {}
        named = dict(content["accounts"].items())
        entries = {str(name): _Entry.model_validate(entry) for name, entry in named.items()}
    except (OSError, FileError) as error:
        raise AccountsFileError(f"{path} cannot be read: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise AccountsFileError(f"{path} has no accounts, each under its name.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise AccountsFileError(f"{path}: {place}: {first['msg']}.") from error
    if not entries:
        raise AccountsFileError(f"{path} names no account.")
    base = callback_url.rstrip("/")
    return [(entry.account(name, base), _menu(entry, path)) for name, entry in entries.items()]


def _menu(entry: _Entry, path: Path) -> tuple[Button, ...]:
    return read_menu(path.parent / entry.menu) if entry.menu else ()
