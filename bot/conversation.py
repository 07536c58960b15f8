"""Who speaks in a conversation, and the only functions that change it.

    bot ──escalate──▶ waiting ──claim──▶ agent
    ▲ ▲ ▲               │  ▲ │             │
    │ │ └──leave_queue──┘  │ │             │
    │ └──keep / reopen─────┘─┘             │
    └───────────────hand_back──────────────┘

Out of hours the bot speaks while the question stays in the queue: ``keep`` at closing time, ``escalate_kept`` for a
question of the night, ``reopen`` when people are back. An agent may claim a kept question as well.
While people have the follower, ``assign`` gives it from one agent to another, and ``requeue`` back to the queue.
The diagram stands in ``docs/architecture.md`` as well; keep both in step.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.allowance import Allowance
from bot.desk.case import Case
from bot.enquiry import Enquiry, Stage
from bot.messages import Bubble, Delivery
from bot.pace import Pace
from bot.rating import Service


class Speaker(StrEnum):
    """Who answers the follower."""

    BOT = "bot"
    WAITING = "waiting"
    AGENT = "agent"


class Reason(StrEnum):
    """Why an enquiry went to the human queue. Trainers may write further reasons into answers."""

    ASKED_FOR_HUMAN = "asked_for_human"
    UNSURE = "unsure"
    NEEDS_PERSON = "needs_person"
    BRAIN_ERROR = "brain_error"
    BRAIN_SLOW = "brain_slow"
    MESSAGE_TYPE = "message_type"
    TOO_MANY = "too_many"
    COMPLAINT = "complaint"
    VIP_ARRIVAL = "vip_arrival"


class IllegalMove(Exception):
    """A change of speaker that the rules do not allow; says who holds the conversation."""

    def __init__(self, wanted: str, conversation: "Conversation") -> None:
        self.speaker = conversation.speaker
        self.agent = conversation.agent
        holder = f" ({conversation.agent})" if conversation.agent else ""
        super().__init__(f"cannot {wanted}: {conversation.speaker}{holder} has the conversation")


@dataclass(frozen=True)
class Conversation(Case):
    """All that is true of one follower and the account at this moment; times in Unix seconds.

    ``version`` counts the commits, so that two processes cannot overwrite each other. ``enquiries`` are the open
    ones and ``outbox`` the bubbles not yet settled, both oldest first. ``serial`` numbers both. ``alias`` stands for
    the follower in the ledger: made at random, so that nothing personal outlives the conversation. ``choices`` are
    those offered last: a number that the follower types means one of them. ``unreachable`` is the code with which
    WeChat said that this follower cannot be written to; their next contact clears it. ``source`` is the scene of the QR
    code that the follower came by last.

    What is true while people are wanted is the ``Case``; besides, ``shop`` is the place that the question is about,
    ``turns_at`` when the team's hours end, or begin again, 0.0 for never, and ``service`` an agent's latest.
    """

    account: str
    openid: str
    version: int = 0
    alias: str = ""
    speaker: Speaker = Speaker.BOT
    agent: str | None = None
    reason: str | None = None
    since: float = 0.0
    shop: str = ""
    turns_at: float = 0.0
    service: Service | None = None
    language: str | None = None
    is_following: bool = True
    greeted_by_agent: bool = False
    last_message_at: float = 0.0
    allowance: Allowance = field(default_factory=Allowance)
    pace: Pace = field(default_factory=Pace)
    unreachable: int = 0
    enquiries: tuple[Enquiry, ...] = ()
    outbox: tuple[Bubble, ...] = ()
    serial: int = 0
    choices: tuple[str, ...] = ()
    source: str = ""

    @property
    def is_queued(self) -> bool:
        """Whether the follower's question is in the human queue: at night it is while the bot goes on speaking."""
        if self.speaker is Speaker.BOT:
            return bool(self.enquiries_at(Stage.ESCALATED))
        return self.speaker is Speaker.WAITING

    def bubbles(self, *states: Delivery) -> tuple[Bubble, ...]:
        """The bubbles of the outbox that stand in one of ``states``, oldest first."""
        return tuple(bubble for bubble in self.outbox if bubble.state in states)

    def enquiries_at(self, *stages: Stage) -> tuple[Enquiry, ...]:
        """The open enquiries that stand at one of ``stages``, oldest first."""
        return tuple(enquiry for enquiry in self.enquiries if enquiry.stage in stages)


def escalate(conversation: Conversation, reason: str, at: float) -> Conversation:
    """The follower now waits for a person. Raises IllegalMove unless the bot speaks."""
    if conversation.speaker is not Speaker.BOT:
        raise IllegalMove("escalate", conversation)
    return replace(conversation, speaker=Speaker.WAITING, reason=reason, since=at)


