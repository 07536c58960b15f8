"""Reads further accounts from a YAML file, so that one simulator plays several.

accounts:
  - app_id: wx1111111111111111
    secret: ...
    token: ...
    aes_key: ...            # 43 letters and digits; without it the mode is plain
    kind: verified_subscription
    callback_url: http://127.0.0.1:8080/wechat/second
    name: 第二家
    menu: second-menu.yml   # beside this file
"""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from connectors.simulator.menu_file import read_menu
from connectors.simulator.model.account import (
    TEXT_BYTES,
    Account,
    AccountKind,
    Mode,
    original_id_of,
)
from connectors.simulator.model.menu import Button


class AccountsFileError(Exception):
    """The file cannot be used; the message is one sentence that says where and why."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    app_id: str
    secret: str
    token: str
    callback_url: str
    original_id: str | None = None
    aes_key: str = Field("", pattern=r"^([A-Za-z0-9+/]{43})?$")
    previous_aes_key: str = Field("", pattern=r"^([A-Za-z0-9+/]{43})?$")
    mode: Mode | None = None
    kind: AccountKind = "verified_service"
    name: str = ""
    menu: str | None = None
    kf_accounts: frozenset[str] = frozenset()
    ip_whitelist: frozenset[str] = frozenset()
    passive_text_bytes: int = TEXT_BYTES

    def account(self) -> Account:
        told = self.model_dump(exclude={"menu", "original_id", "mode", "name"})
        return Account(
            **told,
            original_id=self.original_id or original_id_of(self.app_id),
            mode=self.mode or ("safe" if self.aes_key else "plain"),
            name=self.name or self.app_id,
        )


def read_accounts(path: Path) -> list[tuple[Account, tuple[Button, ...]]]:
    """The accounts in the file, each with its menu. Raises AccountsFileError."""
    try:
        content: Any = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
        entries = [_Entry.model_validate(entry) for entry in content["accounts"]]
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise AccountsFileError(f"{path} cannot be read: {error}") from error
    except (KeyError, TypeError) as error:
        raise AccountsFileError(f"{path} has no list named accounts.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise AccountsFileError(f"{path}: {place}: {first['msg']}.") from error
    return [(entry.account(), _menu(entry, path)) for entry in entries]


def _menu(entry: _Entry, path: Path) -> tuple[Button, ...]:
    return read_menu(path.parent / entry.menu) if entry.menu else ()
