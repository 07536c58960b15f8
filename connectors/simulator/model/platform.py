"""The platform as one account sees it: followers act, the account answers, and each keeps to the rules."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.clock import Clock
from connectors.simulator.model.account import Account
from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.follower import Follower, Member
from connectors.simulator.model.grants import CONTACT, MESSAGE, Allowance, Grant
from connectors.simulator.model.ids import Ids
from connectors.simulator.model.lines import FAILURE_LINE, Choice, Content, Line, plain
from connectors.simulator.model.menu import GRANTING, Button, taps
from connectors.simulator.model.pushes import Push, event_fields, message_fields
from connectors.simulator.model.quotas import Quotas
from connectors.simulator.model.sending import content_of
from connectors.simulator.model.tokens import Tokens

TYPING_SECONDS = 15
EXCHANGE_SECONDS = 30
"""Typing may be shown only so long after the last message in either direction."""

MENU_EVENTS = {"click": "CLICK", "view": "VIEW"}


class Impossible(Exception):
    """A follower cannot do this, as a person could not do it in WeChat."""


class UnknownFollower(Exception):
    """There is nobody with this openid."""


class Platform:
    """One account's followers, tokens and quotas. ``on_change`` is told of every follower that changed."""

    def __init__(
        self,
        account: Account,
        clock: Clock,
        ids: Ids,
        menu: tuple[Button, ...] = (),
        on_change: Callable[[Follower], None] = lambda follower: None,
    ) -> None:
        self.account = account
        self.clock = clock
        self.ids = ids
        self.menu = menu
        self.on_change = on_change
        self.followers: dict[str, Follower] = {}
        self.tokens = Tokens(ids)
        self.quotas = Quotas.of_account(is_test=account.is_test)

    # What people do on their phones. Each returns what WeChat pushes because of it.

    def create(self, label: str = "") -> Follower:
        """A person with a phone, who does not follow yet."""
        openid = self.ids.openid(self.account.app_id)
        follower = Follower(openid, label or str(len(self.followers) + 1))
        self.followers[openid] = follower
        self.on_change(follower)
        return follower

    def follow(self, openid: str) -> Push:
        """Follow the account."""
        follower = self.follower(openid)
        if follower.is_following:
            raise Impossible("already follows the account")
        follower.state = "following"
        self._grant(follower, CONTACT)
        return self._event(follower, self._note(follower, "follow"), "subscribe", "")

    def unfollow(self, openid: str) -> Push:
        """Stop following: nothing may be sent any more."""
        follower = self._following(openid)
        follower.state = "unfollowed"
        follower.allowance = Allowance()
        return self._event(follower, self._note(follower, "unfollow"), "unsubscribe", None)

    def say(self, openid: str, text: str) -> Push:
        """Send a text message."""
        if not text.strip():
            raise Impossible("WeChat sends no empty message")
        return self._message(self._following(openid), text, MESSAGE, None)

    def tap(self, openid: str, wanted: str) -> Push:
        """Tap a choice, given by its content or id; the latest one counts."""
        follower = self._following(openid)
        choice = follower.find_choice(wanted)
        if choice is None:
            raise Impossible(f"nothing to tap that reads {wanted!r}")
        return self._message(follower, choice.content, CONTACT, choice)

    def tap_menu(self, openid: str, wanted: str) -> Push:
        """Tap a button of the menu at the bottom, given by its key, URL or one of its names."""
        follower = self._following(openid)
        button = next((b for b in taps(self.menu) if _is_called(b, wanted)), None)
        if button is None:
            raise Impossible(f"no menu button {wanted!r}")
        if button.type in GRANTING:
            self._grant(follower, CONTACT)
        push_id = self._note(follower, "menu", button.names.get("zh-Hans") or wanted)
        event = MENU_EVENTS.get(button.type, button.type)
        return self._event(follower, push_id, event, button.event_key)

    def bind(self, openid: str, member: Member | None) -> None:
        """Bind a membership to the follower, or take it away."""
        follower = self.follower(openid)
        follower.member = member
        self.on_change(follower)

    # What the account brings to them.

    def show(self, push: Push, contents: tuple[Content, ...]) -> None:
        """Show the passive reply to a push, unless the person has left meanwhile."""
        follower = self.follower(push.openid)
        if follower.is_following and push.is_answerable:
            for content in contents:
                follower.add(self.clock.now(), "account", content, way="passive", push=push.id)
        self.on_change(follower)

    def fail(self, push: Push) -> None:
        """Show WeChat's failure line: no delivery of the push brought a usable answer."""
        follower = self.follower(push.openid)
        if follower.is_following and push.is_answerable:
            content = plain(FAILURE_LINE, "failure")
            follower.add(self.clock.now(), "system", content, push=push.id)
        self.on_change(follower)

    def send(self, body: Mapping[str, Any]) -> Line:
        """custom/send. Raises Refusal."""
        self._check_may_send()
        follower = self._addressed(body)
        content = content_of(self.account, body)
        now = self.clock.now()
        follower.allowance = follower.allowance.spent(now)
        line = follower.add(now, "account", content, way="custom")
        self.on_change(follower)
        return line

    def typing(self, body: Mapping[str, Any]) -> None:
        """custom/typing. Raises Refusal."""
        self._check_may_send()
        follower, now = self._addressed(body), self.clock.now()
        command = body.get("command")
        if command not in ("Typing", "CancelTyping"):
            raise Refusal(45072)
        follower.allowance.check(now)
        if command == "Typing":
            if now - follower.exchanged_at > EXCHANGE_SECONDS:
                raise Refusal(45080)
            if now < follower.typing_until:
                raise Refusal(45081)
        follower.typing_until = now + TYPING_SECONDS if command == "Typing" else now
        self.on_change(follower)

    def follower(self, openid: str) -> Follower:
        """The person of this openid. Raises UnknownFollower."""
        if openid not in self.followers:
            raise UnknownFollower(openid)
        return self.followers[openid]

    def imitate(self, openid: str, text: str) -> Push:
        """A push for a message that nobody sent: raw material for forgeries."""
        push_id, msg_id, now = self.ids.push(), self.ids.message(), int(self.clock.now())
        fields = message_fields(self.account.original_id, openid, now, text, msg_id)
        return Push(push_id, openid, now, fields, text, msg_id)

    def _message(self, follower: Follower, text: str, grant: Grant, choice: Choice | None) -> Push:
        push = self.imitate(follower.openid, text)
        if choice and not self.account.is_test:  # a test account's links carry no id
            push = replace(push, fields=(*push.fields, ("bizmsgmenuid", choice.id)))
        self._grant(follower, grant)
        follower.add(self.clock.now(), "follower", plain(text), push=push.id)
        self.on_change(follower)
        return push

    def _event(self, follower: Follower, push_id: str, event: str, event_key: str | None) -> Push:
        now = int(self.clock.now())
        fields = event_fields(self.account.original_id, follower.openid, now, event, event_key)
        summary = f"{event} {event_key or ''}".strip()
        return Push(push_id, follower.openid, now, fields, summary, event=event)

    def _note(self, follower: Follower, kind: str, text: str = "") -> str:
        """A line about what the person did, which no message tells; the id of the push that will."""
        push_id = self.ids.push()
        follower.add(self.clock.now(), "system", plain(text, kind), push=push_id)
        self.on_change(follower)
        return push_id

    def _grant(self, follower: Follower, grant: Grant) -> None:
        follower.allowance = follower.allowance.granted(grant, self.clock.now())

    def _following(self, openid: str) -> Follower:
        follower = self.follower(openid)
        if not follower.is_following:
            raise Impossible("does not follow the account")
        return follower

    def _check_may_send(self) -> None:
        if not self.account.may_send:
            raise Refusal(48001)

    def _addressed(self, body: Mapping[str, Any]) -> Follower:
        follower = self.followers.get(str(body.get("touser")))
        if follower is None:
            raise Refusal(40003)
        if follower.state == "new":
            raise Refusal(43004)
        return follower


def _is_called(button: Button, wanted: str) -> bool:
    return wanted in (button.key, button.url, *button.names.values()) and wanted != ""
