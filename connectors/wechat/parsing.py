"""From the elements of a push to a message: every type and event that an account may get, and those yet unknown.

Source: WeChat's pages 接收普通消息, 接收事件推送, 自定义菜单的事件推送. Nothing but sender, time and type is relied
upon: each other element may be missing, empty, or of another shape.
"""

import hashlib
import math
import re
from collections.abc import Mapping
from typing import Any

from bot.kinds import MEDIA
from bot.messages import Inbound, Media, Position
from bot.text import safe
from connectors.wechat.library import Malformed

Fields = Mapping[str, Any]

_UNIX_TIME = re.compile(r"[0-9]{1,11}")
_OPENID = re.compile(r"[A-Za-z0-9_-]{6,64}")
_NUMBER = re.compile(r"[1-9][0-9]{0,19}")
_NAME = re.compile(r"[a-z0-9_]{1,64}")
_CHOICE_CHARACTERS = 128
_ABOUT_CHARACTERS = 1000

_OF_CONSENT = frozenset(
    {"user_info_modified", "user_authorization_revoke", "user_authorization_cancellation"}
)
"""Events that name the person whom they are about in ``OpenID``."""


def message_of(fields: Fields, account: str) -> Inbound:
    """The message that a push carries. Raises Malformed without a type, a sender or a time."""
    kind, event = _name(fields, "MsgType"), ""
    if kind == "event":
        event = _event(fields)
    sent_at, openid = _text(fields, "CreateTime"), _sender(fields, event)
    if not _UNIX_TIME.fullmatch(sent_at) or not _OPENID.fullmatch(openid):
        raise Malformed("the push lacks its sender or its time")
    return Inbound(
        key=_key(fields),
        account=account,
        openid=openid,
        kind=kind,
        sent_at=float(sent_at),
        text=_words(fields, kind),
        event=event,
        event_key=safe(_text(fields, "EventKey")),
        choice_id=_choice(fields),
        about=_about(fields, event or kind)[:_ABOUT_CHARACTERS],
        position=_position(fields, event or kind),
        media=_media(fields, kind),
    )


def digest_of(fields: Fields) -> str:
    """What is the same for each delivery of a push, and for no other push.

    Events have no id; sender and time, which WeChat's page tells to compare, are part of this.
    """
    return hashlib.sha256(repr(sorted(fields.items())).encode()).hexdigest()[:32]


def _key(fields: Fields) -> str:
    """The message's own number; taps were reported that have none, and events never have one."""
    number = _text(fields, "MsgId")
    return number if _NUMBER.fullmatch(number) else digest_of(fields)


def _event(fields: Fields) -> str:
    event = _name(fields, "Event")
    # wechatpy takes the prefix off a scene and renames the event; here a follow stays a follow.
    return "subscribe" if event.startswith("subscribe_scan") else event


def _sender(fields: Fields, event: str) -> str:
    named = _text(fields, "OpenID") if event in _OF_CONSENT else ""
    return named or _text(fields, "FromUserName")


def _words(fields: Fields, kind: str) -> str:
    """What the follower said; WeChat once wrote voices down as well, and may leave that out."""
    name = {"text": "Content", "voice": "Recognition"}.get(kind)
    return safe(_text(fields, name)).strip() if name else ""


def _choice(fields: Fields) -> str | None:
    """The id of the tapped item of a message menu; present, whatever it is, it tells a tap from typing."""
    if "bizmsgmenuid" not in fields:
        return None
    return _text(fields, "bizmsgmenuid")[:_CHOICE_CHARACTERS]


def _about(fields: Fields, kind: str) -> str:
    match kind:
        case "link":
            said = [_text(fields, "Title"), _text(fields, "Description"), _text(fields, "Url")]
        case "location":
            said = [_text(fields, "Label")]
        case "location_select":
            place = _inner(fields, "SendLocationInfo")
            said = [_text(place, "Poiname"), _text(place, "Label")]
        case "scancode_push" | "scancode_waitmsg":
            said = [_text(_inner(fields, "ScanCodeInfo"), "ScanResult")]
        case "pic_sysphoto" | "pic_photo_or_album" | "pic_weixin":
            said = [_text(_inner(fields, "SendPicsInfo"), "Count")]
        case _:
            said = [_text(fields, name) for name in ("Status", "FailReason", "ExpiredTime")]
    return safe(" ".join(part for part in said if part))


def _position(fields: Fields, kind: str) -> Position | None:
    """Where the message points to. The event LOCATION and the message of this name spell it differently."""
    if kind == "location_select":
        return _position(_inner(fields, "SendLocationInfo"), "location")
    for north, east in (("Location_X", "Location_Y"), ("Latitude", "Longitude")):
        latitude, longitude = _degrees(fields, north, 90), _degrees(fields, east, 180)
        if latitude is not None and longitude is not None:
            return Position(latitude, longitude)
    return None


def _degrees(fields: Fields, name: str, most: float) -> float | None:
    try:
        number = float(_text(fields, name))
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= most else None


def _media(fields: Fields, kind: str) -> Media | None:
    # The copy in 16 kHz is the better one to listen to.
    id = _text(fields, "MediaId16K") or _text(fields, "MediaId")
    url = _text(fields, "PicUrl") if kind == "image" else ""
    return Media(id, url) if kind in MEDIA and (id or url) else None


def _name(fields: Fields, name: str) -> str:
    """A type's or an event's name; they reach logs and transcripts, and so only such as WeChat gives are taken."""
    text = _text(fields, name).lower()
    if not _NAME.fullmatch(text):
        raise Malformed(f"{name} is missing, or no name")
    return text


def _inner(fields: Fields, name: str) -> Fields:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""
