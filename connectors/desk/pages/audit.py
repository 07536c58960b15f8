"""The audit log as a page: who saw and changed what, newest first."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

import aiohttp_jinja2
from aiohttp import web

from bot.zone import HOME
from connectors.desk.followers import Followers
from connectors.desk.guard.accounts import Accounts
from connectors.desk.pages.frame import Context, page, times
from connectors.desk.views import presenting
from connectors.desk.views.times import Times
from connectors.desk.words import pick
from connectors.desk.words.door import ACTIONS
from connectors.store.desk.audit import AuditLog, Entry, Wanted

ROWS = 50
_ID = re.compile(r"[1-9][0-9]{11,14}-[0-9]{1,9}")


@dataclass(frozen=True)
class Row:
    """One line of the page. ``link`` leads to the follower while there is one, ``whom`` is a follower's look."""

    at: str
    agent: str
    action: str
    alias: str
    whom: str
    link: str
    about: str
    address: str
    is_alarming: bool


ALARMING = frozenset({"login_failed", "login_locked", "remove_person", "renew_password"})


@dataclass(frozen=True)
class AuditPage:
    """The handlers and what they work with."""

    log: AuditLog
    followers: Followers
    accounts: Accounts

    def routes(self) -> list[web.RouteDef]:
        """The addresses below ``/desk``, by the names that ``access`` knows them by."""
        return [
            web.get("/audit", self.audit, name="audit"),
            web.get(
                "/by/{app_id:wx[0-9A-Za-z]+}/{alias:[0-9a-f]+}", self.by_alias, name="by_alias"
            ),
        ]

    @aiohttp_jinja2.template("audit.html")
    async def audit(self, request: web.Request) -> Context:
        """A page of the log."""
        at, query = times(request), request.query
        entries, before = await self.log.page(_wanted(request), _before(request), ROWS)
        shown = await self.accounts.shown()
        kept = {
            name: query[name] for name in ("agent", "action", "alias", "day") if query.get(name)
        }
        return page(request) | {
            "rows": [await self._row(entry, at, shown) for entry in entries],
            "older": f"?{urlencode(kept | {'before': before})}" if before else "",
            "is_filtered": bool(kept) or "before" in query,
            "chosen": kept,
            "names": shown,
            "actions": {name: pick(at.language, told) for name, told in ACTIONS.items()},
        }

    async def by_alias(self, request: web.Request) -> web.StreamResponse:
        """Lead to the follower whom an alias stands for."""
        told = request.match_info
        address = await self.followers.by_alias(told["app_id"], told["alias"])
        if not address:
            raise web.HTTPGone
        raise web.HTTPSeeOther(f"/desk/conversations/{address}")

    async def _row(self, entry: Entry, at: Times, shown: dict[str, str]) -> Row:
        address = await self.followers.by_alias(entry.account, entry.alias)
        return Row(
            at.date_and_hour(entry.at, seconds=True),
            shown.get(entry.agent, entry.agent),
            pick(at.language, ACTIONS.get(entry.action, (entry.action, entry.action))),
            entry.alias,
            presenting.face(address.rpartition(".")[2]).label if address else "",
            f"/desk/conversations/{address}" if address else "",
            entry.about,
            entry.address,
            entry.action in ALARMING,
        )


def _wanted(request: web.Request) -> Wanted:
    """What the page's filters say; a day that is none is passed over."""
    query = request.query
    chosen = query.get("agent", ""), query.get("action", ""), query.get("alias", "")
    try:
        day = datetime.strptime(query.get("day", ""), "%Y-%m-%d").replace(tzinfo=HOME)
        return Wanted(*chosen, day.timestamp(), (day + timedelta(1)).timestamp())
    except (ValueError, OverflowError):
        return Wanted(*chosen)


def _before(request: web.Request) -> str:
    """Where the page begins; empty, at the newest, for what is no entry's id."""
    told = request.query.get("before", "")
    return told if _ID.fullmatch(told) else ""
