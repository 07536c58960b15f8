"""Which official accounts an installation serves: the one of the ``WECHAT_*`` settings, or those of a file.

``WECHAT_ACCOUNTS_FILE`` names a YAML file; under ``accounts`` each account stands by the name it has in its callback
address ``/wechat/<name>``:

    accounts:
      lunelle:
        app_id: wx0123456789abcdef
        app_secret: ...
        token: ...
        encoding_aes_key: ...           # encoding_aes_key_previous during a change
        kind: verified_service          # as in WECHAT_ACCOUNT_KIND, whose value holds for accounts without a kind

All other settings are the whole installation's.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.entries import Entry, read_entry
from bot.live import FileError
from connectors.settings import Settings, SettingsError, load_settings

NAME = r"[a-z0-9][a-z0-9-]{0,31}"
"""An account's name: it stands in addresses."""

FIELDS = {
    "app_id": "wechat_app_id",
    "app_secret": "wechat_app_secret",
    "token": "wechat_token",
    "encoding_aes_key": "wechat_encoding_aes_key",
    "encoding_aes_key_previous": "wechat_encoding_aes_key_previous",
    "mode": "wechat_mode",
    "kind": "wechat_account_kind",
}
"""The fields of an account in the file, and the settings that they are instead of."""

REQUIRED = ("app_id", "app_secret", "token")


class _Place(BaseSettings):
    """Where the accounts stand, known before any of them is read."""

    model_config = SettingsConfigDict(
        env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    wechat_accounts_file: Path | None = None
    wechat_app_id: str | None = None


def load_accounts(env_file: Path | None = None) -> tuple[Settings, ...]:
    """The settings of each account, one at least. Raises SettingsError with one sentence."""
    place = _place(env_file)
    if place.wechat_accounts_file is None:
        return (load_settings(env_file),)
    if place.wechat_app_id is not None:
        raise SettingsError(
            "WECHAT_APP_ID and WECHAT_ACCOUNTS_FILE are both set: put the account into the file"
            " and take WECHAT_APP_ID out."
        )
    try:
        return _several(read_entry(place.wechat_accounts_file), env_file)
    except FileError as error:
        raise SettingsError(f"{error}.") from None
    except OSError as error:
        raise SettingsError(
            f"WECHAT_ACCOUNTS_FILE: {place.wechat_accounts_file} cannot be read: {error.strerror}."
        ) from None


def account_named(accounts: Sequence[Settings], name: str | None) -> Settings:
    """The account of this name, or the only one. Raises SettingsError."""
    chosen = [
        each for each in accounts if name in (None, each.wechat_account_name, each.wechat_app_id)
    ]
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(each.wechat_account_name or each.wechat_app_id for each in accounts)
    if name is None:
        raise SettingsError(f"There are several accounts: choose one with --account ({names}).")
    raise SettingsError(f"There is no account {name}: there are {names}.")


def _place(env_file: Path | None) -> _Place:
    try:
        return _Place(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsError(f"WECHAT_ACCOUNTS_FILE is wrong: {error.errors()[0]['msg']}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{env_file} is not UTF-8: save it as UTF-8.") from None


def _several(file: Entry, env_file: Path | None) -> tuple[Settings, ...]:
    file.only("accounts")
    entries = list(file.need("accounts").items())
    if not entries:
        file.need("accounts").fail("names no account")
    accounts = tuple(_one(name, entry, env_file) for name, entry in entries)
    ids = [each.wechat_app_id for each in accounts]
    for number, (_, entry) in enumerate(entries):
        if ids[number] in ids[:number]:
            entry.need("app_id").fail("is that of another account")
    return accounts


def _one(name: str, entry: Entry, env_file: Path | None) -> Settings:
    if not re.fullmatch(NAME, name):
        entry.fail("is no name: small letters, digits and dashes, 32 at most")
    given = entry.only(*FIELDS)
    for field in REQUIRED:
        entry.need(field)
    told: dict[str, str | None] = dict.fromkeys(FIELDS.values())
    told |= {FIELDS[field]: value.text() for field, value in given.items()}
    if told["wechat_account_kind"] is None:
        del told["wechat_account_kind"]
    try:
        return load_settings(env_file, wechat_account_name=name, **told)
    except SettingsError as error:
        raise SettingsError(_in_file(str(error), entry, given)) from None


def _in_file(sentence: str, entry: Entry, given: dict[str, Entry]) -> str:
    """A sentence about a setting as one about the file, if the setting's value stands there."""
    for field, setting in FIELDS.items():
        wrong = re.search(rf"\b{setting.upper()} is (wrong: .*|missing.*)", sentence)
        if wrong:
            at = given.get(field, entry)
            return f"{at.path}:{at.line}: field {entry.field}.{field} is {wrong[1]}"
    return sentence
