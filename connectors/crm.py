"""The brand's customer register over HTTP: ``GET {CRM_URL}/members/{openid}``.

It answers 200 with ``{"name": "林女士", "points": 1280, "expiring": 200, "expires_on": "2026-12-31", "tier": "黑金",
"vip": true, "associate": "王芳"}``, all after the points optional, or 404 where no member is bound to the follower.
"""

from datetime import date
from typing import Any
from urllib.parse import quote

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.members import CrmUnavailable, Member

ANSWER_SECONDS = 3.0
"""How long the CRM may take: the follower waits for at most five."""

UNREADABLE = (ValueError, KeyError, TypeError, OverflowError)
"""What comes of reading an answer that has not the form above."""


class HttpMembers:
    """Asks the CRM; without one nobody is bound."""

    def __init__(self, session: ClientSession, url: str | None) -> None:
        """``url`` as in ``CRM_URL``, None if that is not set."""
        self._session, self._url = session, url

    async def find(self, openid: str) -> Member | None:
        """The member bound to this follower, None if nobody is. Raises CrmUnavailable."""
        if self._url is None:
            return None
        try:
            return await self._ask(f"{self._url.rstrip('/')}/members/{quote(openid, safe='')}")
        except (ClientError, TimeoutError, OSError, *UNREADABLE) as error:
            raise CrmUnavailable(type(error).__name__) from error

    async def _ask(self, address: str) -> Member | None:
        timeout = ClientTimeout(total=ANSWER_SECONDS)
        async with self._session.get(address, timeout=timeout) as response:
            if response.status == 404:
                return None
            response.raise_for_status()
            return _member(await response.json())


def _member(body: Any) -> Member:
    if not isinstance(body, dict):
        raise TypeError("a member must be a JSON object")
    expires_on = body.get("expires_on")
    return Member(
        name=str(body["name"]),
        points=int(body["points"]),
        expiring=int(body.get("expiring") or 0),
        expires_on=date.fromisoformat(expires_on) if expires_on else None,
        tier=str(body.get("tier") or ""),
        associate=str(body.get("associate") or ""),
        is_vip=body.get("vip") is True,
    )
