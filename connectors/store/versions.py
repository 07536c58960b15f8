"""The form of what lies in the store: known at every start, brought up to date step by step, never read when newer."""

from collections.abc import Awaitable, Callable, Sequence
from typing import cast

import structlog
from redis.asyncio import Redis

from connectors.store.connection import Connection, reaching_the_store
from connectors.store.keys import DATA_VERSION, Keys
from connectors.store.repair import Repair

log = structlog.get_logger()

RESTORING = "restoring"
"""What stands for the version while a backup is being restored: such data are not whole."""

FIRST = 1
"""What data are that do not say: those of before versions were written down."""

Upgrade = Callable[[Connection, str], Awaitable[None]]
"""A step from one version to the next for one account; done twice, it does no harm."""


class WrongData(Exception):
    """The store's data cannot be used by this program; the message is one sentence that says what to do."""


async def _without_stray_replies(connection: Connection, account: str) -> None:
    """1 to 2: replies kept for WeChat's repeats did not say whose they were, so that nobody could forget them."""
    redis = connection.redis
    async for key in redis.scan_iter(match=Keys(account).exchange("*"), count=500):
        if await redis.hexists(key, "reply"):
            await redis.hset(key, "reply", "[]")


async def _with_deadlines(connection: Connection, account: str) -> None:
    """2 to 3: the lists of the desk are one hash, and the waiting are in the order of what they were promised."""
    await Repair(connection, account).run()
    await connection.redis.delete(f"bida:{{{account}}}:held")


UPGRADES: dict[int, Upgrade] = {1: _without_stray_replies, 2: _with_deadlines}
"""The step that leads on from each version."""

CURRENT = max(UPGRADES) + 1


async def ready_data(connection: Connection, accounts: Sequence[str]) -> None:
    """Bring the data of all the accounts up to date. Raises WrongData, or StoreDown when they cannot be reached.

    No other process may still run a program that is older.
    """
    redis = connection.redis
    with reaching_the_store():
        version = await _version(redis, accounts)
        for step in range(version, CURRENT):
            log.info("store.upgrading", version=step, to=step + 1)
            for account in accounts:
                await UPGRADES[step](connection, account)
        if version < CURRENT or await redis.get(DATA_VERSION) is None:
            await redis.set(DATA_VERSION, CURRENT)


async def _version(redis: Redis, accounts: Sequence[str]) -> int:
    written = cast(str | None, await redis.get(DATA_VERSION))
    if written is None:
        ledgers = [Keys(account).ledger() for account in accounts]
        return FIRST if await redis.exists(*ledgers) else CURRENT
    if written == RESTORING:
        raise WrongData(
            "A restore of this store was not finished: empty the store and call `bida restore` again."
        )
    if not written.isdigit() or int(written) > CURRENT:
        raise WrongData(
            f"The store's data have version {written} and this program knows {CURRENT} at most:"
            " start the newer program, or restore a backup of before the upgrade."
        )
    return int(written)
