"""Strange forms in which true pushes have been seen: what is in them is real, only written otherwise.

Unlike a forgery, an odd push is a follower's own act, and its answer is shown.
"""

from collections.abc import Callable
from dataclasses import replace

from connectors.simulator.model.pushes import Fields, Push, Value

Change = Callable[[Push], Push]


def odd(push: Push, kind: str) -> Push:
    """The push in its strange form; unchanged where the oddity has nothing to change."""
    return ODDITIES[kind][1](push)


def fitting(push: Push) -> list[str]:
    """The oddities that would change this push."""
    return [kind for kind in ODDITIES if odd(push, kind) != push]


def _changed(push: Push, change: "Callable[[str, Value], Value | None]") -> Push:
    """The push with each field's new value; None leaves the field out."""
    fields: Fields = tuple(
        (name, value) for name, old in push.fields if (value := change(name, old)) is not None
    )
    return replace(push, fields=fields)


def _with(wanted: str, value: "Value | None") -> Change:
    return lambda push: _changed(push, lambda name, old: value if name == wanted else old)


def _time_as_text(push: Push) -> Push:
    return _changed(push, lambda name, old: str(old) if name == "CreateTime" else old)


def _after_payment(push: Push) -> Push:
    if push.event != "subscribe":
        return push
    return _with("EventKey", f"last_trade_no_42000{push.created_at}")(push)


ODDITIES: dict[str, tuple[str, Change]] = {
    "cdata_time": ("CreateTime stands in CDATA", _time_as_text),
    "no_msgid": ("a message comes without MsgId", _with("MsgId", None)),
    "empty_event_key": ("an event's EventKey is there and empty", _with("EventKey", "")),
    "no_event_key": ("an event comes without EventKey", _with("EventKey", None)),
    "last_trade_no": ("a follow carries a payment's number as EventKey", _after_payment),
    "tap_without_id": ("a tap comes without bizmsgmenuid", _with("bizmsgmenuid", None)),
    "tap_id_zero": ("a tap's bizmsgmenuid is 0", _with("bizmsgmenuid", "0")),
}
"""Each oddity with its sentence and its change."""
