"""Whose conversation a page is about: a follower of one of the accounts that the desk shows.

An openid belongs to an account, so with several accounts a follower's address at the desk is ``<account>.<openid>``;
with one it is the openid alone.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from bot.conversation import Conversation
from bot.desk.listing import Listed
from bot.messages import Line
from connectors.accounts import NAME
from connectors.parts import Parts
from connectors.store.misses import Marked, marked

ADDRESS = rf"({NAME}\.)?[A-Za-z0-9_-]+"
"""The pattern of a follower's address."""

VIEWED = "?"
"""Begins news of a conversation's viewers, which nobody needs but those who look at it."""

FRESH_SECONDS = 0.25
"""How long one reading of the lists serves the pages that ask."""

Who = tuple[str, str]
"""A follower anywhere: app id and openid."""


@dataclass(frozen=True)
class Follower:
    """A follower, and the parts of the account that is followed."""

    parts: Parts
    openid: str


class Followers:
    """The followers of all accounts."""

    def __init__(self, accounts: Sequence[Parts]) -> None:
        self._accounts = {parts.settings.wechat_app_id: parts for parts in accounts}
        self._reading: asyncio.Future[list[tuple[str, Listed]]] | None = None

    def find(self, address: str) -> Follower:
        """The follower of this address. Raises HTTPNotFound for an account that is not here."""
        name, _, openid = address.rpartition(".")
        for app_id, parts in self._accounts.items():
            if self.account(app_id) == name:
                return Follower(parts, openid)
        raise web.HTTPNotFound

    def of(self, request: web.Request) -> Follower:
        """The follower whose conversation the request's address names. Raises HTTPNotFound as ``find`` does."""
        return self.find(request.match_info["openid"])

    async def known(self, follower: Follower) -> Conversation:
        """The follower's conversation. Raises HTTPGone for one who was forgotten, HTTPNotFound for an unknown one."""
        conversations = follower.parts.conversations
        conversation = await conversations.read(follower.openid)
        if conversation.version:
            return conversation
        if await conversations.is_forgotten(follower.openid):
            raise web.HTTPGone
        raise web.HTTPNotFound

    async def by_alias(self, app_id: str, alias: str) -> str:
        """Where the follower with this alias is found at the desk; empty when there is none any more."""
        parts = self._accounts.get(app_id)
        openid = await parts.conversations.by_alias(alias) if parts and alias else ""
        return address(self.account(app_id), openid) if openid else ""

    def account(self, app_id: str) -> str:
        """The account's name as the desk shows it; empty where there is only one."""
        name = self._accounts[app_id].settings.wechat_account_name
        return name if len(self._accounts) > 1 else ""

    async def listed(self) -> list[Listed]:
        """All who wait for people or are with them, of all accounts."""
        return [each for _, each in await self.listed_by_account()]

    async def listed_by_account(self) -> list[tuple[str, Listed]]:
        """The same with their account's app id, those to be served first on top.

        Many pages ask at once when something has changed: they share one reading, unless more has changed since.
        """
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._read())
            self._reading.add_done_callback(self._keep_for_a_moment)
        return await asyncio.shield(self._reading)

    async def concerned(self, address: str) -> Set[str]:
        """Whom of the agents a conversation concerns: who has it, and to whom it is offered."""
        follower = self.find(address)
        each = await follower.parts.conversations.listed_one(follower.openid)
        return {each.agent, each.offered} - {""} if each else frozenset()

    def changed(self) -> None:
        """What was read of the lists no longer holds."""
        self._reading = None

    def _keep_for_a_moment(self, reading: "asyncio.Future[list[tuple[str, Listed]]]") -> None:
        asyncio.get_running_loop().call_later(FRESH_SECONDS, self._let_go, reading)

    def _let_go(self, reading: "asyncio.Future[list[tuple[str, Listed]]]") -> None:
        if self._reading is reading:
            self._reading = None

    async def _read(self) -> list[tuple[str, Listed]]:
        found = [
            (app_id, each)
            for app_id, parts in self._accounts.items()
            for each in await parts.conversations.listed()
        ]
        return sorted(found, key=lambda pair: (pair[1].order, pair[1].since, pair[1].openid))

    async def last_lines(self, chosen: Collection[Who]) -> Mapping[Who, list[Line]]:
        """The newest lines of these followers."""
        found: dict[Who, list[Line]] = {}
        for app_id, parts in self._accounts.items():
            openids = [openid for account, openid in chosen if account == app_id]
            if openids:
                lines = await parts.conversations.last_lines(openids)
                found |= {(app_id, openid): told for openid, told in lines.items()}
        return found

    async def marked(self) -> list[tuple[str, Marked]]:
        """What agents have marked, by the followers' addresses, the newest first."""
        found = [
            (address(self.account(app_id), each.openid), each)
            for app_id, parts in self._accounts.items()
            async for each in marked(parts.connection.redis, app_id)
        ]
        return sorted(found, key=lambda each: -each[1].at)

    def channels(self) -> Mapping[str, Callable[[str], str]]:
        """Where each account's changes are published, and how an openid of there becomes an address."""
        channels: dict[str, Callable[[str], str]] = {}
        for app_id, parts in self._accounts.items():
            named, keys = partial(address, self.account(app_id)), parts.conversations.keys
            channels[keys.desk()] = named
            channels[keys.viewing()] = partial(_viewed, named)
        return channels

    @property
    def all(self) -> Sequence[Parts]:
        """The parts of all accounts."""
        return list(self._accounts.values())


def _viewed(named: Callable[[str], str], openid: str) -> str:
    return VIEWED + named(openid)


def address(account: str, openid: str) -> str:
    """Where a follower is found at the desk; ``account`` is empty where there is only one."""
    return f"{account}.{openid}" if account else openid
