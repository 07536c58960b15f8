"""What the engine needs of the outside world, named by role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot import ledger
from bot.change import Change
from bot.conversation import Conversation
from bot.desk.reception import Reception
from bot.messages import Bubble, Inbound, Position
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


class Shops(Protocol):
    """The brand's shops on the map."""

    def near(self, position: Position, language: str | None) -> str:
        """The shops nearest to a place, one a line; empty when there is none."""


class NoShops:
    """A brand without shops."""

    def near(self, position: Position, language: str | None) -> str:
        """Nothing."""
        return ""


class Brain(Protocol):
    """Understands a message and answers."""

    async def ask(self, message: Inbound) -> Turn:
        """The brain's turn; trouble comes back as a turn with its reason, never as an exception."""

    async def forget(self, account: str, openid: str) -> None:
        """Delete what the brain keeps of a follower, after a turn that it is just taking.

        A brain that does not answer is passed over: the store erases the brain's keys itself.
        """


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

    async def typing(self, openid: str) -> None:
        """Show the follower that an answer is being written, where the account may; a failure has no consequence."""


class Desk(Protocol):
    """The people's side, as it is at this moment."""

    @property
    def reception(self) -> Reception:
        """Teams, hours and waits, at most seconds old."""


class OpenDesk:
    """A desk with one team that is always there."""

    reception = Reception()


class Media(Protocol):
    """Keeps the pictures, voices and videos that followers send."""

    async def erase(self, openid: str) -> None:
        """Delete all of a follower's. Raises StoreDown."""


class NoMedia:
    """Keeps nothing, and has nothing to erase."""

    async def erase(self, openid: str) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Work:
    """What a worker finds for its follower: the oldest unread messages, and until when the callback of each is open."""

    conversation: Conversation
    messages: tuple[Inbound, ...]
    open_until: Mapping[str, float]


class Store(Protocol):
    """Keeps conversations; every commit is atomic, durable and refused if the conversation has changed meanwhile."""

    async def load(self, openid: str) -> Work:
        """Everything about one follower that the next step needs."""

    async def place(self, conversation: Conversation) -> int:
        """The place that a waiting conversation has, or would have, in the queue of its team (1 = next)."""

    async def unread(self, openid: str) -> Sequence[Inbound]:
        """The messages of a follower that were accepted and not yet answered, oldest first."""

    async def forget(
        self,
        conversation: Conversation,
        now: float,
        *,
        worker: str | None = None,
        entries: Sequence[ledger.Entry] = (),
        unread: int = 0,
    ) -> int:
        """Delete what is kept of a follower, the brain's part too, and note that a second pass is due; gives the
        number of keys. The ledger holds nothing personal and stays; ``entries`` are added to it.

        A ``worker`` keeps the follower and what came in after the leaving; without one the follower is taken from
        whoever has it, and the ``unread`` messages go too. Raises Conflict when the conversation or their number has
        changed, LeaseLost when the worker no longer holds the follower, or StoreDown.
        """

    async def half_forgotten(self, now: float) -> Sequence[str]:
        """Those whose second pass is due."""

    async def forget_rest(self, openid: str, now: float) -> None:
        """The second pass: delete what was written after the first, unless the follower has come back."""

    async def withdrawn(self, exchange: str) -> float:
        """When a callback took the reply of this exchange to write it to WeChat; 0.0 if none did: then none will."""

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
