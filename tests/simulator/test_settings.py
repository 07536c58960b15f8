"""The simulator's settings and its menu file."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors.simulator.menu_file import read_menu
from connectors.simulator.model.menu import taps
from connectors.simulator.settings import SimulatorSettings
from tests.simulator.conftest import KEY, MENU

ENVIRONMENT = {
    "WECHAT_APP_ID": "wx0123456789abcdef",
    "WECHAT_APP_SECRET": "s3cret",
    "WECHAT_TOKEN": "seasonal2026",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("WECHAT_ENCODING_AES_KEY", "WECHAT_MODE", "REDIS_URL", "DESK_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_without_a_key_pushes_are_plain(environment: pytest.MonkeyPatch) -> None:
    settings = SimulatorSettings()
    assert settings.mode == "plain"
    assert settings.account().callback_url == "http://127.0.0.1:8080/wechat"
    assert settings.account().original_id.startswith("gh_")


def test_with_a_key_pushes_are_encrypted(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("WECHAT_ENCODING_AES_KEY", KEY)
    assert SimulatorSettings().mode == "safe"


def test_an_account_is_needed_unless_a_file_names_several(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.delenv("WECHAT_TOKEN")
    with pytest.raises(ValidationError, match="WECHAT_TOKEN is not set"):
        SimulatorSettings()
    environment.setenv("SIMULATOR_ACCOUNTS", str(tmp_path / "accounts.yml"))
    assert SimulatorSettings().simulator_accounts == tmp_path / "accounts.yml"


def test_safe_mode_needs_a_key(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("WECHAT_MODE", "safe")
    with pytest.raises(ValidationError, match="WECHAT_ENCODING_AES_KEY"):
        SimulatorSettings()


def test_lists_are_split_at_commas(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SIMULATOR_IP_WHITELIST", "10.0.0.9, 127.0.0.1")
    environment.setenv("WECHAT_ENCODING_AES_KEY_PREVIOUS", KEY)
    account = SimulatorSettings().account()
    assert account.ip_whitelist == {"10.0.0.9", "127.0.0.1"}
    assert account.previous_aes_key == KEY


def test_the_menu_is_read_with_its_sub_menus(tmp_path: Path) -> None:
    path = tmp_path / "menu.yml"
    path.write_text(MENU, encoding="utf-8")
    buttons = [(b.type, b.event_key) for b in taps(read_menu(path))]
    assert buttons == [("click", "points"), ("view", "https://shop.example/"), ("click", "human")]


def test_a_menu_file_may_be_absent(tmp_path: Path) -> None:
    assert read_menu(tmp_path / "none.yml") == read_menu(None) == ()
