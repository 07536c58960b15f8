"""Whose conversation a page is about: a follower of one of the accounts that the desk shows.

An openid belongs to an account, so with several accounts a follower's address at the desk is ``<account>.<openid>``;
with one it is the openid alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from bot.conversation import Conversation
from bot.desk.listing import Listed
from bot.messages import Line
from connectors.accounts import NAME
from connectors.desk.presenting import address
from connectors.parts import Parts
from connectors.store.misses import Marked, marked

ADDRESS = rf"({NAME}\.)?[A-Za-z0-9_-]+"
"""The pattern of a follower's address."""

VIEWED = "?"
"""Begins news of a conversation's viewers, which nobody needs but those who look at it."""

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

    def find(self, address: str) -> Follower:
        """The follower of this address. Raises HTTPNotFound for an account that is not here."""
        name, _, openid = address.rpartition(".")
        for app_id, parts in self._accounts.items():
            if self.account(app_id) == name:
                return Follower(parts, openid)
        raise web.HTTPNotFound

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
        """All who wait for people or are with them, account by account."""
        found = [await parts.conversations.listed() for parts in self._accounts.values()]
        return [each for listed in found for each in listed]

    async def waiting(self) -> list[Conversation]:
        """Those who wait for a person, the longest first."""
        found = [await parts.conversations.waiting() for parts in self._accounts.values()]
        return _longest_first(found)

    async def held(self) -> list[Conversation]:
        """Those whom an agent has, the longest first."""
        found = [await parts.conversations.held() for parts in self._accounts.values()]
        return _longest_first(found)

    async def last_lines(self, conversations: Iterable[Conversation]) -> Mapping[Who, list[Line]]:
        """The newest lines of these followers."""
        chosen = list(conversations)
        found: dict[Who, list[Line]] = {}
        for app_id, parts in self._accounts.items():
            openids = [each.openid for each in chosen if each.account == app_id]
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


def _longest_first(found: Iterable[list[Conversation]]) -> list[Conversation]:
    return sorted((each for listed in found for each in listed), key=lambda each: each.since)
