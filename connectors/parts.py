"""All the parts of a connector process, built and opened in one place, for one account or several."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aiohttp import ClientSession

from bot.answers import AnswerBook
from bot.clock import Clock, SystemClock
from bot.engine import Engine
from bot.live import Live
from bot.menu import MenuBook
from bot.notices import NOTICES
from connectors.rasa import RasaBrain
from connectors.settings import Settings
from connectors.store.clock import SimulatedClock
from connectors.store.connection import CONNECTIONS, Connection
from connectors.store.conversations import Conversations
from connectors.store.exchanges import Exchanges, Room
from connectors.store.inbox import Inbox
from connectors.wechat.api import Api
from connectors.wechat.library import Methods
from connectors.wechat.pauses import Pauses
from connectors.wechat.sender import CustomerMessages
from connectors.wechat.token import SharedToken

LISTENING = 4
"""Connections that an account keeps busy by waiting: for work, for replies, for the desk's news."""


@dataclass(frozen=True)
class Parts:
    """What the roles are made of, for one account."""

    settings: Settings
    clock: Clock
    connection: Connection
    session: ClientSession
    conversations: Conversations
    exchanges: Exchanges
    inbox: Inbox
    brain: RasaBrain
    engine: Engine
    answers: AnswerBook


@asynccontextmanager
async def open_parts(
    settings: Settings, nlu_data: Path, *, simulated_clock: bool = False
) -> AsyncIterator[Parts]:
    """Build and open everything for one account, as ``open_accounts`` does for several."""
    async with open_accounts((settings,), nlu_data, simulated_clock=simulated_clock) as (parts,):
        yield parts


@asynccontextmanager
async def open_accounts(
    accounts: Sequence[Settings], nlu_data: Path, *, simulated_clock: bool = False
) -> AsyncIterator[tuple[Parts, ...]]:
    """Build and open everything; close it in the opposite order. ``redis_url`` of the settings must be set.

    The accounts share the store's connections, the HTTP session, the brain and the files; all else each has alone.
    """
    connection = Connection(str(accounts[0].redis_url), CONNECTIONS + LISTENING * len(accounts))
    simulated = SimulatedClock(connection.redis) if simulated_clock else None
    async with ClientSession(json_serialize=_json) as session, AsyncExitStack() as opened:
        opened.push_async_callback(connection.close)
        if simulated:
            await simulated.open()
            opened.push_async_callback(simulated.close)
        shared = _shared(accounts[0], nlu_data, connection, session, simulated or SystemClock())
        every = tuple(_built(settings, shared) for settings in accounts)
        opened.push_async_callback(_close, every)
        for parts in every:
            await parts.exchanges.open()
        yield every


async def _close(accounts: Sequence[Parts]) -> None:
    await asyncio.gather(*(parts.exchanges.close() for parts in accounts))


# WeChat refuses escaped characters in JSON (40033), and so nobody gets them.
_json = partial(json.dumps, ensure_ascii=False)


@dataclass(frozen=True)
class _Shared:
    """What all accounts of a process have in common."""

    clock: Clock
    connection: Connection
    session: ClientSession
    brain: RasaBrain
    answers: AnswerBook
    menu: MenuBook


def _shared(
    settings: Settings,
    nlu_data: Path,
    connection: Connection,
    session: ClientSession,
    clock: Clock,
) -> _Shared:
    brain = RasaBrain(session, _brains(settings), settings.brain_seconds)
    answers = AnswerBook(nlu_data, required=NOTICES)
    menu = MenuBook(nlu_data / "brand" / "menu.yml")
    return _Shared(clock, connection, session, brain, answers, menu)


def _built(settings: Settings, shared: _Shared) -> Parts:
    connection, account, clock = shared.connection, settings.wechat_app_id, shared.clock
    conversations = Conversations(connection, account)
    room = Room(settings.follower_unread_messages, settings.followers_waiting)
    engine = Engine(
        store=conversations,
        brain=shared.brain,
        sender=_sender(settings, connection, shared.session, clock),
        notices=shared.answers,
        menu=shared.menu,
        clock=clock,
        limits=settings.limits,
        merge_seconds=min(settings.merge_seconds, settings.reply_seconds / 2),
    )
    return Parts(
        settings,
        clock,
        connection,
        shared.session,
        conversations,
        Exchanges(connection, account, room),
        Inbox(connection, account, clock),
        shared.brain,
        engine,
        shared.answers,
    )


def _brains(settings: Settings) -> Callable[[], Sequence[str]]:
    """Where the brains are: as the file says that is written when another model goes live, else as set."""
    file = settings.rasa_url_file
    if file is None:
        return lambda: settings.rasa_url
    addresses = Live(lambda: [file], lambda: file.read_text().split())
    return lambda: addresses.value


def _sender(
    settings: Settings, connection: Connection, session: ClientSession, clock: Clock
) -> CustomerMessages:
    app_id, secret = settings.wechat_app_id, settings.wechat_app_secret.get_secret_value()
    url = settings.wechat_api_url
    tokens = SharedToken(connection.redis, session, url, app_id, secret, clock)
    methods = Methods(app_id, Api(session, url, tokens).call)
    pauses = Pauses(connection.redis, app_id)
    return CustomerMessages(methods, settings.may_send, settings.may_send_menus, clock, pauses)
