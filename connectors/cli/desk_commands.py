"""``bida desk``: accounts for the people who work at the desk."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable

from connectors.cli.account import add_account_options, chosen_accounts
from connectors.desk.guard.accounts import (
    SHORTEST_PASSWORD,
    Accounts,
    NameTaken,
    Role,
    UnknownAccount,
    generated,
)
from connectors.settings import SettingsError
from connectors.store.connection import Connection

Change = Callable[[Accounts, str], Awaitable[object]]


def add_desk_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``desk add`` and ``desk password`` to the command line."""
    desk = commands.add_parser("desk", help="accounts of the agents").add_subparsers(required=True)
    add = _account_command(desk, "add", "make an account")
    add.add_argument("--shown", help="what followers and colleagues read; default: the name")
    add.add_argument("--role", choices=list(Role), default=Role.AGENT, help="default: agent")
    add.set_defaults(command=_add)
    _account_command(desk, "password", "give an account another password").set_defaults(
        command=_password
    )


def _account_command(
    desk: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, help: str
) -> argparse.ArgumentParser:
    command = desk.add_parser(name, help=help)
    command.add_argument("name", help="to log in with: small letters, digits, dots, dashes")
    add_account_options(command)
    return command


def _add(options: argparse.Namespace) -> int:
    shown = options.shown or options.name
    return _changed(
        options, lambda at, password: at.add(options.name, shown, options.role, password)
    )


def _password(options: argparse.Namespace) -> int:
    return _changed(options, lambda at, password: at.set_password(options.name, password))


def _changed(options: argparse.Namespace, change: Change) -> int:
    url = _store_url(options)
    try:
        password, is_made_up = _chosen_password()
        asyncio.run(_applied(url, change, password))
    except (NameTaken, UnknownAccount, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    told = f"with the password {password} (shown only now)" if is_made_up else "with that password"
    print(f"{options.name} can log in at the desk {told}.")
    return 0


async def _applied(url: str, change: Change, password: str) -> None:
    connection = Connection(url)
    try:
        await change(Accounts(connection.redis), password)
    finally:
        await connection.close()


def _chosen_password() -> tuple[str, bool]:
    """The password, and whether it was made up: it is where nobody sits at the terminal or nothing is typed."""
    if not sys.stdin.isatty():
        return generated(), True
    typed = getpass.getpass("Password (Enter makes one up): ")
    if not typed:
        return generated(), True
    if len(typed) < SHORTEST_PASSWORD:
        raise ValueError(f"A password has at least {SHORTEST_PASSWORD} characters.")
    if getpass.getpass("Once more: ") != typed:
        raise ValueError("The two passwords are not the same.")
    return typed, False


def _store_url(options: argparse.Namespace) -> str:
    # The desk is one for all accounts.
    url = chosen_accounts(options)[0].redis_url
    if url is None:
        raise SettingsError(
            "No store is running: accounts are made beside a running `bida serve` or `bida demo`,"
            " or with REDIS_URL set."
        )
    return url
