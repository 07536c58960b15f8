"""Whose data a command is about: the demo's, or a real account's; and where its store is."""

import argparse
from pathlib import Path

from connectors.accounts import account_named, load_accounts
from connectors.cli import places
from connectors.settings import Settings, load_settings
from connectors.store.embedded import running_store


def add_account_options(command: argparse.ArgumentParser) -> None:
    """Let a command be about the demo, about one of several accounts, or about data that lies elsewhere."""
    command.add_argument("--demo", action="store_true", help="of the demo, not of .env's account")
    command.add_argument("--account", help="which of several accounts: its name or its app id")
    command.add_argument("--var", type=Path, help="where the data lies")


def chosen_settings(options: argparse.Namespace) -> Settings:
    """The account's settings; without ``REDIS_URL`` they name the embedded store, if it runs.

    Raises SettingsError where there are several accounts and none was chosen.
    """
    return account_named(chosen_accounts(options), options.account)


def chosen_accounts(options: argparse.Namespace) -> tuple[Settings, ...]:
    """The settings of all the accounts; the store as in ``chosen_settings``."""
    var = options.var or (places.DEMO if options.demo else places.VAR)
    demo = (load_settings(var / "demo.env"),) if options.demo else None
    accounts = demo or load_accounts(places.ENV_FILE)
    store = {"redis_url": accounts[0].redis_url or running_store(var / "store")}
    return tuple(each.model_copy(update=store) for each in accounts)
