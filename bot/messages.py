"""What travels between a follower and the account."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Author = Literal["follower", "bot", "agent", "notice", "system", "note"]
"""``note`` is what colleagues write to one another beside the conversation: it never leaves the house."""


@dataclass(frozen=True)
class Position:
    """A place on the map in degrees, north and east positive."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Media:
    """Where WeChat keeps a picture, a voice or a video of a follower, for three days.

    ``id`` is what media/get wants; ``url`` is a picture's public address, empty for all else.
    """

    id: str
    url: str = ""


@dataclass(frozen=True)
class Inbound:
    """One thing a follower sent: a message, or an event such as a follow or a menu tap.

    ``key`` is the same for every delivery of the message and for no other message; ``sent_at`` is WeChat's
    ``CreateTime`` in Unix seconds, ``received_at`` the moment at which it was accepted; ``kind`` is its ``MsgType``;
    ``event`` is lower-case. ``text`` are the follower's words; ``about`` says in words what else it carries: a link's
    title and address, a place's name, a scan's result.
    """

    key: str
    account: str
    openid: str
    kind: str
    sent_at: float
    text: str = ""
    event: str = ""
    event_key: str = ""
    choice_id: str | None = None
    about: str = ""
    position: Position | None = None
    media: Media | None = None
    received_at: float = 0.0

    @property
    def is_answerable(self) -> bool:
        """Whether WeChat shows the follower a passive reply to it (its table of events is not public in detail)."""
        return self.kind != "event" or self.event in {
            "subscribe",
            "scan",
            "click",
            "scancode_waitmsg",
        }


class Delivery(StrEnum):
    """How far a bubble has come on its way to the follower."""

    HANDED = "handed"  # given to an open callback, not yet known to have arrived
    QUEUED = "queued"  # to be sent as a customer-service message
    SENDING = "sending"  # WeChat was asked and has not answered yet
    HELD = "held"  # may not be sent now: rides on the follower's next contact
    DELIVERED = "delivered"
    UNCERTAIN = "uncertain"  # cut off between sending and WeChat's answer
    REFUSED = "refused"  # WeChat said no for good
    DROPPED = "dropped"  # a notice that was not worth a message of the allowance
    WITHDRAWN = "withdrawn"  # taken back by the agent before it left


@dataclass(frozen=True)
class Bubble:
    """One text on its way to the follower, and the enquiries that it ends once it is delivered.

    ``mark`` says that a machine made the text; empty where none did. ``picture`` is the name of a kept file: then the
    bubble is that picture, and goes out alone. ``is_kept``: a notice that waits for the next contact where it may not
    be sent, as answers do. ``instead``: what is said as a customer message if the reply to the callback, which has no
    text but hands the follower to WeChat's own desk, does not reach WeChat.
    """

    id: str
    author: Author
    text: str
    choices: tuple[str, ...] = ()
    state: Delivery = Delivery.QUEUED
    settles: tuple[str, ...] = ()
    outcome: str | None = None
    reason: str | None = None
    exchange: str | None = None
    since: float = 0.0
    attempts: int = 0
    mark: str = ""
    picture: str = ""
    is_kept: bool = False
    instead: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a transcript, as people read it.

    ``details`` carries what the desk shows beside the text: intent, confidence, reason, agent.
    """

    at: float
    author: Author
    text: str
    kind: str = "text"
    bubble: str | None = None
    details: dict[str, str] = field(default_factory=dict)
