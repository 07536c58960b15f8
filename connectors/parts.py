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
from bot.brand_files import live_brand
from bot.clock import Clock, SystemClock
from bot.engine import Engine
from bot.live import Live
from bot.menu import MenuBook
from bot.nearby import NearestShops
from bot.notices import NOTICES
from connectors.changed_hours import ChangedHours
from connectors.crm import HttpMembers
from connectors.housekeeping import Housekeeping
from connectors.rasa import RasaBrain
from connectors.reception import LiveReception
from connectors.settings import Settings
from connectors.store.clock import SimulatedClock
from connectors.store.connection import CONNECTIONS, Connection
from connectors.store.conversations import Conversations
from connectors.store.desk.audit import AuditLog, OldAudit
from connectors.store.desk.teams import TeamShelf
from connectors.store.desk.waits import WaitShelf
from connectors.store.exchanges import Exchanges, Room
from connectors.store.inbox import Inbox
from connectors.store.late import LateAnswers
from connectors.store.media import MediaShelf
from connectors.store.old_entries import OldEntries
from connectors.store.rewriting import Rewriting
from connectors.wechat.api import Api
from connectors.wechat.capabilities import Capability
from connectors.wechat.library import Methods
from connectors.wechat.media import MediaKeeper, MediaSource
from connectors.wechat.pauses import Pauses
from connectors.wechat.pictures import Pictures
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
    media: MediaKeeper
    shops: NearestShops
    reception: LiveReception
    housekeeping: Housekeeping


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
    connection = Connection(
        str(accounts[0].redis_url),
        CONNECTIONS + LISTENING * len(accounts),
        replicas=accounts[0].redis_replicas,
    )
    simulated = SimulatedClock(connection.redis) if simulated_clock else None
    async with ClientSession(json_serialize=_json) as session, AsyncExitStack() as opened:
        opened.push_async_callback(connection.close)
        if simulated:
            await simulated.open()
            opened.push_async_callback(simulated.close)
        clock, ids = simulated or SystemClock(), [each.wechat_app_id for each in accounts]
        shared = _shared(accounts[0], ids, nlu_data, connection, session, clock)
        every = tuple(_built(settings, shared) for settings in accounts)
        await shared.reception.open()
        opened.push_async_callback(shared.reception.close)
        opened.push_async_callback(_close, every)
        opened.push_async_callback(shared.brain.close)
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
    shops: NearestShops
    reception: LiveReception


def _shared(
    settings: Settings,
    accounts: Sequence[str],
    nlu_data: Path,
    connection: Connection,
    session: ClientSession,
    clock: Clock,
) -> _Shared:
    answers = AnswerBook(nlu_data, required=NOTICES)
    menu = MenuBook(nlu_data / "brand" / "menu.yml")
    shops = NearestShops(partial(live_brand, nlu_data / "brand"))
    city_of = partial(_city_of, shops)
    late = LateAnswers(connection).keep
    brain = RasaBrain(session, _brains(settings), settings.brain_seconds, city_of, late)
    waits = [WaitShelf(connection.redis, account) for account in accounts]
    shelf = TeamShelf(connection.redis)
    reception = LiveReception(shelf, lambda: shops.brand.value, waits, clock)
    return _Shared(clock, connection, session, brain, answers, menu, shops, reception)


def _built(settings: Settings, shared: _Shared) -> Parts:
    connection, account, clock = shared.connection, settings.wechat_app_id, shared.clock
    secret, retention = settings.wechat_app_secret.get_secret_value(), settings.retention
    conversations = Conversations(connection, account, retention, secret)
    tokens = _tokens(settings, connection, shared.session, clock)
    media = _media(settings, connection, shared.session, tokens, clock)
    room = Room(settings.follower_unread_messages, settings.followers_waiting)
    engine = Engine(
        store=conversations,
        brain=shared.brain,
        sender=_sender(settings, connection, shared.session, tokens, clock, media),
        notices=shared.answers,
        menu=shared.menu,
        clock=clock,
        shops=shared.shops,
        media=media,
        desk=shared.reception,
        members=HttpMembers(shared.session, settings.crm_url),
        human_desk=settings.human_desk,
        labelling=settings.wechat_ai_label,
        limits=settings.limits,
        merge_seconds=min(settings.merge_seconds, settings.reply_seconds / 2),
    )
    housekeeping = Housekeeping(
        engine.forgetting,
        Rewriting(connection, account, settings.forgotten_within_seconds),
        OldEntries(connection, account, settings.keep_ledger_days),
        OldAudit(AuditLog(connection.redis), settings.keep_audit_days),
        ChangedHours(engine, conversations),
        clock,
    )
    return Parts(
        settings,
        clock,
        connection,
        shared.session,
        conversations,
        Exchanges(connection, account, room),
        Inbox(connection, account, clock, retention),
        shared.brain,
        engine,
        shared.answers,
        media,
        shared.shops,
        shared.reception,
        housekeeping,
    )


def _brains(settings: Settings) -> Callable[[], Sequence[str]]:
    """Where the brains are: as the file says that is written when another model goes live, else as set."""
    file = settings.rasa_url_file
    if file is None:
        return lambda: settings.rasa_url
    addresses = Live(lambda: [file], lambda: file.read_text().split())
    return lambda: addresses.value


def _city_of(shops: NearestShops, shop: str) -> str:
    found = shops.brand.value.shops.get(shop)
    return found.city if found else ""


def _tokens(
    settings: Settings, connection: Connection, session: ClientSession, clock: Clock
) -> SharedToken:
    app_id, secret = settings.wechat_app_id, settings.wechat_app_secret.get_secret_value()
    return SharedToken(connection.redis, session, settings.wechat_api_url, app_id, secret, clock)


def _sender(
    settings: Settings,
    connection: Connection,
    session: ClientSession,
    tokens: SharedToken,
    clock: Clock,
    media: MediaKeeper,
) -> CustomerMessages:
    api = Api(session, settings.wechat_api_url, tokens)
    return CustomerMessages(
        Methods(settings.wechat_app_id, api.call),
        settings.may_send,
        settings.may_send_menus,
        clock,
        Pauses(connection.redis, settings.wechat_app_id),
        settings.may(Capability.TYPING),
        Pictures(api, media) if settings.may(Capability.MEDIA) else None,
    )


def _media(
    settings: Settings,
    connection: Connection,
    session: ClientSession,
    tokens: SharedToken,
    clock: Clock,
) -> MediaKeeper:
    may_fetch, limit = settings.may(Capability.MEDIA), settings.media_limit_bytes
    source = MediaSource(session, settings.wechat_api_url, tokens, may_fetch, limit)
    account = settings.wechat_app_id
    folder, shelf = settings.media_dir / account, MediaShelf(connection, account)
    return MediaKeeper(shelf, source, folder, clock, settings.retention)
