"""What can be made to go wrong, once or several times, at the next occasion."""

from dataclasses import dataclass, field
from typing import Any

FORGERIES = (
    "wrong_signature",
    "stale_timestamp",
    "plaintext_in_safe_mode",
    "foreign_appid",
    "bad_padding",
    "bad_base64",
    "dtd",
    "oversize",
    "not_xml",
    "unknown_type",
    "unknown_event",
    "missing_msgid",
    "missing_sender",
)
"""Requests that WeChat would not send: they go out once, instead of the next push, and change nothing on the phone."""

KINDS = {
    "drop_answer": "a delivery's answer gets lost, so WeChat repeats",
    "repeat_push": "the push is delivered once more though it was answered",
    "hang_up": "WeChat closes the connection after `seconds`",
    "delay_push": "the push starts `seconds` late",
    "always_40001": "API calls with a token answer 40001",
    "void_token": "every token becomes invalid at once",
    "hang_token": "the token end points do not answer for `seconds`",
    "hang_send": "custom/send does not answer for `seconds`; the message is shown if `accepted`",
    "send_errcode": "custom/send answers `errcode`",
    "crm_down": "the CRM answers 503",
    **dict.fromkeys(FORGERIES, "the next push is replaced by this forgery"),
}


@dataclass
class Fault:
    """``count`` occasions are left, None for all; ``details`` are the numbers that the kind needs."""

    kind: str
    count: int | None = 1
    details: dict[str, Any] = field(default_factory=dict)
    openid: str | None = None

    def number(self, name: str, otherwise: float) -> float:
        """A number among the details."""
        return float(self.details.get(name, otherwise))


@dataclass
class Faults:
    """The faults that are switched on, oldest first."""

    active: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Switch one on. Raises KeyError for an unknown kind."""
        KINDS[fault.kind]
        self.active.append(fault)

    def clear(self) -> None:
        """Switch all off."""
        self.active.clear()

    def take(self, *kinds: str, openid: str | None = None) -> Fault | None:
        """The first fault of these kinds that concerns this follower, counted down; None if there is none."""
        for fault in self.active:
            if fault.kind in kinds and fault.openid in (None, openid):
                self._count_down(fault)
                return fault
        return None

    def _count_down(self, fault: Fault) -> None:
        if fault.count is not None:
            fault.count -= 1
            if fault.count <= 0:
                self.active.remove(fault)
