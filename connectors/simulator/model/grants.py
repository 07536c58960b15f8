"""What may be sent to a follower, and until when.

Source: WeChat's pages 发送客服消息 and 客服消息介绍. Grants do not add up: an action resets the count to
the larger of the two and the deadline to the later one.
"""

from dataclasses import dataclass, replace

from connectors.simulator.model.codes import Refusal


@dataclass(frozen=True)
class Grant:
    """``count`` customer-service messages within ``seconds``."""

    count: int
    seconds: float


MESSAGE = Grant(5, 48 * 3600.0)
"""The follower sent a message of any type."""

CONTACT = Grant(3, 60.0)
"""A follow, a scan, a tap on a menu of type click or scancode, a tap on an item of a message menu."""


@dataclass(frozen=True)
class Allowance:
    """``remaining`` messages before ``deadline`` (Unix seconds)."""

    remaining: int = 0
    deadline: float = 0.0

    def granted(self, grant: Grant, now: float) -> "Allowance":
        """The allowance after an action of the follower."""
        left = self.remaining if now < self.deadline else 0
        return Allowance(max(left, grant.count), max(self.deadline, now + grant.seconds))

    def spent(self, now: float) -> "Allowance":
        """The allowance after one more message. Raises Refusal: 45015 when late, 45047 when used up."""
        self.check(now)
        return replace(self, remaining=self.remaining - 1)

    def check(self, now: float) -> None:
        """Raise the Refusal that a message would meet now."""
        if now >= self.deadline:
            raise Refusal(45015)
        if self.remaining == 0:
            raise Refusal(45047)
