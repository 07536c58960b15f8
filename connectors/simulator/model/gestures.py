"""What people do on their phones, and what WeChat pushes because of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from connectors.simulator.model import samples
from connectors.simulator.model.follower import Follower
from connectors.simulator.model.grants import CONTACT, MESSAGE, Allowance, Grant
from connectors.simulator.model.lines import Choice, Content, Part, plain
from connectors.simulator.model.menu import GRANTING, PICTURES, Button, taps
from connectors.simulator.model.platform import Impossible, Platform
from connectors.simulator.model.pushes import (
    Fields,
    Push,
    event_fields,
    message_fields,
    typed_fields,
)

MENU_EVENTS = {"click": "CLICK", "view": "VIEW", "miniprogram": "view_miniprogram"}
SILENT_BUTTONS = frozenset({"media_id", "view_limited"})
"""Types whose tap WeChat serves by itself, without an event."""

UNSUPPORTED = "【收到不支持的消息类型，暂无法显示】"
"""What arrives as text for a sticker, a file and whatever else the interface does not carry."""

PLACE = {"latitude": "31.2304", "longitude": "121.4737", "scale": "15", "label": "上海市黄浦区"}


@dataclass(frozen=True)
class Gestures:
    """The acts of one account's followers. Each raises Impossible where a person could not do it."""

    platform: Platform

    def follow(self, openid: str, event_key: str = "", more: Fields = ()) -> Push:
        """Follow the account."""
        follower = self.platform.follower(openid)
        if follower.is_following:
            raise Impossible("already follows the account")
        follower.state = "following"
        self._grant(follower, CONTACT)
        push_id = self._note(follower, "follow")
        return self._event(follower, push_id, "subscribe", event_key, more)

    def unfollow(self, openid: str) -> Push:
        """Stop following: nothing may be sent any more."""
        follower = self._following(openid)
        follower.state = "unfollowed"
        follower.allowance = Allowance()
        return self._event(follower, self._note(follower, "unfollow"), "unsubscribe", None)

    def scan(self, openid: str, scene: str) -> Push:
        """Scan the account's QR code with this scene: a follow, or a SCAN of somebody who follows."""
        if not self.platform.account.may("scenes"):
            raise Impossible("an account of this kind has no QR codes with scenes")
        follower = self.platform.follower(openid)
        ticket = (("Ticket", self.platform.ids.ticket(scene)),)
        if not follower.is_following:
            return self.follow(openid, f"qrscene_{scene}", ticket)
        self._grant(follower, CONTACT)
        return self._event(follower, self._note(follower, "scan", scene), "SCAN", scene, ticket)

    def say(self, openid: str, text: str) -> Push:
        """Send a text message."""
        if not text.strip():
            raise Impossible("WeChat sends no empty message")
        return self._text(self._following(openid), text, MESSAGE, None)

    def sticker(self, openid: str) -> Push:
        """Send something that the interface does not carry."""
        return self._text(self._following(openid), UNSUPPORTED, MESSAGE, None)

    def tap(self, openid: str, wanted: str) -> Push:
        """Tap a choice, given by its content or id; the latest one counts."""
        follower = self._following(openid)
        choice = follower.find_choice(wanted)
        if choice is None:
            raise Impossible(f"nothing to tap that reads {wanted!r}")
        return self._text(follower, choice.content, CONTACT, choice)

    def picture(self, openid: str, content: bytes = b"", base_url: str = "") -> Push:
        """Send a picture (PNG, JPEG or GIF); without one, a sample. ``base_url`` is where media are served."""
        media = self._keep("image", content or samples.picture())
        address = ("PicUrl", f"{base_url}/media/{media}")
        return self._message(openid, "image", (address, ("MediaId", media)), media=media)

    def voice(self, openid: str, content: bytes = b"") -> Push:
        """Send a voice message (AMR); it comes with a second copy of 16 kHz."""
        media, wide = (self._keep("voice", content or samples.VOICE) for _ in range(2))
        body = (("MediaId", media), ("Format", "amr"), ("MediaId16K", wide))
        return self._message(openid, "voice", body, media=media)

    def video(self, openid: str, content: bytes = b"") -> Push:
        """Send a film (MP4) with its cover."""
        media = self._keep("video", content or samples.VIDEO)
        body = (("MediaId", media), ("ThumbMediaId", self._keep("thumb", samples.THUMB)))
        return self._message(openid, "video", body, media=media)

    def place(self, openid: str, given: Mapping[str, Any] | None = None) -> Push:
        """Send a location: latitude, longitude, scale and label have defaults."""
        place = PLACE | {name: str(value) for name, value in (given or {}).items() if name in PLACE}
        return self._message(openid, "location", _location(place), place["label"])

    def link(self, openid: str, title: str, description: str, url: str) -> Push:
        """Send a link, such as an article."""
        body = (("Title", title), ("Description", description), ("Url", url))
        return self._message(openid, "link", body, title)

    def tap_menu(self, openid: str, wanted: str, given: Mapping[str, Any]) -> list[Push]:
        """Tap a button of the menu at the bottom, given by its key, URL or one of its names.

        ``given``: ``result`` of a scan, ``pictures`` to take, the fields of a place. Pictures and a place follow
        their event as messages.
        """
        follower = self._following(openid)
        button = next((b for b in taps(self.platform.menu) if _is_called(b, wanted)), None)
        if button is None:
            raise Impossible(f"no menu button {wanted!r}")
        if button.type in SILENT_BUTTONS:
            raise Impossible("WeChat itself opens what lies behind this button")
        if button.type in GRANTING:
            self._grant(follower, CONTACT)
        push_id = self._note(follower, "menu", button.name)
        event = MENU_EVENTS.get(button.type, button.type)
        pictures = [samples.picture()] * int(given.get("pictures", 1))
        more = self._details(button, given, pictures)
        first = self._event(follower, push_id, event, button.event_key, more)
        return [first, *self._sent_after(openid, button, given, pictures)]

    def event(self, openid: str, event: str, more: Fields) -> Push:
        """Any event at all, with fields as given: what no gesture here makes. It grants nothing."""
        follower = self.platform.follower(openid)
        return self._event(follower, self.platform.ids.push(), event, None, more)

    def message(self, openid: str, kind: str, more: Fields) -> Push:
        """A message of any type, with fields as given."""
        return self._message(openid, kind, more)

    def imitate(self, openid: str, text: str) -> Push:
        """A push for a message that nobody sent: raw material for forgeries."""
        push_id, msg_id, now = self._numbers()
        fields = message_fields(self._original_id, openid, now, text, msg_id)
        return Push(push_id, openid, now, fields, text, msg_id)

    def _details(self, button: Button, given: Mapping[str, Any], pictures: list[bytes]) -> Fields:
        """What an event of this type carries beside its key."""
        if button.type in ("view", "miniprogram"):
            return (("MenuId", self.platform.menu_id),)
        if button.type.startswith("scancode_"):
            scanned = (("ScanType", "qrcode"), ("ScanResult", str(given.get("result", "")) or "1"))
            return (("ScanCodeInfo", scanned),)
        if button.type in PICTURES:
            items = tuple(("item", (("PicMd5Sum", _md5(one)),)) for one in pictures)
            return (("SendPicsInfo", (("Count", len(pictures)), ("PicList", items))),)
        if button.type == "location_select":
            place = PLACE | {k: str(v) for k, v in given.items() if k in PLACE}
            return (("SendLocationInfo", (*_location(place), ("Poiname", ""))),)
        return ()

    def _sent_after(
        self, openid: str, button: Button, given: Mapping[str, Any], pictures: list[bytes]
    ) -> list[Push]:
        base_url = str(given.get("base_url", ""))
        if button.type in PICTURES:
            return [self.picture(openid, one, base_url) for one in pictures]
        return [self.place(openid, given)] if button.type == "location_select" else []

    def _text(self, follower: Follower, text: str, grant: Grant, choice: Choice | None) -> Push:
        push = self.imitate(follower.openid, text)
        if choice and not self.platform.account.is_test:  # a test account's links carry no id
            push = replace(push, fields=(*push.fields, ("bizmsgmenuid", choice.id)))
        return self._said(follower, push, grant, plain(text))

    def _message(
        self, openid: str, kind: str, body: Fields, words: str = "", media: str | None = None
    ) -> Push:
        follower, (push_id, msg_id, now) = self._following(openid), self._numbers()
        fields = typed_fields(self._original_id, openid, now, kind, body, msg_id)
        push = Push(push_id, openid, now, fields, f"{kind} {words}".strip(), msg_id)
        parts = (Part(words),) if words else ()
        return self._said(follower, push, MESSAGE, Content(kind, parts, media=media))

    def _said(self, follower: Follower, push: Push, grant: Grant, content: Content) -> Push:
        self._grant(follower, grant)
        follower.add(self.platform.clock.now(), "follower", content, push=push.id)
        self.platform.on_change(follower)
        return push

    def _event(
        self,
        follower: Follower,
        push_id: str,
        event: str,
        event_key: str | None,
        more: Fields = (),
    ) -> Push:
        now = int(self.platform.clock.now())
        fields = event_fields(self._original_id, follower.openid, now, event, event_key, more)
        summary = f"{event} {event_key or ''}".strip()
        return Push(push_id, follower.openid, now, fields, summary, event=event)

    def _note(self, follower: Follower, kind: str, text: str = "") -> str:
        """A line about what the person did, which no message tells; the id of the push that will."""
        push_id = self.platform.ids.push()
        follower.add(self.platform.clock.now(), "system", plain(text, kind), push=push_id)
        self.platform.on_change(follower)
        return push_id

    def _grant(self, follower: Follower, grant: Grant) -> None:
        follower.allowance = follower.allowance.granted(grant, self.platform.clock.now())

    def _following(self, openid: str) -> Follower:
        follower = self.platform.follower(openid)
        if not follower.is_following:
            raise Impossible("does not follow the account")
        return follower

    def _keep(self, kind: str, content: bytes) -> str:
        return self.platform.media.add(kind, content, self.platform.clock.now()).id

    def _numbers(self) -> tuple[str, str, int]:
        ids = self.platform.ids
        return ids.push(), ids.message(), int(self.platform.clock.now())

    @property
    def _original_id(self) -> str:
        return self.platform.account.original_id


def _location(place: Mapping[str, str]) -> Fields:
    return (
        ("Location_X", place["latitude"]),
        ("Location_Y", place["longitude"]),
        ("Scale", place["scale"]),
        ("Label", place["label"]),
    )


def _md5(content: bytes) -> str:
    # WeChat's field PicMd5Sum is an MD5.
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _is_called(button: Button, wanted: str) -> bool:
    return wanted in (button.key, button.url, *button.names.values()) and wanted != ""
