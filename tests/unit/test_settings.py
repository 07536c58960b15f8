"""Settings: one sentence for whatever is wrong with them."""

import os
from pathlib import Path

import pytest

from connectors.settings import SettingsError, load_settings

GOOD = {
    "WECHAT_APP_ID": "wx0123456789abcdef",
    "WECHAT_APP_SECRET": "secret",
    "WECHAT_TOKEN": "token",
    "WECHAT_ENCODING_AES_KEY": "A" * 43,
}


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting comes from the machine that runs the tests."""
    names = (
        "WECHAT_",
        "HUMAN_",
        "REDIS_",
        "RASA_",
        "ACTIONS_",
        "CRM_",
        "DESK_",
        "HOST",
        "PORT",
        "PUBLIC_",
    )
    for name in [name for name in os.environ if name.startswith(names)]:
        monkeypatch.delenv(name)


def env_file(folder: Path, **changes: str) -> Path:
    """A file with good settings, some of them changed; an empty value leaves the line out."""
    settings = GOOD | changes
    path = folder / ".env"
    path.write_text("# settings\n" + "".join(f"{n}={v}\n" for n, v in settings.items() if v))
    return path


def test_wechats_own_desk_needs_an_account_that_has_one(tmp_path: Path) -> None:
    assert load_settings(env_file(tmp_path)).human_desk == "bida"
    assert load_settings(env_file(tmp_path, HUMAN_DESK="wechat")).human_desk == "wechat"
    without = env_file(tmp_path, HUMAN_DESK="wechat", WECHAT_ACCOUNT_KIND="unverified_service")
    with pytest.raises(SettingsError, match=r"HUMAN_DESK is wechat, but .* has no desk there"):
        load_settings(without)
    with pytest.raises(SettingsError, match="HUMAN_DESK is wrong"):
        load_settings(env_file(tmp_path, HUMAN_DESK="elsewhere"))


def test_a_key_means_safe_mode(tmp_path: Path) -> None:
    assert load_settings(env_file(tmp_path)).mode == "safe"
    assert load_settings(env_file(tmp_path, WECHAT_ENCODING_AES_KEY="")).mode == "plain"


def test_several_brains_stand_in_one_setting(tmp_path: Path) -> None:
    path = env_file(tmp_path, RASA_URL="http://a:5005, http://b:5005/")
    assert load_settings(path).rasa_url == ("http://a:5005", "http://b:5005")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"WECHAT_APP_ID": ""}, "WECHAT_APP_ID is not set"),
        ({"WECHAT_APP_ID": "gh_1"}, ".env:2: WECHAT_APP_ID is wrong"),
        (
            {"WECHAT_ENCODING_AES_KEY": "short"},
            ".env:5: WECHAT_ENCODING_AES_KEY is wrong: must be 43",
        ),
        (
            {"WECHAT_ENCODING_AES_KEY": "", "WECHAT_MODE": "safe"},
            "WECHAT_ENCODING_AES_KEY is missing",
        ),
        ({"PORT": "eighty"}, ".env:6: PORT is wrong"),
        ({"REDIS_URL": "localhost"}, ".env:6: REDIS_URL is wrong: must begin with redis://"),
        ({"RASA_URL": "brain"}, ".env:6: RASA_URL is wrong"),
        ({"WECHAT_MODE": "open"}, ".env:6: WECHAT_MODE is wrong"),
    ],
)
def test_a_fault_is_one_sentence_that_names_it(
    tmp_path: Path, changes: dict[str, str], expected: str
) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(env_file(tmp_path, **changes))
    assert expected in str(error.value)
    assert "\n" not in str(error.value)


def test_a_fault_never_shows_a_secret(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(env_file(tmp_path, WECHAT_ENCODING_AES_KEY="my-secret-key"))
    assert "my-secret-key" not in str(error.value)


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "99999")
    with pytest.raises(SettingsError, match=r"environment: PORT is wrong"):
        load_settings(env_file(tmp_path, PORT="8081"))
