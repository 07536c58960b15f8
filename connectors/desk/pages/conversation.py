"""The page of one conversation: each handler reads, applies one move, and shows the result."""

import asyncio
import mimetypes
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web

from bot import handling
from bot.change import Change
from bot.conversation import Conversation, IllegalMove, Speaker
from bot.enquiry import Stage
from bot.text import CHOICE_BYTES, TEXT_BYTES, safe
from connectors.desk.followers import ADDRESS, Follower, Followers
from connectors.desk.guard.access import AGENT, SERVING
from connectors.desk.guard.accounts import Accounts, names_of
from connectors.desk.pages.frame import Context, language_of, number, page, times
from connectors.desk.pages.lists import ListPage
from connectors.desk.pages.moving import Moving, done
from connectors.desk.views import masking, presenting
from connectors.desk.views.beside import beside_lines, late_answers
from connectors.desk.views.transcript import stretches
from connectors.desk.words import say
from connectors.parts import Parts
from connectors.store.conversations import Told
from connectors.store.desk.viewers import Viewers
from connectors.store.media import State
from connectors.store.misses import Marks, moment
from connectors.wechat.capabilities import Capability
from connectors.wechat.media import type_of_file
from connectors.wechat.pictures import LARGEST_BYTES

REPLY_CHARACTERS = 2000
PIECE_BYTES = TEXT_BYTES - 4 * CHOICE_BYTES
"""Where ``bot.text.pieces`` cuts: what a reply costs is shown while it is written."""

SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
PLAYED = frozenset({"audio/mpeg"})
"""What a browser shows or plays within the page."""

PAGE_LINES = 100
"""So many lines a page begins with, and as many more each time that earlier ones are asked for."""

MOST_LINES = 5000

_KEY = re.compile(r"[0-9a-f]{16,64}")


