"""``bida forget``, ``backup``, ``restore`` and ``repair``: what can be done with the data themselves."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple
from pathlib import Path

from bot.ports import StoreDown
from connectors.backup import Manifest, backup, restore
from connectors.cli import places
from connectors.cli.account import add_account_options, chosen_accounts, chosen_settings
from connectors.parts import open_parts
from connectors.settings import Settings
from connectors.store.connection import Connection
from connectors.store.embedded import EmbeddedStore
from connectors.store.repair import Repair, Repaired
from connectors.store.versions import ready_data
from connectors.supervisor import Supervisor

STORE_SECONDS = 60.0


def add_data_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the command line."""
    forgetting = commands.add_parser("forget", help="erase all that is kept of a follower")
    forgetting.add_argument("openid")
    forgetting.set_defaults(command=_forget)
    keeping = commands.add_parser("backup", help="write all data and media to one file")
    keeping.add_argument("file", type=Path)
    keeping.set_defaults(command=_backup)
    restoring = commands.add_parser("restore", help="put a backup back into an empty store")
    restoring.add_argument("file", type=Path)
    restoring.set_defaults(command=_restore)
    repairing = commands.add_parser("repair", help="rebuild the queues from the followers' data")
    repairing.set_defaults(command=_repair)
    for command in (forgetting, keeping, restoring, repairing):
        add_account_options(command)


def _forget(options: argparse.Namespace) -> None:
    settings = chosen_settings(options)
    erased = asyncio.run(_forgotten(options, settings))
    minutes = settings.forgotten_within_seconds / 60
    print(
        f"Forgotten: {erased} pieces of data are erased, and a receipt that names nobody is kept."
    )
    print(f"Within {minutes:.0f} minutes they are gone from the store's file on disk as well.")
    print("Backups made before still hold them: let those go in their time.")


async def _forgotten(options: argparse.Namespace, settings: Settings) -> int:
    async with _reached_store(options, settings) as url:
        told = settings.model_copy(update={"redis_url": url})
        async with open_parts(told, places.NLU_DATA, simulated_clock=options.demo) as parts:
            await ready_data(parts.connection, [settings.wechat_app_id])
            return await parts.engine.forgetting.on_request(options.openid)


def _backup(options: argparse.Namespace) -> None:
    manifest = asyncio.run(_backed_up(options, chosen_accounts(options)[0]))
    print(f"{options.file} holds {manifest.keys} keys and {len(manifest.files) - 1} media files.")
    print("It holds what followers said: keep it as safe as the store, and no longer than needed.")


async def _backed_up(options: argparse.Namespace, settings: Settings) -> Manifest:
    async with _reached_store(options, settings) as url:
        return await backup(url, _media(options, settings), options.file)


def _restore(options: argparse.Namespace) -> None:
    manifest = asyncio.run(_restored(options, chosen_accounts(options)[0]))
    print(f"{manifest.keys} keys and {len(manifest.files) - 1} media files are back.")
    print("Whoever was forgotten after the backup was made is in it: forget them again.")


async def _restored(options: argparse.Namespace, settings: Settings) -> Manifest:
    async with _reached_store(options, settings) as url:
        return await restore(url, _media(options, settings), options.file)


def _repair(options: argparse.Namespace) -> None:
    done = asyncio.run(_repaired(options, chosen_accounts(options)))
    followers, strays = (sum(count) for count in zip(*map(astuple, done), strict=True))
    print(f"The queues are rebuilt from the data of {followers} followers.")
    if strays:
        print(f"{strays} entries about followers of whom nothing is known are removed.")


async def _repaired(
    options: argparse.Namespace, accounts: Sequence[Settings]
) -> Sequence[Repaired]:
    names = [each.wechat_app_id for each in accounts]
    async with _reached_store(options, accounts[0]) as url:
        connection = Connection(url)
        try:
            await ready_data(connection, names)
            return [await Repair(connection, name).run() for name in names]
        finally:
            await connection.close()


def _media(options: argparse.Namespace, settings: Settings) -> Path:
    """Where the media lie: beside the installation's other data unless it was told otherwise."""
    if "media_dir" in settings.model_fields_set:
        return settings.media_dir
    return _var(options) / "media"


def _var(options: argparse.Namespace) -> Path:
    return Path(options.var or (places.DEMO if options.demo else places.VAR))


@asynccontextmanager
async def _reached_store(options: argparse.Namespace, settings: Settings) -> AsyncIterator[str]:
    """The store's address; the embedded one is started for as long as it is needed if nobody else has."""
    var = _var(options)
    if settings.redis_url:
        await _check_up(settings.redis_url)
        yield settings.redis_url
        return
    supervisor, store = Supervisor(var / "log"), EmbeddedStore.in_folder(var / "store")
    try:
        await supervisor.start(store.child(), ready_seconds=STORE_SECONDS)
        store.announce()
        yield store.url
    finally:
        await supervisor.stop()
        store.remove()


async def _check_up(url: str) -> None:
    connection = Connection(url)
    try:
        if not await connection.is_up():
            raise StoreDown(
                f"The store at {url.rpartition('@')[2]} does not answer: start it, or the installation whose it is."
            )
    finally:
        await connection.close()
