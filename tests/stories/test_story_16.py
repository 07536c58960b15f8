"""Story 16: the bot goes on talking after the hand-over. Between claim and release it says nothing, come what may."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot import handling, transfers
from bot.change import Change
from bot.conversation import Conversation, Speaker
from bot.desk.routing import Cause
from bot.desk.teams import Team
from bot.messages import Inbound
from bot.turn import Turn
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Desk, desk, open_desk
from tests.doubles import PlainNotices, answer, text
from tests.unit.test_conversation_machine import Machine

__all__ = ["desk", "open_desk"]
pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"
PEOPLE = st.sampled_from(["li", "wang", "chen"])
TEAM = Team("all", "客服")


class Relay(Machine):
    """The same conversation, passed on between several people who come and go."""

    @precondition(lambda self: self.conversation.is_queued)
    @rule(agent=PEOPLE)
    def agent_takes(self, agent: str) -> None:
        """One of them takes the follower."""
        self._commit(handling.take(self.conversation, agent, self.now))

    @precondition(lambda self: self.conversation.is_queued)
    @rule(agent=st.sampled_from(["", "li", "wang"]))
    def somebody_is_offered_it(self, agent: str) -> None:
        """An offer, or its end: nothing else changes."""
        before = self.conversation
        self._commit(transfers.offer(before, agent, self.now))
        assert self.conversation.speaker is before.speaker
        assert self.conversation.due_at == before.due_at

    @precondition(lambda self: self.conversation.speaker is Speaker.AGENT)
    @rule(words=st.sampled_from(["您好", "长" * 3000]))
    def agent_replies(self, words: str) -> None:
        """Whoever has the follower answers."""
        self._commit(
            handling.reply(self.conversation, self._holder, words, PlainNotices(), self.now)
        )

    @precondition(lambda self: self.conversation.speaker is Speaker.AGENT)
    @rule()
    def agent_closes(self) -> None:
        """Whoever has the follower is done: from here on the bot may speak."""
        self._release(handling.close(self.conversation, self._holder, PlainNotices(), self.now))

    @precondition(lambda self: self.conversation.speaker is Speaker.AGENT)
    @rule(to=PEOPLE)
    def agent_passes_it_on(self, to: str) -> None:
        """To a colleague, with nobody else speaking in between."""
        self._commit(transfers.to_agent(self.conversation, self._holder, to, "原因", self.now))
        assert self.conversation.agent == to

    @precondition(lambda self: self.conversation.speaker is Speaker.AGENT)
    @rule()
    def agent_gives_it_to_a_team(self) -> None:
        """Back into the queue."""
        self._release(transfers.to_team(self.conversation, self._holder, TEAM, "原因", self.now))

    @precondition(lambda self: self.conversation.speaker is Speaker.AGENT)
    @rule()
    def agent_gives_it_to_the_bot(self) -> None:
        """Without a word."""
        change = transfers.to_bot(self.conversation, self._holder, "原因", self.now)
        assert {line.author for line in change.lines} == {"system"}
        self._release(change)

    @precondition(lambda self: self.conversation.speaker is Speaker.AGENT)
    @rule(agent=PEOPLE)
    def supervisor_steps_in(self, agent: str) -> None:
        """Somebody takes it over."""
        self._commit(transfers.step_in(self.conversation, agent, self.now))
        assert self.conversation.agent == agent

    @precondition(lambda self: self.conversation.speaker is Speaker.AGENT)
    @rule(cause=st.sampled_from(Cause))
    def agent_is_gone(self, cause: Cause) -> None:
        """Taken back: with the same promise, or to the bot if nothing is unanswered."""
        before = self.conversation
        change = transfers.take_back(before, cause, self.now)
        assert {line.author for line in change.lines} == {"system"}
        self._release(change)
        assert self.conversation.enquiries == before.enquiries
        assert self.conversation.due_at <= before.due_at

    @property
    def _holder(self) -> str:
        return self.conversation.agent or ""

    def _release(self, change: Change) -> None:
        """The step with which the follower leaves the people's hands."""
        assert change.conversation.speaker is not Speaker.AGENT
        super()._commit(change)

    def _commit(self, change: Change) -> None:
        """Whatever the step is: while an agent has the follower, nobody else says anything."""
        if self.conversation.speaker is Speaker.AGENT and self.conversation.is_following:
            said = {line.author for line in change.lines}
            assert not said & {"bot", "notice"}
        super()._commit(change)


TestRelay = Relay.TestCase
TestRelay.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@dataclass
class LaggingBrain:
    """Answers only after somebody has taken the follower."""

    desk: Desk
    asked: list[Inbound] = field(default_factory=list)

    async def ask(self, message: Inbound) -> Turn:
        self.asked.append(message)
        await self.desk.parts.engine.apply(OPENID, self._taken)
        return answer("我是机器人，我还要说一句。")

    async def forget(self, account: str, openid: str) -> None:
        """Nothing is kept."""

    def _taken(self, conversation: Conversation) -> Change:
        return handling.take(conversation, "li", self.desk.clock.now())


async def test_story_16_an_answer_that_comes_after_the_claim_is_not_said(desk: Desk) -> None:
    # Beside a picture that people have to look at the bot goes on, and so may be thinking when somebody takes it.
    await desk.receive(Inbound("1", text("").account, OPENID, "image", desk.clock.now()))
    desk.clock.at += 60
    assert (await desk.parts.conversations.read(OPENID)).speaker is Speaker.WAITING
    lagging = LaggingBrain(desk)
    desk.parts = replace(desk.parts, engine=replace(desk.parts.engine, brain=lagging))
    before = len(desk.postbox.sent)
    await desk.receive(text("几点开门", key="2"))
    assert len(lagging.asked) == 1
    told = await desk.parts.conversations.transcript(OPENID)
    assert "我是机器人" not in "".join(each.line.text for each in told)
    assert len(desk.postbox.sent) == before
    assert (await desk.parts.conversations.read(OPENID)).agent == "li"


@pytest.mark.parametrize("kind", ["text", "image", "voice", "video", "location", "link", "event"])
async def test_story_16_nothing_the_follower_sends_makes_the_bot_speak(
    desk: Desk, kind: str
) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    asked, sent = len(desk.brain.asked), len(desk.postbox.sent)
    message = text("人工" if kind == "text" else "", key="next")
    message = replace(message, kind=kind, event="click" if kind == "event" else "")
    await desk.receive(replace(message, event_key="shops"))
    assert len(desk.brain.asked) == asked
    assert len(desk.postbox.sent) == sent
    await li.post(f"{ONE}/close")
    await desk.receive(text("几点开门", key="after"))
    assert len(desk.brain.asked) == asked + 1
