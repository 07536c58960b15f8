"""Forgetting a follower: what ends in the ledger, and who has to erase what.

Every forgetting has two passes. The first takes the follower from whoever works on it and erases everything at once;
the second, a little later, erases what a turn that was already running may have written after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.change import Change, finish, open_enquiry, settle
from bot.clock import Clock
from bot.conversation import Conversation, Speaker
from bot.enquiry import Outcome
from bot.messages import Delivery, Inbound
from bot.ports import Brain, Conflict, Media, Store

LEAVING = {
    "unsubscribe": "unfollowed",
    "user_authorization_revoke": "consent_withdrawn",
    "user_authorization_cancellation": "account_cancelled",
}
"""How open enquiries end by the events ``bot.kinds.PARTINGS``."""

ON_REQUEST = "forgotten"
"""How open enquiries end when somebody has the follower forgotten."""


def gone(change: Change, message: Inbound, now: float) -> Change:
    """The follower has left by one of the PARTINGS: everything open ends, and the data wait to be erased.

    ``since`` becomes the moment up to which messages of the follower are no longer to be answered: that of an unfollow,
    for WeChat may push an older message after it; else 0.0, for who withdraws a consent may still follow.
    """
    change = _ended(change, LEAVING[message.event], now)
    since = message.sent_at if message.event == "unsubscribe" else 0.0
    left = replace(
        change.conversation,
        speaker=Speaker.BOT,
        agent=None,
        reason=None,
        since=since,
        is_following=False,
    )
    return change.updated(left)


def on_request(conversation: Conversation, unread: Sequence[Inbound], now: float) -> Change:
    """All that is open ends, the messages that nobody has read yet included: they were accepted."""
    change = Change(conversation)
    for message in unread:
        if message.kind != "event":
            change, _ = open_enquiry(change, now)
    return _ended(change, ON_REQUEST, now)


def _ended(change: Change, reason: str, now: float) -> Change:
    ids = [enquiry.id for enquiry in change.conversation.enquiries]
    change = settle(change, ids, Outcome.UNDELIVERABLE, now, reason)
    for bubble in change.conversation.outbox:
        change = finish(change, bubble, Delivery.REFUSED, now)
    return change


@dataclass(frozen=True)
class Forgetting:
    """Erases followers."""

    store: Store
    brain: Brain
    media: Media
    clock: Clock

    async def after_leaving(self, conversation: Conversation, worker: str) -> None:
        """Erase one who has left; what came in after the leaving stays. Raises Conflict and LeaseLost."""
        await self.store.forget(conversation, self.clock.now(), worker=worker)
        await self._elsewhere(conversation)

    async def on_request(self, openid: str) -> int:
        """Erase a follower now, whoever works on the follower: how many keys were erased."""
        while True:
            conversation = (await self.store.load(openid)).conversation
            unread = await self.store.unread(openid)
            now = self.clock.now()
            change = on_request(conversation, unread, now)
            try:
                erased = await self.store.forget(
                    conversation, now, entries=change.entries, unread=len(unread)
                )
            except Conflict:
                continue
            await self._elsewhere(conversation)
            return erased

    async def second_passes(self) -> int:
        """Do the second pass for all whose time for it has come: how many those were."""
        due = await self.store.half_forgotten(self.clock.now())
        for openid in due:
            work = await self.store.load(openid)
            has_come_back = bool(work.messages) or work.conversation.version > 0
            await self._elsewhere(work.conversation, with_media=not has_come_back)
            await self.store.forget_rest(openid, self.clock.now())
        return len(due)

    async def _elsewhere(self, conversation: Conversation, *, with_media: bool = True) -> None:
        await self.brain.forget(conversation.account, conversation.openid)
        if with_media:
            await self.media.erase(conversation.openid)
