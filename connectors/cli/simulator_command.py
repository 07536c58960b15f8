"""``bida simulator``: a WeChat of one's own, before any callback address."""

import argparse
import os
import secrets
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

from connectors.cli.processes import Port
from connectors.settings import SettingsError
from connectors.simulator.model.account import AccountKind, Mode

_LETTERS = string.ascii_letters + string.digits

MADE_UP: dict[str, Callable[[], str]] = {
    "WECHAT_APP_ID": lambda: "wx" + secrets.token_hex(8),
    "WECHAT_APP_SECRET": lambda: secrets.token_hex(16),
    "WECHAT_TOKEN": lambda: _letters(24),
    "WECHAT_ENCODING_AES_KEY": lambda: _letters(43),
}
"""What an account needs; what nobody gave is made up and told, so that a bot can be given the same."""


def add_simulator_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Everything that is not given comes from the environment, as for the other processes."""
    command = commands.add_parser("simulator", help="a simulated WeChat alone, for any bot")
    command.set_defaults(command=_simulate)
    option = command.add_argument
    option("--url", dest="simulator_callback_url", help="the bot's callback address")
    option("--app-id", dest="wechat_app_id")
    option("--secret", dest="wechat_app_secret")
    option("--token", dest="wechat_token")
    option("--key", dest="wechat_encoding_aes_key", help="EncodingAESKey, 43 letters and digits")
    option("--previous-key", dest="wechat_encoding_aes_key_previous")
    option("--mode", dest="wechat_mode", choices=get_args(Mode))
    option("--kind", dest="wechat_account_kind", choices=get_args(AccountKind))
    option("--name", dest="simulator_account_name", help="what stands at the top of the chat")
    option("--menu", dest="simulator_menu", type=Path, help="a menu file; default: no menu")
    option("--accounts", dest="simulator_accounts", type=Path, help="a file of several accounts")
    option("--host", dest="simulator_host", help="default: 127.0.0.1")
    option("--port", dest="simulator_port", type=int, help="default: 8090")
    option("--seed", dest="simulator_seed", help="the same identifiers at each start")


def _simulate(options: argparse.Namespace) -> None:
    # Imported here: no other command needs the simulator.
    from pydantic import ValidationError

    from connectors.simulator.accounts_file import AccountsFileError
    from connectors.simulator.app import sentence, serve
    from connectors.simulator.settings import SimulatorSettings

    given = _given(options)
    made_up = _made_up(given)
    try:
        settings = SimulatorSettings(**(made_up | given))
        Port(settings.simulator_host, settings.simulator_port, "--port").check()
        for name, value in made_up.items():
            print(f"{name.upper()}={value}")
        serve(settings)
    except ValidationError as error:
        raise SettingsError(f"The simulator cannot start: {sentence(error)}") from None
    except AccountsFileError as error:
        raise SettingsError(f"The simulator cannot start: {error}") from None


def _given(options: argparse.Namespace) -> dict[str, Any]:
    given = {
        name: value
        for name, value in vars(options).items()
        if name != "command" and value is not None
    }
    if "SIMULATOR_MENU" not in os.environ:
        given.setdefault("simulator_menu", None)
    return given


def _made_up(given: dict[str, Any]) -> dict[str, str]:
    if "simulator_accounts" in given or os.environ.get("SIMULATOR_ACCOUNTS"):
        return {}
    is_plain = given.get("wechat_mode", os.environ.get("WECHAT_MODE")) == "plain"
    return {
        name.lower(): make()
        for name, make in MADE_UP.items()
        if name.lower() not in given
        and not os.environ.get(name)
        and not (is_plain and name == "WECHAT_ENCODING_AES_KEY")
    }


def _letters(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
