"""What the engine needs of the outside world, named by role."""

from collections.abc import Mapping, Sequence
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
    """The message certainly did not go out, for a reason that passes: try again later, not before ``retry_at``."""

    def __init__(self, why: str, retry_at: float = 0.0) -> None:
        self.retry_at = retry_at
        super().__init__(why)


class Sender(Protocol):
    """Sends customer-service messages."""

    @property
    def is_allowed(self) -> bool:
        """Whether this kind of account may send them at all."""

    async def send(self, openid: str, bubble: Bubble) -> None:
        """Send one bubble. Raises Refusal, Uncertain or Unsent."""


@dataclass(frozen=True)
class Work:
    """What a worker finds for its follower: the oldest unread messages, and until when the callback of each is open.

    ``place`` is the follower's in the queue (1 = next).
    """

    conversation: Conversation
    messages: tuple[Inbound, ...]
    open_until: Mapping[str, float]
    place: int


class Store(Protocol):
    """Keeps conversations; every commit is atomic, durable and refused if the conversation has changed meanwhile."""

    async def load(self, openid: str) -> Work:
        """Everything about one follower that the next step needs."""

    async def forget(self, openid: str) -> None:
        """Delete what is kept of a follower; the ledger holds nothing personal and stays."""

    async def taken_at(self, exchange: str) -> float:
        """When a callback took the reply of this exchange and wrote it to WeChat; 0.0 if none did."""

    async def commit(
        self,
        change: Change,
        now: float,
        worker: str | None = None,
        done: Sequence[Inbound] = (),
        passive: bool | None = None,
        alone: bool = False,
    ) -> Conversation:
        """Write a step down; ``done`` are the messages that it answers, the oldest unread ones, as one.

        ``passive``: whether the callback of the last of them is taken for open, and gets the reply. ``alone``: only
        while no message is unread, which would go first. Raises Conflict, LeaseLost when ``worker`` no longer holds
        the follower or the messages, or StoreDown.
        """
