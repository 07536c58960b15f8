"""Several accounts in one file: each with its own settings, and one sentence for whatever is wrong."""

import os
from pathlib import Path

import pytest

from connectors.accounts import account_named, load_accounts
from connectors.settings import SettingsError

GOOD = """\
accounts:
  lunelle:
    app_id: wx0123456789abcdef
    app_secret: first-secret
    token: first
    encoding_aes_key: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
  lunelle-hk:
    app_id: wxfedcba9876543210
    app_secret: second-secret
    token: second
    kind: unverified_subscription
"""


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting comes from the machine that runs the tests."""
    for name in [name for name in os.environ if name.startswith("WECHAT_")]:
        monkeypatch.delenv(name)


def env_file(folder: Path, accounts: str = GOOD, more: str = "") -> Path:
    """A ``.env`` that names a file with accounts."""
    (folder / "accounts.yml").write_text(accounts)
    path = folder / ".env"
    path.write_text(f"WECHAT_ACCOUNTS_FILE={folder / 'accounts.yml'}\nPORT=8081\n{more}")
    return path


def test_each_account_has_its_own_settings_and_shares_the_others(tmp_path: Path) -> None:
    first, second = load_accounts(env_file(tmp_path))
    assert (first.wechat_account_name, first.mode, first.wechat_account_kind) == (
        "lunelle",
        "safe",
        "verified_service",
    )
    assert (second.wechat_account_name, second.mode, second.may_send) == (
        "lunelle-hk",
        "plain",
        False,
    )
    assert second.wechat_token.get_secret_value() == "second"
    assert {first.port, second.port} == {8081}


def test_no_account_takes_another_ones_keys_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WECHAT_ENCODING_AES_KEY", "B" * 43)
    monkeypatch.setenv("WECHAT_MODE", "compatible")
    _, second = load_accounts(env_file(tmp_path))
    assert second.wechat_encoding_aes_key is None
    assert second.mode == "plain"


def test_one_account_needs_no_file(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(
        "WECHAT_APP_ID=wx0123456789abcdef\nWECHAT_APP_SECRET=secret\nWECHAT_TOKEN=token\n"
    )
    (only,) = load_accounts(path)
    assert only.wechat_account_name == ""
    assert account_named((only,), None) is only


def test_an_account_is_chosen_by_its_name_or_its_app_id(tmp_path: Path) -> None:
    accounts = load_accounts(env_file(tmp_path))
    assert account_named(accounts, "lunelle-hk") is accounts[1]
    assert account_named(accounts, "wxfedcba9876543210") is accounts[1]
    with pytest.raises(SettingsError, match=r"--account \(lunelle, lunelle-hk\)"):
        account_named(accounts, None)
    with pytest.raises(SettingsError, match="There is no account other"):
        account_named(accounts, "other")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    token: first\n", "", "accounts.yml:2: field accounts.lunelle lacks token"),
        ("wx0123456789abcdef", "gh_1", "accounts.yml:3: field accounts.lunelle.app_id is wrong"),
        ("AAAAAA", "short", "accounts.yml:6: field accounts.lunelle.encoding_aes_key is wrong"),
        ("token: first", "tocken: first", "accounts.yml:5: field accounts.lunelle.tocken is unkn"),
        ("wxfedcba9876543210", "wx0123456789abcdef", "accounts.yml:8: field accounts.lunelle-hk."),
        ("kind: unv", "kind: un", "accounts.yml:11: field accounts.lunelle-hk.kind is wrong"),
        ("  lunelle:", "  Lunelle 1:", "accounts.yml:2: field accounts.Lunelle 1 is no name"),
        ("token: second", "token: second\n    mode: safe", "lunelle-hk.encoding_aes_key is miss"),
        (GOOD, "accounts: {}", "accounts.yml:1: field accounts names no account"),
        (GOOD, "", "accounts.yml:1: is empty"),
    ],
)
def test_a_fault_is_one_sentence_with_file_and_line(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in GOOD
    with pytest.raises(SettingsError) as error:
        load_accounts(env_file(tmp_path, GOOD.replace(old, new, 1)))
    assert expected in str(error.value)
    assert "\n" not in str(error.value)
    assert "secret" not in str(error.value).replace("app_secret", "")


def test_two_places_for_an_account_are_one_too_many(tmp_path: Path) -> None:
    path = env_file(tmp_path, more="WECHAT_APP_ID=wx0123456789abcdef\n")
    with pytest.raises(SettingsError, match="both set"):
        load_accounts(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = env_file(tmp_path)
    (tmp_path / "accounts.yml").unlink()
    with pytest.raises(SettingsError, match=r"accounts.yml cannot be read: No such file"):
        load_accounts(path)
