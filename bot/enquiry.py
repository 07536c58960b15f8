"""What a follower wants answered, and how that can end."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The ends an enquiry can come to."""

    ANSWERED_BY_BOT = "answered_by_bot"
    ANSWERED_BY_AGENT = "answered_by_agent"
    NO_ANSWER_NEEDED = "no_answer_needed"
    UNDELIVERABLE = "undeliverable"
    EXPIRED = "expired"


class Stage(StrEnum):
    """Where an open enquiry stands."""

    OPEN = "open"
    ASKED = "asked"  # the bot asked back: the follower's next message belongs to this enquiry
    ESCALATED = "escalated"  # in the human queue or with an agent
    ANSWERED = "answered"  # an answer is on its way and not yet known to have arrived


@dataclass(frozen=True)
class Enquiry:
    """An open enquiry; times in Unix seconds. Past its ``deadline`` without an outcome it is an orphan.

    ``intent``: what it is about, as far as the brain has told. ``escalated_at``: since when people have it.
    """

    id: str
    opened_at: float
    deadline: float
    stage: Stage = Stage.OPEN
    intent: str = ""
    escalated_at: float = 0.0