@dataclass(frozen=True)
class ConversationPage:
    """The handlers and what they work with."""

    parts: Parts
    followers: Followers
    accounts: Accounts
    lists: ListPage
    moving: Moving

    def routes(self) -> list[web.RouteDef]:
        """The addresses below ``/desk``, by the names that ``access`` knows them by."""
        one = f"/conversations/{{openid:{ADDRESS}}}"
        return [
            web.get(one, self.conversation, name="conversation"),
            web.get(f"{one}/thread", self.thread, name="thread"),
            web.get(f"{one}/media/{{key:[A-Za-z0-9-]+}}", self.media, name="media"),
            web.post(f"{one}/reply", self.reply, name="reply"),
            web.post(f"{one}/typing", self.typing, name="typing"),
            web.post(f"{one}/close", self.close, name="close"),
            web.post(f"{one}/mark", self.mark, name="mark"),
        ]

    @aiohttp_jinja2.template("conversation.html")
    async def conversation(self, request: web.Request) -> Context:
        """The lists and one conversation."""
        return page(request) | await self.lists.context(request) | await self._thread(request)

    @aiohttp_jinja2.template("_thread.html")
    async def thread(self, request: web.Request) -> Context:
        """One conversation alone, for a page that shows it anew."""
        return page(request) | await self._thread(request)

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A follower's picture to look at; whatever is no picture is saved, and nothing of theirs is ever run."""
        follower, key = self.followers.of(request), request.match_info["key"]
        await self.followers.known(follower)
        keeper = follower.parts.media
        record = await keeper.shelf.find(follower.openid, key)
        if record is None or record.state is not State.KEPT:
            raise web.HTTPNotFound
        path = keeper.path(record.file)
        kind = await asyncio.to_thread(type_of_file, path)
        shown = "inline" if kind in SHOWN | PLAYED else "attachment"
        name = f"{record.kind}{mimetypes.guess_extension(kind) or '.bin'}"
        headers = {"Content-Type": kind, "Content-Disposition": f'{shown}; filename="{name}"'}
        return web.FileResponse(path, headers=headers)

    async def reply(self, request: web.Request) -> web.StreamResponse:
        """Say something to the follower; sent again with the same key, it is not said again."""
        form, agent, notices = await request.post(), request[AGENT], self.parts.answers
        text, key = safe(str(form.get("text", ""))).strip(), str(form.get("key", ""))
        if not text or len(text) > REPLY_CHARACTERS:
            fault = "too_long" if text else "empty_reply"
            return web.Response(status=422, text=say(language_of(request), fault))
        if not _KEY.fullmatch(key):
            raise web.HTTPForbidden
        now = self.parts.clock.now()

        def step(at: Conversation) -> Change:
            wait = self.parts.settings.desk_undo_seconds
            return handling.reply(
                at, agent.name, text, notices, now, shown=agent.shown, key=key, wait=wait
            )

        try:
            return await self.moving.moved(request, step)
        except IllegalMove as refusal:
            return await self.moving.refused(request, refusal, "gone_to_bot")

    async def typing(self, request: web.Request) -> web.StreamResponse:
        """The agent who holds the conversation writes: the follower sees the sign, where the account may show it."""
        follower = self.followers.of(request)
        conversation = await self.followers.known(follower)
        if _mode(conversation, request[AGENT].name) == "reply":
            await follower.parts.engine.sender.typing(follower.openid)
        return done(request)

    async def close(self, request: web.Request) -> web.StreamResponse:
        """Hand the follower back to the bot."""
        agent, notices, now = request[AGENT].name, self.parts.answers, self.parts.clock.now()
        try:
            return await self.moving.moved(
                request, lambda at: handling.close(at, agent, notices, now)
            )
        except IllegalMove as refusal:
            if refusal.speaker is Speaker.BOT:
                return done(request)
            return await self.moving.refused(request, refusal, "not_waiting")

    async def mark(self, request: web.Request) -> web.StreamResponse:
        """Say that the bot should have known this message, or take that back; trainers find it in ``nlu misses``."""
        follower, named = self.followers.of(request), str((await request.post()).get("moment", ""))
        await self.followers.known(follower)
        told = await follower.parts.conversations.transcript(follower.openid)
        if named not in {moment(each.line.at) for each in told if each.line.author == "follower"}:
            raise web.HTTPNotFound
        await _marks(follower).toggle(follower.openid, named)
        return done(request)

    async def _thread(self, request: web.Request) -> Context:
        follower, agent, at = self.followers.of(request), request[AGENT].name, times(request)
        conversation, marks = await self.followers.known(follower), _marks(follower)
        wanted = _lines_wanted(request)
        lines = await follower.parts.conversations.transcript(follower.openid, wanted + 1)
        told = masking.transcript(lines, request[AGENT])
        people = await self.accounts.all()
        shown = names_of(people)
        is_masked = masking.applies_to(request[AGENT])
        mode = "read" if is_masked else _mode(conversation, agent)
        beside = await beside_lines(follower, conversation, told, at.language, mode)
        late = await late_answers(follower, told) if mode == "reply" else ()
        viewers = Viewers(follower.parts.connection.redis, conversation.account)
        others = await viewers.others(follower.openid, agent, at.now)
        return {
            "openid": request.match_info["openid"],
            "more": wanted + PAGE_LINES if len(told) > wanted else 0,
            "lines": wanted,
            "last_words": _last_words(told, len(late)),
            "viewers": [(shown.get(each.agent, each.agent), each.is_typing) for each in others],
            "may_send_pictures": follower.parts.settings.may(Capability.MEDIA),
            "largest_picture": LARGEST_BYTES,
            "colleagues": [
                (each.name, each.shown)
                for each in people
                if each.role in SERVING and each.name != agent
            ],
            "account": self.followers.account(conversation.account),
            "face": presenting.face(follower.openid),
            "reason": presenting.reason(conversation.reason, at.language),
            "speaker": str(conversation.speaker),
            "state": presenting.state(conversation, agent, at, shown),
            "stretches": list(
                stretches(told[-wanted:], at, shown, await marks.of(follower.openid), beside)
            ),
            "window": presenting.window(conversation, at),
            "mode": mode,
            "holder": shown.get(conversation.agent or "", conversation.agent or ""),
            "is_unanswered": bool(conversation.enquiries_at(Stage.ESCALATED)),
            "key": secrets.token_hex(16),
            "piece_bytes": PIECE_BYTES,
        }


def _lines_wanted(request: web.Request) -> int:
    return min(number(request.query.get("lines", ""), 0), MOST_LINES) or PAGE_LINES


def _last_words(told: Sequence[Told], late: int) -> str:
    """Tells whether there may be other suggestions: for something new of the follower's, or with a late answer."""
    said = [each.line.at for each in told if each.line.author == "follower"]
    return f"{moment(said[-1])} {late}" if said else ""


def _marks(follower: Follower) -> Marks:
    parts = follower.parts
    return Marks(parts.connection.redis, parts.settings.wechat_app_id, parts.settings.retention)


def _mode(conversation: Conversation, agent: str) -> str:
    """What this agent can do: ``take``, ``reply``, ``watch`` a colleague, or nothing while the ``bot`` speaks."""
    if conversation.speaker is Speaker.WAITING:
        return "take"
    if conversation.speaker is Speaker.BOT:
        return "bot"
    return "reply" if conversation.agent == agent else "watch"
