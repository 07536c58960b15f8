"""What can be made to go wrong, once or several times, at the next occasion."""

from dataclasses import dataclass, field
from typing import Any

from connectors.simulator.model.oddities import ODDITIES

FORGERIES = (
    "wrong_signature",
    "stale_timestamp",
    "replayed",
    "replayed_with_other_body",
    "plaintext_in_safe_mode",
    "foreign_appid",
    "bad_padding",
    "bad_base64",
    "dtd",
    "entity_bomb",
    "external_entity",
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
    "reorder_push": "the push waits until the follower's next one was delivered, `seconds` at most",
    "cut_push": "the connection breaks in the middle of the push's body",
    "slow_push": "the push's body arrives drop by drop over `seconds`",
    "previous_key": "the push is sealed with the EncodingAESKey before the present one",
    "always_40001": "API calls with a token answer 40001",
    "void_token": "every token becomes invalid at once",
    "no_token_overlap": "the token before a new one dies at once",
    "ip_not_whitelisted": "the token end points answer 40164",
    "hang_token": "the token end points do not answer for `seconds`",
    "hang_send": "custom/send does not answer for `seconds`; the message is shown if `accepted`",
    "cut_send": "custom/send breaks the connection instead of answering; the message is shown if `accepted`",
    "send_errcode": "custom/send answers `errcode`",
    "api_errcode": "any API call, or that to `path`, answers `errcode`",
    "hang_api": "any API call, or that to `path`, does not answer for `seconds`",
    "api_broken": "any API call, or that to `path`, answers HTTP 502 with a page of HTML",
    "plain_content_type": "API answers say that they are text/plain",
    "crm_down": "the CRM answers 503",
    **{kind: sentence for kind, (sentence, _) in ODDITIES.items()},
    **dict.fromkeys(FORGERIES, "the next push is replaced by this forgery"),
}


@dataclass
class Fault:
    """``count`` occasions are left, None for all; ``details`` are the numbers that the kind needs.

    Among the details ``rate`` makes it strike at that share of the occasions, evenly, and ``account`` and ``path``
    restrict it to one account and to one API path.
    """

    kind: str
    count: int | None = 1
    details: dict[str, Any] = field(default_factory=dict)
    openid: str | None = None
    due: float = 0.0

    def number(self, name: str, otherwise: float) -> float:
        """A number among the details."""
        return float(self.details.get(name, otherwise))

    def concerns(self, openid: str | None, occasion: dict[str, str]) -> bool:
        """Whether this is the follower, account and path that the fault was switched on for."""
        is_theirs = self.openid in (None, openid)
        return is_theirs and all(self.details.get(k, v) == v for k, v in occasion.items())

    def strikes(self) -> bool:
        """Whether this occasion is one of those that ``rate`` chooses."""
        self.due += self.number("rate", 1.0)
        if self.due < 1 - 1e-9:
            return False
        self.due -= 1
        return True


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

    def take(self, *kinds: str, openid: str | None = None, **occasion: str) -> Fault | None:
        """The first fault of these kinds that strikes this follower, counted down; None if there is none.

        ``occasion`` may tell ``account`` and ``path``.
        """
        for fault in self.active:
            if fault.kind in kinds and fault.concerns(openid, occasion) and fault.strikes():
                self._count_down(fault)
                return fault
        return None

    def _count_down(self, fault: Fault) -> None:
        if fault.count is not None:
            fault.count -= 1
            if fault.count <= 0:
                self.active.remove(fault)
