"""What an account of each kind may do, so that nothing is tried which WeChat would refuse with 48001.

Source: WeChat's page 接口权限说明 and its pages of the single interfaces, as of 2026. Where they differ or say nothing,
the table has no: a capability wrongly missing costs a comfort, one wrongly there costs messages.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Literal

AccountKind = Literal[
    "verified_service",
    "verified_subscription",
    "unverified_service",
    "unverified_subscription",
    "test",
]


class Capability(StrEnum):
    """One thing that WeChat allows an account or not."""

    SEND = "send"  # customer-service messages, by custom/send
    MESSAGE_MENU = "message_menu"  # messages of the type msgmenu
    TYPING = "typing"  # the sign that somebody is typing
    MEDIA = "media"  # fetching what followers sent
    MENU = "menu"  # writing the custom menu
    PERSONAL_MENU = "personal_menu"  # a menu for some followers only
    DESK_OF_WECHAT = "desk_of_wechat"  # agents' accounts and sessions on WeChat's own desk
    USERS = "users"  # the followers' list, tags and remarks
    QR_CODES = "qr_codes"  # codes with a parameter
    LOCATION_EVENTS = "location_events"  # where followers are when they open the chat
    TEMPLATES = "templates"  # template messages
    SUBSCRIPTIONS = "subscriptions"  # notices that a follower has subscribed to
    MASS = "mass"  # one message to all, or to a tag
    MASS_BY_OPENID = "mass_by_openid"  # one message to chosen followers
    WEB_LOGIN = "web_login"  # a follower's identity on web pages
    ARTICLES = "articles"  # drafts and published articles


_C = Capability
_VERIFIED = {_C.SEND, _C.MESSAGE_MENU, _C.TYPING, _C.MEDIA, _C.MENU, _C.PERSONAL_MENU}
_VERIFIED |= {_C.DESK_OF_WECHAT, _C.USERS, _C.SUBSCRIPTIONS, _C.MASS, _C.ARTICLES}
_OF_SERVICES = {_C.QR_CODES, _C.LOCATION_EVENTS, _C.TEMPLATES, _C.MASS_BY_OPENID, _C.WEB_LOGIN}

CAPABILITIES: Mapping[AccountKind, frozenset[Capability]] = {
    "verified_service": frozenset(_VERIFIED | _OF_SERVICES),
    "verified_subscription": frozenset(_VERIFIED),
    # The menu stood open to these in the table of 2019; the pages of 2026 want a verified account.
    "unverified_service": frozenset(),
    "unverified_subscription": frozenset(),
    # Message menus were seen to be refused there (40200).
    "test": frozenset(
        {_C.SEND, _C.TYPING, _C.MEDIA, _C.MENU, _C.USERS, _C.QR_CODES, _C.TEMPLATES, _C.WEB_LOGIN}
    ),
}
"""Everybody may receive pushes, answer them passively and fetch an access token."""

_INSTEAD: Mapping[Capability, str] = {
    _C.SEND: (
        "may not send customer-service messages: what is not ready while WeChat waits reaches the follower"
        " with the next contact, and so do agents' answers"
    ),
    _C.MESSAGE_MENU: "may not send message menus: choices go as numbered text",
    _C.TYPING: "may not show that somebody is typing: a slow answer comes without a sign",
    _C.MEDIA: "may not fetch media: the desk sees pictures only, and neither voice nor video",
    _C.MENU: "may not write its menu over the API: make it in WeChat's console",
}
"""What the product does without a capability that it uses."""


DESK_LIMITS = (
    "While an agent there has a follower, WeChat sends the follower's messages to that desk alone: the bot neither sees"
    " nor answers them, and the transcript here has a gap.",
    "Only the reply to a message can hand over, and it carries no words: after a slow answer, or a tap on the menu, the"
    " follower is asked to type 人工 once more.",
    "Queue, hours, suggestions and ratings of this desk do not exist there; the ledger counts such an enquiry as"
    " no_answer_needed(handed_to_wechat_desk) and cannot tell whether it was answered.",
)
"""What an installation gives up whose people sit at WeChat's own desk, said to the operator at the start."""


def may(kind: AccountKind, capability: Capability) -> bool:
    """Whether an account of this kind has the capability."""
    return capability in CAPABILITIES[kind]


def limits(kind: AccountKind) -> Iterator[str]:
    """What an account of this kind cannot do of all that the product does: one sentence each, for the operator."""
    for capability, instead in _INSTEAD.items():
        if not may(kind, capability):
            yield f"An account of the kind {kind} {instead}."
