"""Whose data a command is about: the demo's, or the real account's; and where its store is."""

import argparse
from pathlib import Path

from connectors.cli import places
from connectors.settings import Settings, load_settings
from connectors.store.embedded import running_store


def add_account_options(command: argparse.ArgumentParser) -> None:
    """Let a command be about the demo, or about data that lies elsewhere."""
    command.add_argument("--demo", action="store_true", help="of the demo, not of .env's account")
    command.add_argument("--var", type=Path, help="where the data lies")


def chosen_settings(options: argparse.Namespace) -> Settings:
    """The account's settings; without ``REDIS_URL`` they name the embedded store, if it runs."""
    var = options.var or (places.DEMO if options.demo else places.VAR)
    settings = load_settings(var / "demo.env" if options.demo else places.ENV_FILE)
    redis_url = settings.redis_url or running_store(var / "store")
    return settings.model_copy(update={"redis_url": redis_url})
