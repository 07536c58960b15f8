"""Any messages, turns, agents and fates of sending, in any order: what must hold at every moment of a conversation."""

from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot import handling, outbox
from bot.change import Change
from bot.conversation import Conversation, Reason, Speaker
from bot.desk import night
from bot.desk.promises import promised
from bot.desk.reception import Reception
from bot.desk.teams import Team, Teams
from bot.kinds import STICKER_NOTICE
from bot.ledger import Entry, Event, audit
from bot.messages import Bubble, Delivery, Inbound, Line
from bot.ports import Refusal
from bot.respond import respond, wants_brain
from bot.situation import Situation
from bot.turn import Turn
from bot.waiting import CANCEL_WORDS
from tests.doubles import PlainNotices, SettableClock, answer

ACCOUNT, OPENID, AGENT = "wxaccount", "oFollower", "li"

WORDS = st.sampled_from(
    ["几点开门", "人工", "", " ", "长" * 3000, STICKER_NOTICE, *sorted(CANCEL_WORDS)]
)
KINDS = st.sampled_from(
    ["text", "text", "text", "image", "voice", "video", "shortvideo", "location", "link"]
)
EVENTS = st.sampled_from(
    ["subscribe", "scan", "click", "view", "location", "templatesendjobfinish"]
)
TURNS = st.one_of(
    st.builds(
        answer,
        st.sampled_from(["十点到十点", "长" * 3000]),
        st.sampled_from(["answer", "social", "question", "fallback", "clarify", "thanks"]),
        st.none(),
    ),
    st.builds(answer, st.just("好的"), st.just("notice"), st.just("asked_for_human")),
    st.builds(Turn, trouble=st.sampled_from(["brain_error", "brain_slow"])),
)
RECEPTION = Reception(Teams({"all": Team("all", "客服", week=(((600, 1320),),) * 7)}))
"""People are there from ten to ten."""

FATES = st.sampled_from(["sent", "uncertain", "unsent", "used_up", "gone", "held"])


