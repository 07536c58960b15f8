"""The panel beside a conversation: what is known of the follower, and answers that may fit."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import aiohttp_jinja2
from aiohttp import web

from bot.brand import Shop
from bot.conversation import Conversation
from bot.members import CrmUnavailable, Member
from bot.text import safe
from connectors.crm import HttpMembers
from connectors.desk.followers import ADDRESS, Follower, Followers
from connectors.desk.guard.access import AGENT
from connectors.desk.guard.accounts import Accounts
from connectors.desk.pages.frame import Context, language_of, page, times
from connectors.desk.pages.moving import done
from connectors.desk.views.beside import late_answers
from connectors.desk.views.bot_words import BotWords, as_asked
from connectors.desk.views.naming import IN_ANSWERS, intent_names
from connectors.desk.views.past import past
from connectors.desk.views.suggesting import Question, last_question, suggestions
from connectors.desk.views.times import local
from connectors.desk.words import pick, say
from connectors.desk.words.names import LANGUAGES
from connectors.store.conversations import Told
from connectors.store.desk.canned import Canned, CannedShelf
from connectors.store.desk.tags import MOST_CHARACTERS, Tags, TooManyTags

MEMBER_SECONDS = 2.0
"""The panel shows without the member what it knows; an agent does not wait for another system."""

PAST_LINES = 1000


@dataclass(frozen=True)
class ProfilePage:
    """The handlers and what they work with."""

    followers: Followers
    accounts: Accounts

    def routes(self) -> list[web.RouteDef]:
        """The addresses below ``/desk``, by the names that ``access`` knows them by."""
        one = f"/conversations/{{openid:{ADDRESS}}}"
        return [
            web.get(f"{one}/profile", self.profile, name="profile"),
            web.get(f"{one}/member", self.member, name="member"),
            web.get(f"{one}/suggestions", self.suggestions, name="suggestions"),
            web.get(f"{one}/canned", self.canned, name="canned_here"),
            web.post(f"{one}/tags", self.tag, name="tag"),
            web.post(f"{one}/tags/remove", self.untag, name="untag"),
        ]

    @aiohttp_jinja2.template("_profile.html")
    async def profile(self, request: web.Request) -> Context:
        """Language, source, tags, earlier enquiries, the shop."""
        follower, at = self.followers.of(request), times(request)
        conversation = await self.followers.known(follower)
        told = await follower.parts.conversations.transcript(follower.openid, PAST_LINES)
        names = await self.accounts.shown()
        spoken = LANGUAGES.get(conversation.language or "")
        return page(request) | {
            "openid": request.match_info["openid"],
            "spoken": pick(at.language, spoken) if spoken else "",
            "source": conversation.source,
            "associate": names.get(conversation.associate, conversation.associate),
            "is_vip": conversation.is_vip,
            "tags": await _tags(follower).of(follower.openid),
            "past": past((each.line for each in told), at, names),
            "shops": [
                _shop_facts(shop, at.language, at.now) for shop in _shops(follower, conversation)
            ],
        }

    @aiohttp_jinja2.template("_member.html")
    async def member(self, request: web.Request) -> Context:
        """The membership, if the register answers in time."""
        follower = self.followers.of(request)
        await self.followers.known(follower)
        try:
            found = await _member(follower)
        except CrmUnavailable:
            return page(request) | {"member": None, "is_known": False}
        return page(request) | {"member": found, "is_known": True}

    @aiohttp_jinja2.template("_suggestions.html")
    async def suggestions(self, request: web.Request) -> Context:
        """Answers to the follower's last words."""
        follower, agent = self.followers.of(request), request[AGENT]
        conversation = await self.followers.known(follower)
        told = await follower.parts.conversations.transcript(follower.openid, PAST_LINES // 10)
        answers, found = follower.parts.answers, []
        # Brain and member service are asked together: each of them may take its time to be given up.
        question, at_hand = await asyncio.gather(
            _question(follower, told),
            self._filled(follower, conversation, agent.name, agent.shown),
        )
        if question:
            asked = as_asked(question, conversation, times(request).now)
            words = BotWords(answers, follower.parts.shops.brand.value, asked)
            found = suggestions(question, at_hand, words.to, await late_answers(follower, told))
        return page(request) | {
            "suggestions": found,
            "intent": intent_names(answers, language_of(request)),
        }

    async def canned(self, request: web.Request) -> web.StreamResponse:
        """The canned replies as they would be said here."""
        follower, agent = self.followers.of(request), request[AGENT]
        conversation = await self.followers.known(follower)
        found = await self._filled(follower, conversation, agent.name, agent.shown)
        told = [{"shortcut": each.shortcut, "text": each.text} for each in found]
        return web.json_response(told)

    async def tag(self, request: web.Request) -> web.StreamResponse:
        """Remember the follower by a word."""
        follower = self.followers.of(request)
        await self.followers.known(follower)
        tag = " ".join(safe(str((await request.post()).get("tag", ""))).split())
        try:
            if not 0 < len(tag) <= MOST_CHARACTERS:
                raise TooManyTags
            await _tags(follower).add(follower.openid, tag)
        except TooManyTags:
            return web.Response(status=422, text=say(language_of(request), "too_many_tags"))
        return done(request)

    async def untag(self, request: web.Request) -> web.StreamResponse:
        """Take such a word away."""
        follower = self.followers.of(request)
        await _tags(follower).remove(follower.openid, str((await request.post()).get("tag", "")))
        return done(request)

    async def _filled(
        self, follower: Follower, conversation: Conversation, agent: str, shown: str
    ) -> list[Canned]:
        """An agent's canned replies with their placeholders filled; what is not known leaves nothing behind."""
        shelf = CannedShelf(follower.parts.connection.redis)
        at_hand = await shelf.of(agent)
        values = {"agent": shown, "shop": "", "name": ""}
        shops = _shops(follower, conversation)
        if shops:
            values["shop"] = shops[0].names[conversation.language or "zh-Hans"]
        if any("{name}" in each.text for each in at_hand):
            try:
                found = await _member(follower)
            except CrmUnavailable:
                found = None
            values["name"] = found.name if found else ""
        return [Canned(c.id, c.shortcut, filled(c.text, values), c.owner) for c in at_hand]


def filled(text: str, values: dict[str, str]) -> str:
    """A canned reply with its placeholders filled; other braces stay as they are."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


async def _member(follower: Follower) -> Member | None:
    """The member bound to a follower. Raises CrmUnavailable, also after MEMBER_SECONDS."""
    parts = follower.parts
    url = parts.settings.crm_url
    try:
        async with asyncio.timeout(MEMBER_SECONDS):
            return await HttpMembers(parts.session, str(url) if url else None).find(follower.openid)
    except TimeoutError as error:
        raise CrmUnavailable("no answer in time") from error


def _shops(follower: Follower, conversation: Conversation) -> list[Shop]:
    """The shops of the city that the conversation is about, the one that was named on top."""
    found = follower.parts.shops.brand.value.shops_in(conversation.city)
    return sorted(found, key=lambda shop: shop.id != conversation.shop)


def _shop_facts(shop: Shop, language: str, now: float) -> dict[str, str]:
    named = IN_ANSWERS[language]
    hours = shop.hours_on(local(now, shop.zone).date())
    today = (
        say(language, "today_open", hours=hours) if hours.open else say(language, "today_closed")
    )
    return {
        "name": shop.names[named],
        "today": today,
        "address": shop.address[named],
        "phone": shop.phone,
    }


async def _question(follower: Follower, told: Sequence[Told]) -> Question | None:
    """The follower's last words, and what the brain makes of them now where it was not asked when they came."""
    question = last_question(told)
    if question is None or question.intents:
        return question
    read = await follower.parts.brain.understand(question.text)
    return replace(question, intents=read.intents, entities=read.entities)


def _tags(follower: Follower) -> Tags:
    parts = follower.parts
    return Tags(parts.connection.redis, parts.settings.wechat_app_id, parts.settings.retention)
