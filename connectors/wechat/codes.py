"""What to do about each code with which WeChat refuses a customer-service message.

Source: WeChat's pages 发送客服消息 and 全局返回码. Codes that do not stand here are taken for faults of this message:
it is not repeated, and waits for the follower's next contact, whose callback needs no customer message.
"""

from dataclasses import dataclass
from enum import Enum, auto

CHINA_SECONDS = 8 * 3600
"""A day of quota begins at midnight in China (not confirmed by WeChat's pages)."""

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


class Action(Enum):
    """What a refusal asks for."""

    AGAIN = auto()
    """Busy: the same message again, after growing pauses."""
    PAUSE = auto()
    """Nothing is sent for the account until a moment; this message then goes again."""
    CONTACT = auto()
    """The window is closed or used up: waits for the follower's next contact."""
    FOLLOWER = auto()
    """This follower can or will not be written to: the enquiry is undeliverable, and the follower is marked."""
    PLAINER = auto()
    """A menu or a link is refused: the same without it."""
    HOLD = auto()
    """This message is refused as it is: it waits for the follower's next contact."""


@dataclass(frozen=True)
class Treatment:
    """``seconds``: how long the account pauses, or until the end of a minute or day of so many seconds.

    ``is_alert``: a person has to look at it.
    """

    action: Action
    seconds: float = 0.0
    is_period: bool = False
    is_alert: bool = False

    def until(self, now: float) -> float:
        """When the pause ends that begins at ``now`` (Unix seconds)."""
        if not self.is_period:
            return now + self.seconds
        return (((now + CHINA_SECONDS) // self.seconds) + 1) * self.seconds - CHINA_SECONDS


_BUSY = Treatment(Action.AGAIN)
_TOKEN = Treatment(Action.PAUSE, MINUTE / 2, is_alert=True)
"""Still refused after the one refresh and repetition of ``Api.call``."""
_MINUTE = Treatment(Action.PAUSE, MINUTE, is_period=True)
_DAY = Treatment(Action.PAUSE, DAY, is_period=True, is_alert=True)
_CONTACT = Treatment(Action.CONTACT)
_FOLLOWER = Treatment(Action.FOLLOWER)
_PLAINER = Treatment(Action.PLAINER)
_OPERATOR = Treatment(Action.PAUSE, 10 * MINUTE, is_alert=True)
"""Something of the account is set up wrong or not permitted: every message would meet the same."""
_PUNISHED = Treatment(Action.PAUSE, HOUR, is_alert=True)
_FAULT = Treatment(Action.HOLD, is_alert=True)

TREATMENTS: dict[int, Treatment] = {
    **dict.fromkeys((-1, 268487001, 268487002), _BUSY),
    **dict.fromkeys((40001, 40014, 42001), _TOKEN),
    45011: _MINUTE,
    **dict.fromkeys((45009, 45040, 45104), _DAY),
    **dict.fromkeys((45015, 45047), _CONTACT),
    **dict.fromkeys((40003, 43004, 43019, 43101, 46004, 48002, 49003, 50005, 70000), _FOLLOWER),
    **dict.fromkeys((40200, 45098, 45099, 40213, 40214, 45086), _PLAINER),
    **dict.fromkeys((40013, 40125, 40164, 40243, 45103), _OPERATOR),
    **dict.fromkeys((48001, 48003, 48008, 50001, 65400, 65401, 65402), _OPERATOR),
    **dict.fromkeys((89503, 89506, 89507), _OPERATOR),
    **dict.fromkeys((45087, 45094, 45102, 48004, 50002, 50004, 50007), _PUNISHED),
}

OF_UPLOADS: dict[int, Treatment] = {45011: _BUSY, **dict.fromkeys((45009, 48001, 48004), _FAULT)}
"""Quotas and permissions are those of one API: where uploads meet them, words can still be sent."""


def treatment(errcode: int, *, of_upload: bool = False) -> Treatment:
    """What to do about a code; ``of_upload``: it is that of a file's upload, not of the message itself."""
    special = OF_UPLOADS.get(errcode) if of_upload else None
    return special or TREATMENTS.get(errcode, _FAULT)