class Machine(RuleBasedStateMachine):
    """One follower's conversation, moved as the engine and the desk move it."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.messages = SettableClock().at, 0
        self.conversation = Conversation(ACCOUNT, OPENID)
        self.entries: list[Entry] = []
        self.states: dict[str, Delivery] = {}

    @rule(
        words=WORDS,
        kind=KINDS,
        choice=st.sampled_from([None, None, "1"]),
        turn=TURNS,
        passive=st.booleans(),
    )
    def message_comes(
        self, words: str, kind: str, choice: str | None, turn: Turn, passive: bool
    ) -> None:
        """A follower writes something, or sends a picture and the like."""
        text = words if kind == "text" else ""
        self._answer(replace(self._inbound(kind), text=text, choice_id=choice), turn, passive)

    @rule(name=EVENTS, turn=TURNS, passive=st.booleans())
    def event_comes(self, name: str, turn: Turn, passive: bool) -> None:
        """A follow, a tap, a report."""
        message = replace(self._inbound("event"), event=name, event_key="shops")
        self._answer(message, turn, passive and message.is_answerable)

    @rule(turn=TURNS)
    def turn_comes_too_late(self, turn: Turn) -> None:
        """The brain answers, but who speaks has changed since it was asked."""
        message = replace(self._inbound("text"), text="几点开门")
        self._step(message, turn, False)

    @rule()
    def follower_leaves(self) -> None:
        """An unfollow ends everything."""
        self._answer(replace(self._inbound("event"), event="unsubscribe"), None, False)
        assert self.conversation.enquiries == ()
        assert self.conversation.outbox == ()

    @precondition(lambda self: self.conversation.is_queued)
    @rule()
    def agent_takes(self) -> None:
        """A person takes the follower."""
        self._commit(handling.take(self.conversation, AGENT, self.now))

    @precondition(lambda self: self.conversation.speaker is Speaker.AGENT)
    @rule(text=st.sampled_from(["您好", "长" * 3000]))
    def agent_replies(self, text: str) -> None:
        """A person answers what is open."""
        self._commit(handling.reply(self.conversation, AGENT, text, PlainNotices(), self.now))

    @precondition(lambda self: self.conversation.speaker is Speaker.AGENT)
    @rule()
    def agent_closes(self) -> None:
        """A person hands back."""
        self._commit(handling.close(self.conversation, AGENT, PlainNotices(), self.now))

    @rule(fate=FATES)
    def something_is_sent(self, fate: str) -> None:
        """The oldest queued bubble goes out, or does not."""
        bubble = outbox.next_to_send(self.conversation, self.now, True)
        if bubble is None or fate == "held":
            self._commit(outbox.held_back(Change(self.conversation), self.now, True))
            return
        self._commit(outbox.sending(Change(self.conversation), bubble, self.now))
        self._commit(self._after(fate, bubble))

    @rule(taken=st.booleans())
    def time_passes(self, taken: bool) -> None:
        """So long that handed replies are settled; ``taken``: a callback wrote them."""
        self.now += outbox.REPEAT_SECONDS + 1
        self._settle(taken)

    @rule(hours=st.sampled_from([1, 9, 14, 30, 49]))
    def much_time_passes(self, hours: int) -> None:
        """Deadlines come and go."""
        self.now += hours * 3600
        self._settle(True)

    @invariant()
    def ledger_and_conversation_agree(self) -> None:
        """What is open in the one is open in the other, and no line contradicts another."""
        result = audit(self.entries, self.now)
        assert not result.faults
        assert result.open == len(self.conversation.enquiries)

    @invariant()
    def nothing_is_past_its_deadline_for_long(self) -> None:
        """What falls due is known to fall due: a worker will come by."""
        wake = outbox.next_wake(self.conversation)
        for enquiry in self.conversation.enquiries:
            assert wake is not None
            assert wake <= enquiry.deadline

    @invariant()
    def allowance_stays_within_what_wechat_grants(self) -> None:
        """Never more than five, never less than none."""
        assert 0 <= self.conversation.allowance.left <= 5

    @invariant()
    def whoever_waits_waits_for_something(self) -> None:
        """The queue holds nobody without an open enquiry, and an agent has a name."""
        if self.conversation.speaker is Speaker.WAITING:
            assert self.conversation.enquiries
        assert (self.conversation.speaker is Speaker.AGENT) == (self.conversation.agent is not None)

    @invariant()
    def promises_are_kept_right(self) -> None:
        """Nothing is promised for later than WeChat allows, and who is queued has a deadline and somebody to look."""
        conversation = self.conversation
        assert conversation.due_at <= max(conversation.allowance.until, 0.0)
        if conversation.is_queued:
            assert conversation.team
            assert conversation.reason
            wake = outbox.next_wake(conversation)
            assert wake is not None
            assert wake <= conversation.turns_at
        elif conversation.speaker is Speaker.BOT:
            assert (conversation.reason, conversation.due_at) == (None, 0.0)
            assert (conversation.turns_at, conversation.alarmed_at) == (0.0, 0.0)

    @invariant()
    def numbers_are_given_once(self) -> None:
        """No two bubbles share a number."""
        ids = [bubble.id for bubble in self.conversation.outbox]
        assert len(ids) == len(set(ids))

    def teardown(self) -> None:
        """However it went: every enquiry ends, each once, and none was an orphan when it ended."""
        for _ in range(2):
            self.now += 49 * 3600
            self._settle(True)
        result = audit(self.entries, self.now)
        assert result.is_sound
        assert result.open == 0
        ends = [entry.enquiry for entry in self.entries if entry.event is Event.CLOSED]
        assert len(ends) == len(set(ends)) == result.enquiries

    def _inbound(self, kind: str) -> Inbound:
        self.now += 1
        self.messages += 1
        return Inbound(str(self.messages), ACCOUNT, OPENID, kind, self.now)

    def _answer(self, message: Inbound, turn: Turn | None, passive: bool) -> None:
        wanted = turn if wants_brain(self.conversation, message) else None
        self._step(message, wanted, passive)

    def _step(self, message: Inbound, turn: Turn | None, passive: bool) -> None:
        before = self.conversation
        change = respond(
            self.conversation,
            Situation(message, turn, PlainNotices(), 1, self.now, passive, reception=RECEPTION),
        )
        self._check_who_spoke(before, change.lines)
        self._commit(change)

    def _check_who_spoke(self, before: Conversation, lines: tuple[Line, ...]) -> None:
        said = {line.author for line in lines} - {"follower"}
        if before.speaker is Speaker.AGENT:
            assert said == set(), "the bot spoke while an agent had the conversation"
        # Beside a picture that people have to look at, the bot goes on.
        if before.speaker is Speaker.WAITING and before.reason != Reason.MESSAGE_TYPE:
            assert "bot" not in said, "the bot answered somebody who waits for a person"

    def _after(self, fate: str, bubble: Bubble) -> Change:
        change = Change(self.conversation)
        if fate == "sent":
            return outbox.sent(change, bubble, self.now)
        if fate == "uncertain":
            return outbox.uncertain(change, bubble, self.now)
        if fate == "unsent":
            return outbox.unsent(change, bubble, self.now)
        refusal = Refusal(45047, "", is_used_up=True)
        if fate == "gone":
            refusal = Refusal(43004, "", is_final=True)
        return outbox.refused(change, bubble, self.now, refusal)

    def _settle(self, taken: bool) -> None:
        change = Change(self.conversation)
        for bubble in outbox.handed_long_ago(self.conversation, self.now):
            taken_at = bubble.since if taken else 0.0
            change = outbox.handed_result(change, bubble, taken_at, self.now)
        change = outbox.expired(change, self.now)
        self._commit(night.turned(change, RECEPTION, PlainNotices(), self.now))
        is_there = RECEPTION.is_open("all", self.now)
        if self.conversation.is_queued:
            assert (self.conversation.speaker is Speaker.WAITING) == is_there
        self._check_nothing_is_due()

    def _check_nothing_is_due(self) -> None:
        """What was due is done: a worker that comes by does not come again at once, for ever."""
        wake, is_left = outbox.next_wake(self.conversation), not self.conversation.is_following
        if wake is not None and not is_left and not self.conversation.bubbles(Delivery.QUEUED):
            assert wake > self.now

    def _commit(self, change: Change) -> None:
        self._check_states(change)
        self.conversation = promised(change.conversation, RECEPTION, self.now)
        self.entries += change.entries

    def _check_states(self, change: Change) -> None:
        """What has arrived, or never will, stays so."""
        ended = {Delivery.DELIVERED, Delivery.REFUSED, Delivery.DROPPED}
        for bubble, state in change.deliveries:
            assert self.states.get(bubble) not in ended
            self.states[bubble] = state


TestConversation = Machine.TestCase
TestConversation.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
