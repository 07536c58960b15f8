"""The page of canned replies: search, add, change, remove; and keeping one that was just sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web

from bot.text import safe
from connectors.desk.guard.access import AGENT
from connectors.desk.guard.accounts import Agent, Role
from connectors.desk.pages.frame import Context, language_of, page
from connectors.desk.words import say
from connectors.store.desk.canned import Canned, CannedShelf, ShortcutTaken

EDITORS = frozenset({Role.SUPERVISOR, Role.TRAINER, Role.ADMIN})
"""Who may change what all colleagues use."""

MOST_CHARACTERS = 2000
_SHORTCUT = re.compile(r"\w{1,20}")
_NO_WORD = re.compile(r"\W+")
SUGGESTED_CHARACTERS = 6


@dataclass(frozen=True)
class CannedPage:
    """The handlers and what they work with."""

    shelf: CannedShelf

    def routes(self) -> list[web.RouteDef]:
        """The addresses below ``/desk``, by the names that ``access`` knows them by."""
        return [
            web.get("/canned", self.canned, name="canned"),
            web.post("/canned", self.put, name="put_canned"),
            web.post("/canned/keep", self.keep, name="keep_canned"),
            web.post("/canned/remove", self.remove, name="remove_canned"),
        ]

    @aiohttp_jinja2.template("canned.html")
    async def canned(self, request: web.Request) -> Context:
        """All that this agent has at hand, or those that hold the words looked for."""
        return await self._context(request)

    async def put(self, request: web.Request) -> web.StreamResponse:
        """Add one or change one."""
        form, agent = await request.post(), request[AGENT]
        text = safe(str(form.get("text", ""))).strip()
        shortcut = str(form.get("shortcut", "")).strip().lstrip("/").lower()
        owner = "" if form.get("shared") else agent.name
        canned = Canned(str(form.get("id", "")), shortcut, text, owner)
        await self._check(agent, canned)
        if not _SHORTCUT.fullmatch(shortcut) or not 0 < len(text) <= MOST_CHARACTERS:
            fault = "empty_reply" if not text else "shortcut_wrong"
            return await self._again(request, canned, fault)
        try:
            await self.shelf.put(canned)
        except ShortcutTaken:
            return await self._again(request, canned, "shortcut_taken")
        raise web.HTTPSeeOther("/desk/canned")

    async def keep(self, request: web.Request) -> web.StreamResponse:
        """Make a reply of the agent's own from what was just sent; its shortcut is how it begins."""
        form, agent = await request.post(), request[AGENT]
        text = safe(str(form.get("text", ""))).strip()[:MOST_CHARACTERS]
        if not text:
            return web.Response(status=422, text=say(language_of(request), "empty_reply"))
        if any(each.text == text for each in await self.shelf.of(agent.name)):
            return web.Response(text="ok")
        for shortcut in _shortcuts(text):
            try:
                await self.shelf.put(Canned("", shortcut, text, agent.name))
            except ShortcutTaken:
                continue
            break
        return web.Response(text="ok")

    async def remove(self, request: web.Request) -> web.StreamResponse:
        """Remove one."""
        id = str((await request.post()).get("id", ""))
        canned = await self.shelf.find(id)
        if canned is None:
            raise web.HTTPNotFound
        await self._check(request[AGENT], canned)
        await self.shelf.remove(id)
        raise web.HTTPSeeOther("/desk/canned")

    async def _check(self, agent: Agent, canned: Canned) -> None:
        """Nobody changes another one's, and only editors what is shared. Raises HTTPForbidden."""
        before = await self.shelf.find(canned.id) if canned.id else None
        if canned.id and before is None:
            raise web.HTTPNotFound
        for each in filter(None, (canned, before)):
            if each.owner != agent.name and (each.owner or agent.role not in EDITORS):
                raise web.HTTPForbidden

    async def _again(self, request: web.Request, canned: Canned, fault: str) -> web.StreamResponse:
        """The page with what was typed, and why it was not taken."""
        context = await self._context(request)
        context |= {"draft": canned, "fault": say(language_of(request), fault)}
        return aiohttp_jinja2.render_template("canned.html", request, context, status=422)

    async def _context(self, request: web.Request) -> Context:
        agent, wanted = request[AGENT], request.query.get("q", "").strip()
        found = [
            each
            for each in await self.shelf.of(agent.name)
            if wanted.lower() in f"{each.shortcut} {each.text}".lower()
        ]
        return page(request) | {
            "canned": found,
            "wanted": wanted,
            "may_share": agent.role in EDITORS,
            "draft": Canned("", "", request.query.get("text", "")),
            "fault": "",
        }


def _shortcuts(text: str) -> Iterator[str]:
    """How a text begins, then the same with numbers."""
    start = _NO_WORD.sub("", text).lower()[:SUGGESTED_CHARACTERS] or "reply"
    yield start
    yield from (f"{start}{number}" for number in range(2, 100))
