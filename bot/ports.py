"""What the engine needs of the outside world, named by role."""

from dataclasses import dataclass
from typing import Protocol

from bot.change import Change
from bot.conversation import Conversation
from bot.messages import Bubble, Inbound
from bot.spoken import Spoken
from bot.turn import Turn


class Conflict(Exception):
    """Another process changed the conversation, or the callback was given up, since it was read: read again."""


class StoreDown(Exception):
    """The store cannot be reached, or did not flush what it was given: nothing is known to be written."""


class LeaseLost(Exception):
    """This worker was thought dead and its follower given to another: stop at once, nothing was written."""


class Notices(Protocol):
    """The texts that the engine itself speaks."""

    def speak(self, name: str, language: str | None, /, **values: object) -> Spoken:
        """The text called ``name`` in the follower's language."""


class Menu(Protocol):
    """The account's custom menu."""

    def says(self, key: str, language: str | None) -> str | None:
        """What a tap on the button with this key means as typed text; None for an unknown key."""


class Brain(Protocol):
    """Understands a message and answers."""

    async def ask(self, message: Inbound) -> Turn:
        """The brain's turn; trouble comes back as a turn with its reason, never as an exception."""

    async def forget(self, account: str, openid: str) -> None:
        """Delete what the brain keeps of a follower; what cannot be deleted now ends by its lifetime."""


class Refusal(Exception):
    """WeChat would not send, and why.

    ``is_final``: it never will, for a reason that lies with the follower. ``is_used_up``: WeChat counts no message
    left. Anything else may go with the follower's next contact.
    """

    def __init__(
        self, errcode: int, message: str, *, is_final: bool = False, is_used_up: bool = False
    ) -> None:
        self.errcode, self.is_final, self.is_used_up = errcode, is_final, is_used_up
        super().__init__(f"{errcode}: {message}")


class Uncertain(Exception):
    """The connection broke after the message had gone out: nobody knows whether the follower got it."""


class Unsent(Exception):
    """The message certainly did not go out, for a reason that passes: try again later."""


class Sender(Protocol):
    """Sends customer-service messages."""

    @property
    def is_allowed(self) -> bool:
        """Whether this kind of account may send them at all."""

    async def send(self, openid: str, bubble: Bubble) -> None:
        """Send one bubble. Raises Refusal, Uncertain or Unsent."""


@dataclass(frozen=True)
class Work:
    """What a worker finds for its follower: the oldest unread message, and until when its callback is open."""

    conversation: Conversation
    message: Inbound | None
    open_until: float
    place: int


class Store(Protocol):
    """Keeps conversations; every commit is atomic, durable and refused if the conversation has changed meanwhile."""

    async def load(self, openid: str) -> Work:
        """Everything about one follower that the next step needs."""

    async def forget(self, openid: str) -> None:
        """Delete what is kept of a follower; the ledger holds nothing personal and stays."""

    async def withdrawn(self, exchange: str) -> float:
        """When a callback took the reply of this exchange to write it to WeChat; 0.0 if none did: then none will."""

    async def commit(
        self,
        change: Change,
        now: float,
        worker: str | None = None,
        done: Inbound | None = None,
        passive: bool = False,
    ) -> Conversation:
        """Write a step down; ``done`` is the message that it answers, ``passive`` whether through the open callback.

        Raises Conflict, LeaseLost when ``worker`` no longer holds the follower or the message, or StoreDown.
        """
