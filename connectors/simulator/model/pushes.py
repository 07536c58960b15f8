"""What WeChat tells the account's server: messages and events of followers."""

from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = "str | int | tuple[tuple[str, Value], ...]"
Fields: TypeAlias = tuple[tuple[str, Value], ...]

ANSWERABLE_EVENTS = frozenset({"subscribe", "SCAN", "CLICK", "scancode_waitmsg"})
"""Events whose passive reply the follower sees; to the others only ``success`` makes sense."""


@dataclass(frozen=True)
class Push:
    """One message or event. ``id`` is the simulator's own; ``summary`` says in short what it is, for the journal."""

    id: str
    openid: str
    created_at: int
    fields: Fields
    summary: str
    msg_id: str | None = None
    event: str = ""

    @property
    def is_answerable(self) -> bool:
        """Whether a passive reply is shown to the follower."""
        return not self.event or self.event in ANSWERABLE_EVENTS


def message_fields(
    original_id: str, openid: str, created_at: int, content: str, msg_id: str
) -> Fields:
    """A text message."""
    head = _head(original_id, openid, created_at, "text")
    return (*head, ("Content", content), ("MsgId", int(msg_id)))


def event_fields(
    original_id: str, openid: str, created_at: int, event: str, event_key: str | None
) -> Fields:
    """An event; ``event_key`` is left out when None."""
    fields = (*_head(original_id, openid, created_at, "event"), ("Event", event))
    return fields if event_key is None else (*fields, ("EventKey", event_key))


def _head(original_id: str, openid: str, created_at: int, kind: str) -> Fields:
    return (
        ("ToUserName", original_id),
        ("FromUserName", openid),
        ("CreateTime", created_at),
        ("MsgType", kind),
    )
