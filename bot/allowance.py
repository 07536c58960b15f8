"""How many customer-service messages may still go to a follower, and until when.

Source: WeChat's page on customer messages (发送客服消息). Grants do not add up: an action of the follower
lifts the count to the larger of the two and the deadline to the later.
"""

from dataclasses import dataclass, replace

RESERVE_FOR_HUMAN = 1
"""Messages that neither the bot's late answers nor notices may spend."""


@dataclass(frozen=True)
class Grant:
    """What one action of a follower allows: ``count`` messages within ``seconds``."""

    count: int
    seconds: float


MESSAGE = Grant(5, 48 * 3600)
CONTACT = Grant(3, 60)
"""A follow, a scan, a tap on a menu that reports it, a tap on an item of a message menu."""


@dataclass(frozen=True)
class Allowance:
    """``left`` messages may be sent before ``until`` (Unix seconds)."""

    left: int = 0
    until: float = 0.0

    def granted(self, grant: Grant, at: float) -> "Allowance":
        """The allowance after an action of the follower at ``at``."""
        left = self.remaining(at)
        return Allowance(max(left, grant.count), max(self.until, at + grant.seconds))

    def spent(self) -> "Allowance":
        """The allowance after one message went out."""
        return replace(self, left=max(0, self.left - 1))

    def emptied(self) -> "Allowance":
        """The allowance after the platform said that nothing more may be sent: its word is final."""
        return replace(self, left=0)

    def remaining(self, at: float) -> int:
        """How many messages may be sent at ``at``."""
        return self.left if at < self.until else 0