def escalate_kept(conversation: Conversation, reason: str, at: float) -> Conversation:
    """A question for people who are not there is queued, and the bot goes on. Raises IllegalMove unless it speaks."""
    if conversation.speaker is not Speaker.BOT:
        raise IllegalMove("keep a question", conversation)
    return replace(conversation, reason=reason, since=at)


def keep(conversation: Conversation) -> Conversation:
    """The people go home, the question stays in the queue. Raises IllegalMove unless the follower waits."""
    if conversation.speaker is not Speaker.WAITING:
        raise IllegalMove("keep", conversation)
    return replace(conversation, speaker=Speaker.BOT)


def reopen(conversation: Conversation) -> Conversation:
    """The people are back, and the follower waits for them. Raises IllegalMove unless a question was kept."""
    if conversation.speaker is not Speaker.BOT or not conversation.is_queued:
        raise IllegalMove("reopen", conversation)
    return replace(conversation, speaker=Speaker.WAITING)


def wait_on(conversation: Conversation, reason: str) -> Conversation:
    """The follower who is queued has another reason, which now counts. Raises IllegalMove unless queued."""
    if not conversation.is_queued:
        raise IllegalMove("wait on", conversation)
    return replace(conversation, reason=reason)


def claim(conversation: Conversation, agent: str, at: float) -> Conversation:
    """``agent`` takes the follower. Raises IllegalMove unless the follower is queued."""
    if not conversation.is_queued:
        raise IllegalMove("take", conversation)
    return _with_agent(conversation, agent, at)


def assign(conversation: Conversation, agent: str, at: float) -> Conversation:
    """``agent`` has the follower from now on, whoever had. Raises IllegalMove while only the bot has to do with it."""
    if conversation.speaker is not Speaker.AGENT and not conversation.is_queued:
        raise IllegalMove("assign", conversation)
    return _with_agent(conversation, agent, at)


def requeue(conversation: Conversation, at: float) -> Conversation:
    """The follower waits for another agent, as long as for any word. Raises IllegalMove unless an agent has it."""
    if conversation.speaker is not Speaker.AGENT:
        raise IllegalMove("put back", conversation)
    unanswered = conversation.enquiries_at(Stage.ESCALATED)
    return replace(
        conversation,
        speaker=Speaker.WAITING,
        agent=None,
        since=unanswered[0].opened_at if unanswered else at,
        passed=_passed(conversation, conversation.agent or ""),
    )


def offer(conversation: Conversation, agent: str, at: float) -> Conversation:
    """The follower is offered to ``agent``, to nobody if empty. Raises IllegalMove unless the follower is queued."""
    if not conversation.is_queued:
        raise IllegalMove("offer", conversation)
    passed = _passed(conversation, conversation.offered)
    offered_at = at if agent else 0.0
    return replace(conversation, offered=agent, offered_at=offered_at, passed=passed)


def leave_queue(conversation: Conversation, at: float) -> Conversation:
    """The follower no longer waits and the bot speaks. Raises IllegalMove unless the follower is queued."""
    if not conversation.is_queued:
        raise IllegalMove("leave the queue", conversation)
    return _back_to_bot(conversation, at)


def hand_back(conversation: Conversation, agent: str, at: float) -> Conversation:
    """``agent`` closes and the bot speaks. Raises IllegalMove unless this agent holds the conversation."""
    check_holder(conversation, agent, "close")
    return _back_to_bot(conversation, at)


def check_holder(conversation: Conversation, agent: str, wanted: str) -> None:
    """Raise IllegalMove, naming what was ``wanted``, unless ``agent`` holds the conversation."""
    if conversation.speaker is not Speaker.AGENT or conversation.agent != agent:
        raise IllegalMove(wanted, conversation)


def _with_agent(conversation: Conversation, agent: str, at: float) -> Conversation:
    return replace(
        _unoffered(conversation),
        speaker=Speaker.AGENT,
        agent=agent,
        since=at,
        greeted_by_agent=False,
    )


def _back_to_bot(conversation: Conversation, at: float) -> Conversation:
    return replace(
        _unoffered(conversation),
        speaker=Speaker.BOT,
        agent=None,
        reason=None,
        since=at,
        replied_at=0.0,
    )


def _unoffered(conversation: Conversation) -> Conversation:
    return replace(conversation, offered="", offered_at=0.0, passed=())


def _passed(conversation: Conversation, agent: str) -> tuple[str, ...]:
    """Those who let the follower go, ``agent`` as the latest."""
    others = tuple(each for each in conversation.passed if each != agent)
    return (*others, agent) if agent else others
