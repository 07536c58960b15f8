"""What agents write besides words for the follower: pictures, notes, signs of presence; and what they take back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web

from bot import handling
from bot.change import Change
from bot.conversation import Conversation, IllegalMove
from bot.text import safe
from connectors.desk.followers import ADDRESS, Follower, Followers, address
from connectors.desk.guard.access import AGENT, SERVING
from connectors.desk.guard.accounts import Accounts, names_of
from connectors.desk.pages.frame import Context, language_of, page
from connectors.desk.pages.moving import Moving, done
from connectors.desk.views import presenting
from connectors.desk.words import say
from connectors.parts import Parts
from connectors.store.desk.mentions import Mentions
from connectors.store.desk.viewers import Viewers
from connectors.wechat.capabilities import Capability
from connectors.wechat.media import type_of
from connectors.wechat.pictures import LARGEST_BYTES, NAMES

NOTE_CHARACTERS = 2000
CHUNK = 256 * 1024
RECENT_LINES = 30
"""How far back what is taken back is looked for."""

_KEY = re.compile(r"[0-9a-f]{16,64}")


class WrongPicture(Exception):
    """A file that cannot be sent; carries the name of the sentence that says why."""


@dataclass(frozen=True)
class WritingPage:
    """The handlers and what they work with."""

    parts: Parts
    moving: Moving
    followers: Followers
    accounts: Accounts

    def routes(self) -> list[web.RouteDef]:
        """The addresses below ``/desk``, by the names that ``access`` knows them by."""
        one = f"/conversations/{{openid:{ADDRESS}}}"
        return [
            web.post(f"{one}/undo", self.undo, name="undo"),
            web.post(f"{one}/picture", self.picture, name="picture"),
            web.post(f"{one}/note", self.note, name="note"),
            web.post(f"{one}/viewing", self.viewing, name="viewing"),
            web.get("/mentions", self.mentions, name="mentions"),
        ]

    async def undo(self, request: web.Request) -> web.StreamResponse:
        """Take back what was written under this key, if none of it has left."""
        agent, now = request[AGENT].name, self.parts.clock.now()
        follower, key = self.followers.of(request), str((await request.post()).get("key", ""))
        told = await follower.parts.conversations.transcript(follower.openid, RECENT_LINES)
        lines = [each.line for each in told if each.line.details.get("key") == key != ""]
        ids = {line.bubble for line in lines if line.bubble and line.author == "agent"}
        is_opening = any("opening" in line.details for line in lines)

        def step(at: Conversation) -> Change:
            return handling.withdraw(at, agent, ids, now, is_opening=is_opening)

        try:
            return await self.moving.moved(request, step)
        except handling.TooLate:
            return web.Response(status=409, text=say(language_of(request), "undo_late"))
        except IllegalMove as refusal:
            return await self.moving.refused(request, refusal, "gone_to_bot")

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """Send a picture: the body is the file, ``key`` tells it from others; sent again, it is not sent twice."""
        follower, key = self.followers.of(request), request.query.get("key", "")
        agent, now = request[AGENT], self.parts.clock.now()
        if not _KEY.fullmatch(key):
            raise web.HTTPNotFound
        if not follower.parts.settings.may(Capability.MEDIA):
            raise web.HTTPForbidden
        conversation = await self.followers.known(follower)
        name, notices = f"agent-{key}", self.parts.answers
        if key in conversation.reply_keys:
            return done(request)
        wait = self.parts.settings.desk_undo_seconds

        def step(at: Conversation) -> Change:
            return handling.reply(
                at, agent.name, "", notices, now, key=key, picture=name, wait=wait
            )

        try:
            step(conversation)  # Whoever does not hold the conversation leaves no file here.
            content = await _picture_in(request)
            await follower.parts.media.keep(follower.openid, name, content)
            return await self.moving.moved(request, step)
        except WrongPicture as fault:
            return web.Response(status=422, text=say(language_of(request), str(fault)))
        except (IllegalMove, web.HTTPNotFound, web.HTTPGone) as refusal:
            await follower.parts.media.drop(follower.openid, name)
            if isinstance(refusal, IllegalMove):
                return await self.moving.refused(request, refusal, "gone_to_bot")
            raise

    async def note(self, request: web.Request) -> web.StreamResponse:
        """Write something down for colleagues, and call those whom it names."""
        follower, agent = self.followers.of(request), request[AGENT].name
        now = self.parts.clock.now()
        text = safe(str((await request.post()).get("text", ""))).strip()
        if not text or len(text) > NOTE_CHARACTERS:
            fault = "too_long" if text else "empty_reply"
            return web.Response(status=422, text=say(language_of(request), fault))
        colleagues = [each for each in await self.accounts.all() if each.role in SERVING]
        called = mentioned(text, names_of(colleagues))
        await self.moving.moved(request, lambda at: handling.note(at, agent, text, called, now))
        await _mentions(follower).add(follower.openid, called, now)
        return done(request)

    async def viewing(self, request: web.Request) -> web.StreamResponse:
        """The page is looked at, written in, or left; whoever looks has seen what calls them."""
        follower, agent = self.followers.of(request), request[AGENT].name
        form, parts = await request.post(), follower.parts
        viewers = Viewers(parts.connection.redis, parts.settings.wechat_app_id)
        if form.get("gone"):
            await viewers.leave(follower.openid, agent)
            return done(request)
        await self.followers.known(follower)
        is_typing = bool(form.get("typing"))
        await viewers.sign(follower.openid, agent, parts.clock.now(), is_typing=is_typing)
        await _mentions(follower).seen(follower.openid, agent)
        return done(request)

    @aiohttp_jinja2.template("_mentions.html")
    async def mentions(self, request: web.Request) -> Context:
        """Where colleagues have called this agent."""
        agent, found = request[AGENT].name, []
        # Whoever serves nobody any more could not look them away.
        for parts in self.followers.all if request[AGENT].role in SERVING else ():
            account = self.followers.account(parts.settings.wechat_app_id)
            for openid in await _mentions(Follower(parts, openid="")).of(agent):
                found.append((address(account, openid), presenting.face(openid)))
        return page(request) | {"mentions": found}


def mentioned(text: str, shown: Mapping[str, str]) -> list[str]:
    """The log-in names of those whom a note calls by ``@`` and either name; longer ones first: 王芳芳 is not 王芳."""
    called, rest = set(), text.casefold()
    names = [(known.casefold(), name) for name, known in shown.items()]
    names += [(name, name) for name in shown]
    for known, name in sorted(names, key=lambda each: -len(each[0])):
        if known and f"@{known}" in rest:
            called.add(name)
            rest = rest.replace(f"@{known}", "")
    return sorted(called)


async def _picture_in(request: web.Request) -> bytes:
    """The picture that a request brings, known by its bytes. Raises WrongPicture."""
    content = bytearray()
    async for chunk in request.content.iter_chunked(CHUNK):
        content += chunk
        if len(content) > LARGEST_BYTES:
            raise WrongPicture("picture_large")
    if type_of(bytes(content[:16])) not in NAMES:
        raise WrongPicture("picture_wrong")
    return bytes(content)


def _mentions(follower: Follower) -> Mentions:
    parts = follower.parts
    return Mentions(parts.connection.redis, parts.settings.wechat_app_id)
