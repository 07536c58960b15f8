"""The platform as one account sees it: its followers, and what reaches them by the rules."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.clock import Clock
from connectors.simulator.model.account import Account, Right
from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.follower import MARKS, Follower, Mark, Member
from connectors.simulator.model.ids import Ids
from connectors.simulator.model.lines import FAILURE_LINE, Content, Line, plain
from connectors.simulator.model.media import MediaShelf
from connectors.simulator.model.menu import Button
from connectors.simulator.model.pushes import Push
from connectors.simulator.model.quotas import Quotas
from connectors.simulator.model.sending import content_of
from connectors.simulator.model.tokens import Tokens

TYPING_SECONDS = 15
EXCHANGE_SECONDS = 30
"""Typing may be shown only so long after the last message in either direction."""


class Impossible(Exception):
    """A follower cannot do this, as a person could not do it in WeChat."""


class UnknownFollower(Exception):
    """There is nobody with this openid."""


class Platform:
    """One account's followers, tokens, media, menu and quotas.

    ``on_change`` is told of every follower that changed, ``on_account`` when the account's settings or menu did.
    """

    def __init__(
        self,
        account: Account,
        clock: Clock,
        ids: Ids,
        menu: tuple[Button, ...] = (),
        on_change: Callable[[Follower], None] = lambda follower: None,
        on_account: Callable[["Platform"], None] = lambda platform: None,
    ) -> None:
        self.account = account
        self.clock = clock
        self.ids = ids
        self.on_change = on_change
        self.on_account = on_account
        self.followers: dict[str, Follower] = {}
        self.tokens = Tokens(ids)
        self.media = MediaShelf(ids)
        self.quotas = Quotas.of_account(is_test=account.is_test)
        self.set_menu(menu)

    def create(self, label: str = "") -> Follower:
        """A person with a phone, who does not follow yet."""
        openid = self.ids.openid(self.account.app_id)
        follower = Follower(openid, label or str(len(self.followers) + 1))
        self.followers[openid] = follower
        self.on_change(follower)
        return follower

    def follower(self, openid: str) -> Follower:
        """The person of this openid. Raises UnknownFollower."""
        if openid not in self.followers:
            raise UnknownFollower(openid)
        return self.followers[openid]

    def bind(self, openid: str, member: Member | None) -> None:
        """Bind a membership to the follower, or take it away."""
        follower = self.follower(openid)
        follower.member = member
        self.on_change(follower)

    def mark(self, openid: str, mark: Mark, *, is_set: bool) -> None:
        """Say that custom/send to the follower is refused for this reason, or no longer."""
        follower = self.follower(openid)
        if is_set:
            follower.marks.add(mark)
        else:
            follower.marks.discard(mark)
        self.on_change(follower)

    def change(self, **changes: Any) -> None:
        """Change the account's settings as its owner would in the console; a new key keeps the one before."""
        if "aes_key" in changes:
            changes = {"previous_aes_key": self.account.aes_key, **changes}
        was_test = self.account.is_test
        self.account = replace(self.account, **changes)
        if self.account.is_test != was_test:
            self.quotas = Quotas.of_account(is_test=self.account.is_test)
        self.on_account(self)

    def set_menu(self, menu: tuple[Button, ...]) -> None:
        """Replace the whole menu; each has an id of its own."""
        self.menu, self.menu_id = menu, self.ids.menu()
        self.on_account(self)

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
        self.check("customer_messages")
        follower, now = self._addressed(body), self.clock.now()
        content = content_of(self.account, body, self.has_media)
        follower.allowance = follower.allowance.spent(now)
        line = follower.add(now, "account", content, way="custom")
        self.on_change(follower)
        return line

    def typing(self, body: Mapping[str, Any]) -> None:
        """custom/typing. Raises Refusal."""
        self.check("customer_messages")
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

    def check(self, right: Right) -> None:
        """Raise Refusal 48001 unless the account's kind has the right."""
        if not self.account.may(right):
            raise Refusal(48001)

    @property
    def has_media(self) -> Callable[..., bool]:
        """Whether a media id names a file that is still kept, of one of the kinds given after it."""
        now = self.clock.now()
        return lambda media_id, *kinds: self.media.has(media_id, now, *kinds)

    def _addressed(self, body: Mapping[str, Any]) -> Follower:
        follower = self.followers.get(str(body.get("touser")))
        if follower is None:
            raise Refusal(40003)
        if follower.state == "new":
            raise Refusal(43004)
        for mark, errcode in MARKS.items():
            if mark in follower.marks:
                raise Refusal(errcode)
        return follower
