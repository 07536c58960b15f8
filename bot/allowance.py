"""How many customer-service messages may still go to a follower, and until when.

Source: WeChat's page on customer messages (发送客服消息). Grants do not add up: an action of the follower
lifts the count to the larger of the two and the deadline to the later.

WeChat counts at once, we learn of the follower's action later: what was sent in between has been taken from the new
grant, not from the old one. Therefore the moments of the latest messages are kept.
"""

from dataclasses import dataclass, replace

RESERVE_FOR_HUMAN = 1
"""Messages that neither the bot's late answers nor notices may spend."""

MARGIN_SECONDS = 3.0
"""So long before the end of a window nothing is sent any more: it might arrive after it."""


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
    """``left`` messages may be sent before ``until`` (Unix seconds).

    ``sends`` are the moments at which the latest ones were counted by WeChat, as many as a grant can hold.
    """

    left: int = 0
    until: float = 0.0
    sends: tuple[float, ...] = ()

    def granted(self, grant: Grant, at: float) -> "Allowance":
        """The allowance after an action of the follower at ``at``, which may lie before messages already sent."""
        before = self.left if at < self.until else 0
        used = sum(sent > at for sent in self.sends)
        left = max(before, grant.count - used, 0)
        return replace(self, left=left, until=max(self.until, at + grant.seconds))

    def reserved(self) -> "Allowance":
        """The allowance once a message is about to go out."""
        return replace(self, left=max(0, self.left - 1))

    def returned(self) -> "Allowance":
        """The allowance after such a message did not go out: WeChat counts only what it took."""
        return replace(self, left=self.left + 1)

    def counted(self, at: float) -> "Allowance":
        """The allowance after WeChat took such a message at ``at``, or may have."""
        return replace(self, sends=(*self.sends, at)[-MESSAGE.count :])

    def emptied(self, at: float) -> "Allowance":
        """The allowance after WeChat said at ``at`` that nothing more may be sent: its word is final.

        No action before that moment can have granted anything that is left.
        """
        return replace(self, left=0, sends=(at,) * MESSAGE.count)

    def remaining(self, at: float) -> int:
        """How many messages may be sent at ``at``."""
        return self.left if at < self.until - MARGIN_SECONDS else 0
