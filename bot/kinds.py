"""The kinds of messages and events, and which of them ask for what.

Source: WeChat's pages 接收普通消息, 接收事件推送 and 自定义菜单的事件推送. Events are named in lower case: their
spelling varies in old material. An unknown kind of message is answered kindly, an unknown event is passed over.
"""

from bot.messages import Inbound

STICKER_NOTICE = "【收到不支持的消息类型，暂无法显示】"
"""The text that stands for a sticker, a file and the like (seen in practice, on no official page)."""

MEDIA = frozenset({"image", "voice", "video", "shortvideo"})
"""Messages that a person has to look at, or listen to."""

TAPS = frozenset({"click", "scancode_push", "scancode_waitmsg"})
"""Taps on the menu that open the allowance; no other type of button does."""

CONTACTS = TAPS | {"subscribe", "scan"}
"""Events by which a follower turns to the account."""

PARTINGS = frozenset(
    {"unsubscribe", "user_authorization_revoke", "user_authorization_cancellation"}
)
"""Events after which WeChat wants the follower's data deleted."""

ACCOUNT_NEWS = frozenset(
    {
        "verify_expired",
        "annual_renew",
        "qualification_verify_success",
        "qualification_verify_fail",
        "naming_verify_success",
        "naming_verify_fail",
    }
)
"""What WeChat tells about the account itself: for its operator."""

JOB_RESULTS = frozenset(
    {"templatesendjobfinish", "masssendjobfinish", "publishjobfinish", "subscribe_msg_sent_event"}
)
"""What became of something that was sent or published in the account's name."""


def has_words(message: Inbound) -> bool:
    """Whether there are words that the brain can answer to."""
    return bool(message.text.strip()) and message.text != STICKER_NOTICE


def is_quiet(message: Inbound) -> bool:
    """Whether nobody waits for an answer and nothing changes: a reported place, an opened link, a job's result.

    Such events may come every few seconds from every follower (LOCATION), and are not even stored.
    """
    return message.kind == "event" and message.event not in CONTACTS | PARTINGS


def is_automatic(message: Inbound) -> bool:
    """Whether it is an event that nobody waits to be answered."""
    return message.kind == "event" and message.event not in CONTACTS and not has_words(message)
