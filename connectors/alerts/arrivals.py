"""A VIP on the way: one after the other the shop's managers are asked to be at the door, until one says so."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from redis.asyncio.client import Pipeline

from bot import handling
from bot.change import Change
from bot.clock import Clock
from bot.conversation import Conversation
from bot.desk.arrivals import (
    NAMELESS,
    REASON,
    SAME_SECONDS,
    Arrival,
    Asked,
    Place,
    next_to_ask,
    place_of,
    shop_name,
)
from bot.desk.listing import Listed
from bot.desk.teams import Team, Wanted
from bot.members import CrmUnavailable, Member, Members
from connectors.alerts.receivers import Message, Receivers
from connectors.desk.guard.accounts import Accounts, Agent
from connectors.desk.views.times import Times
from connectors.desk.words import say, tongue
from connectors.parts import Parts
from connectors.store.desk.arrivals import ArrivalShelf
from connectors.store.desk.letters import Letter, Letters

WORDS_READ = 10
"""So many of the follower's last lines are looked through for the shop."""

RECENT_LINES = 60
"""How far back the word to the follower is looked for, so that it is said once."""

SECRET_BYTES = 24


@dataclass(frozen=True)
class Arrivals:
    """Moves the arrivals of one account on; all that is known of them lies in the store."""

    parts: Parts
    accounts: Accounts
    receivers: Receivers
    letters: Letters
    members: Members
    clock: Clock
    shelf: ArrivalShelf = field(init=False)

    def __post_init__(self) -> None:
        shelf = ArrivalShelf(self.parts.connection.redis, self.parts.settings.wechat_app_id)
        object.__setattr__(self, "shelf", shelf)

    async def step(self, listed: Sequence[Listed]) -> None:
        """Begin what is new, ask whose turn it is, tell the followers who will be there."""
        for each in listed:
            if each.reason == REASON:
                await self._move_on(each)

    async def _move_on(self, listed: Listed) -> None:
        openid, now = listed.openid, self.clock.now()
        known = await self.shelf.of(openid)
        if known and known.met_by and not known.is_over(now):
            if not known.is_told:
                await self._tell_follower(openid, known)
            return
        is_first = known is None or known.is_over(now)
        if is_first and not await self._is_announced(listed, known):
            return
        arrival = await self._placed(listed, known)
        team = self.parts.reception.reception.teams.get(arrival.team)
        managers = await self._reachable(team)
        patience = self._patience_seconds
        name = next_to_ask(arrival, [each.name for each in managers], now, patience)
        if name is not None:
            manager = next((each for each in managers if each.name == name), None)
            await self._ask(listed, known, arrival, team, manager)
        elif _is_left_alone(arrival, now, patience):
            await self._give_up(openid, known, arrival, team)

    async def _is_announced(self, listed: Listed, known: Arrival | None) -> bool:
        """Whether somebody is on the way now: an agent who still talks with yesterday's guest expects nobody."""
        conversation = await self.parts.conversations.read(listed.openid)
        is_fresh = self.clock.now() < conversation.last_message_at + SAME_SECONDS
        return is_fresh and (known is None or listed.is_waiting)

    async def _placed(self, listed: Listed, known: Arrival | None) -> Arrival:
        """The arrival where the follower's own words now place it."""
        place, now = await self._place(listed), self.clock.now()
        if known is None or known.is_over(now):
            return Arrival(now, self._team(listed, place), place)
        if place == known.place:
            return known
        return known.moved(place, self._team(listed, place), now, self._patience_seconds)

    async def _place(self, listed: Listed) -> Place:
        lines = (await self.parts.conversations.last_lines([listed.openid], RECENT_LINES))[
            listed.openid
        ]
        words = [line.text for line in reversed(lines) if line.author == "follower"]
        return place_of(self.parts.shops.brand.value, words[:WORDS_READ], listed.city)

    def _team(self, listed: Listed, place: Place) -> str:
        if not place.shop and not place.city:
            return listed.team
        wanted = Wanted(place.city, place.shop, listed.subject, REASON, listed.language)
        return self.parts.reception.reception.team_for(wanted).id

    async def _reachable(self, team: Team) -> list[Agent]:
        """The team's managers in order, without those who have left or whom no alert would reach."""
        found = [await self.accounts.find(name) for name in team.managers]
        robot = self.receivers.robot(team.id) or self.receivers.robot("")
        has_mail = self.parts.settings.smtp_host is not None
        return [each for each in found if each and (robot or (has_mail and each.mail))]

    async def _ask(
        self,
        listed: Listed,
        known: Arrival | None,
        arrival: Arrival,
        team: Team,
        manager: Agent | None,
    ) -> None:
        conversation = await self.parts.conversations.read(listed.openid)
        if not conversation.alias:
            return
        now, secret = self.clock.now(), secrets.token_urlsafe(SECRET_BYTES)
        asked = Asked(manager.name if manager else "", secret, now, arrival.team)
        arrival = replace(arrival, asked=(*arrival.asked, asked))
        member = await self._member(listed.openid)
        message = replace(
            self._message(conversation, arrival, member),
            path=f"/desk/arrivals/{conversation.alias}.{secret}",
        )
        mentions = [manager.wecom] if manager and manager.wecom else []
        letters = self.receivers.letters(team, message, mentions, manager.mail if manager else "")
        if letters:
            await self._write(listed.openid, known, arrival, letters)

    async def _give_up(
        self, openid: str, known: Arrival | None, arrival: Arrival, team: Team
    ) -> None:
        """All were asked in vain: the whole team is told, once."""
        place = self._place_name(arrival)
        title = say(self._language, "alert_arrival_nobody", place=place)
        letters = self.receivers.letters(team, Message(title, ()))
        await self._write(openid, known, replace(arrival, is_given_up=True), letters)

    async def _write(
        self, openid: str, known: Arrival | None, after: Arrival, letters: Sequence[Letter]
    ) -> None:
        """Write the arrival and its letters down as one; whoever answered in this moment goes first."""
        now = self.clock.now()

        def post(pipe: Pipeline) -> None:
            self.letters.post(pipe, letters, now)

        await self.shelf.put(openid, known, after, post)

    async def _tell_follower(self, openid: str, arrival: Arrival) -> None:
        key = f"arrival {arrival.at!r}"
        told = await self.parts.conversations.transcript(openid, RECENT_LINES)
        if not any(each.line.details.get("key") == key for each in told):

            def step(at: Conversation) -> Change:
                if not at.version:
                    return Change(at)  # Forgotten in this moment: nobody is told anything.
                language = at.language or "zh-Hans"
                place = shop_name(self.parts.shops.brand.value, arrival.place, language)
                shop = place or NAMELESS.get(language, NAMELESS["en"])
                notices, now = self.parts.answers, self.clock.now()
                return handling.expected(at, arrival.met_by, shop, notices, now, key=key)

            await self.parts.engine.apply(openid, step)
            await self.parts.inbox.schedule(openid)
        await self.shelf.change(openid, lambda latest: replace(latest, is_told=True))

    async def _member(self, openid: str) -> Member | None:
        try:
            return await self.members.find(openid)
        except CrmUnavailable:
            return None

    def _message(
        self, conversation: Conversation, arrival: Arrival, member: Member | None
    ) -> Message:
        """Whom to expect: no more than is needed to be at the right door, and no words of the follower's."""
        language, at = self._language, Times(self._language, self.clock.now())
        lines = [say(language, "alert_arrival_at", time=at.hour(arrival.at))]
        if member and member.tier:
            lines.append(say(language, "alert_arrival_tier", tier=member.tier))
        if conversation.language:
            spoken = tongue(language, conversation.language)
            lines.append(say(language, "alert_arrival_language", spoken=spoken))
        if member and member.associate:
            lines.append(say(language, "alert_arrival_associate", person=member.associate))
        minutes = f"{self.parts.settings.arrival_minutes:g}"
        lines.append(say(language, "alert_arrival_answer", minutes=minutes))
        title = say(language, "alert_arrival", place=self._place_name(arrival))
        return Message(title, tuple(lines), label="alert_arrival_open")

    def _place_name(self, arrival: Arrival) -> str:
        language = "zh-Hans" if self._language == "zh" else "en"
        name = shop_name(self.parts.shops.brand.value, arrival.place, language)
        return name or say(self._language, "alert_unknown_place")

    @property
    def _patience_seconds(self) -> float:
        return self.parts.settings.arrival_minutes * 60

    @property
    def _language(self) -> str:
        return self.parts.settings.alert_language


def _is_left_alone(arrival: Arrival, now: float, patience_seconds: float) -> bool:
    asked = arrival.asked_here
    if not asked or arrival.is_given_up:
        return False
    return now >= asked[-1].at + patience_seconds
