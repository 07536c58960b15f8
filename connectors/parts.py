"""All the parts of a connector process, built and opened in one place."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
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
from connectors.housekeeping import Housekeeping
from connectors.rasa import RasaBrain
from connectors.settings import Settings
from connectors.store.clock import SimulatedClock
from connectors.store.connection import Connection
from connectors.store.conversations import Conversations
from connectors.store.exchanges import Exchanges
from connectors.store.inbox import Inbox
from connectors.store.old_entries import OldEntries
from connectors.store.rewriting import Rewriting
from connectors.wechat.api import Api
from connectors.wechat.library import Methods
from connectors.wechat.sender import CustomerMessages
from connectors.wechat.token import SharedToken


@dataclass(frozen=True)
class Parts:
    """What the roles are made of."""

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
    housekeeping: Housekeeping


@asynccontextmanager
async def open_parts(
    settings: Settings, nlu_data: Path, *, simulated_clock: bool = False
) -> AsyncIterator[Parts]:
    """Build and open everything; close it in the opposite order. ``settings.redis_url`` must be set."""
    connection = Connection(str(settings.redis_url), settings.redis_replicas)
    simulated = SimulatedClock(connection.redis) if simulated_clock else None
    exchanges = Exchanges(connection, settings.wechat_app_id)
    async with ClientSession(json_serialize=_json) as session:
        parts = _built(settings, nlu_data, connection, session, exchanges, simulated)
        if simulated:
            await simulated.open()
        await exchanges.open()
        try:
            yield parts
        finally:
            await exchanges.close()
            if simulated:
                await simulated.close()
            await connection.close()


# WeChat refuses escaped characters in JSON (40033), and so nobody gets them.
_json = partial(json.dumps, ensure_ascii=False)


def _built(
    settings: Settings,
    nlu_data: Path,
    connection: Connection,
    session: ClientSession,
    exchanges: Exchanges,
    simulated: SimulatedClock | None,
) -> Parts:
    clock: Clock = simulated or SystemClock()
    account = settings.wechat_app_id
    secret, retention = settings.wechat_app_secret.get_secret_value(), settings.retention
    conversations = Conversations(connection, account, retention, secret)
    brain = RasaBrain(session, _brains(settings), settings.brain_seconds)
    answers = AnswerBook(nlu_data, required=NOTICES)
    engine = Engine(
        store=conversations,
        brain=brain,
        sender=_sender(settings, connection, session, clock),
        notices=answers,
        menu=MenuBook(nlu_data / "brand" / "menu.yml"),
        clock=clock,
    )
    inbox = Inbox(connection, account, clock, retention)
    housekeeping = Housekeeping(
        engine.forgetting,
        Rewriting(connection, account, settings.forgotten_within_seconds),
        OldEntries(connection, account, settings.keep_ledger_days),
        clock,
    )
    return Parts(
        settings,
        clock,
        connection,
        session,
        conversations,
        exchanges,
        inbox,
        brain,
        engine,
        answers,
        housekeeping,
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
    return CustomerMessages(methods, settings.may_send, settings.may_send_menus)
