"""Quick bubbles of one thought: which messages are read as one, and how long the next bubble is waited for.

A follower who writes 「在吗」 「上海店」 「周末几点关门」 asks one question. A sentence that is complete does not wait;
a greeting, an announcement or a fragment waits a moment for what follows it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.conversation import Conversation, Speaker
from bot.enquiry import Stage
from bot.messages import Inbound
from bot.normalizing import normalized

FRAGMENT_SECONDS = 0.8
"""After a fragment: typing a few more characters takes about so long."""

OPENING_SECONDS = 1.5
"""After a greeting, an announcement or a comma: the question itself is still to come."""

MOST_BUBBLES = 10
"""More are not one thought."""

COMPLETE_LENGTH = 10
"""A text of so many Chinese characters, or a third as many words of other scripts, says something by itself."""

_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]+")
_CHARACTER = re.compile(r"[\u3400-\u9fff]")

_ENDED = re.compile(r"[?!。.;~…]\s*$")
_GOES_ON = re.compile(
    r"(?:[,、:]|还有|另外|然后|以及|就是|因为|但是|不过|如果|比如|\b(?:and|but|or|because|if|also))\s*$"
)
_OPENING = re.compile(
    r"(?:你好|您好|哈喽|哈啰|嗨|在吗|在么|在嘛|在不在|有人吗|有人在吗|亲|早|早上好|下午好|晚上好|客服|小助手|"
    r"hi|hello|hey|good (?:morning|afternoon|evening)|excuse me|你好呀|您好呀)?[,\s]*"
    r"(?:(?:我)?(?:想|要)?(?:请)?(?:问|咨询|请教|打听|麻烦)(?:一下|下|个问题|你个问题|您个问题|你|您)?(?:吗)?|"
    r"有个问题|question|i have a question|may i ask)?"
)
_ASKS = re.compile(
    r"[吗么呢咩]|几|哪|什么|啥|怎|多少|多[大长久远高]|如何|为何|谁|能不能|可不可以|可以|有没有|有无|是不是|会不会|要不要|"
    r"\b(?:what|when|where|which|who|why|how|can|could|do|does|did|is|are|will|would|may)\b"
)
_WISH = re.compile(
    r"(?:转|找|要|叫|换)?(?:人工|真人|客服)|取消|不等了|退出|投诉|退款|退货|human|cancel|agent"
)
_REACTION = re.compile(
    r"(?:好的?|好滴|嗯+|哦+|噢|行|可以|不用了?|不要|不是|是的?|对的?|没有|有|ok|okay|yes|no|"
    r"thanks?|thank you|谢谢.{0,4}|感谢|多谢|再见|拜拜|bye|[\d\W_]+)"
)


def thought(
    conversation: Conversation, waiting: Sequence[Inbound], most_seconds: float
) -> tuple[Inbound, ...]:
    """The oldest of the ``waiting`` messages and those after it that are read with it as one; never empty.

    Words are read together while the bot speaks, up to a complete sentence, if they came within ``most_seconds``;
    pictures and the like always, as one album.
    """
    together = [waiting[0]]
    for message in waiting[1:MOST_BUBBLES]:
        if not _continues(conversation, together, message, most_seconds):
            break
        together.append(message)
    return tuple(together)


def joined(bubbles: Sequence[Inbound]) -> Inbound:
    """The bubbles as one message: the last to come, which gets the answer, with the words of all as they were typed."""
    typed = sorted(bubbles, key=lambda each: (each.sent_at, len(each.key), each.key))
    return replace(bubbles[-1], text="\n".join(each.text for each in typed if each.text))


def pause(
    conversation: Conversation, waiting: Sequence[Inbound], now: float, most_seconds: float
) -> float:
    """How many seconds the next bubble is worth waiting for; 0.0 when the thought is complete or time is up.

    ``most_seconds``: never longer than so after the first bubble came in.
    """
    bubbles = thought(conversation, waiting, most_seconds)
    last = bubbles[-1]
    if len(bubbles) < len(waiting) or len(bubbles) == MOST_BUBBLES:
        return 0.0
    if not _is_read(conversation, last) or conversation.enquiries_at(Stage.ASKED):
        # Not for the bot to read, or the answer to what it asked.
        return 0.0
    end = min(
        bubbles[0].received_at + most_seconds,
        last.received_at + seconds_after(last.text),
    )
    return max(0.0, end - now)


def seconds_after(text: str) -> float:
    """How long a bubble with this text waits for the next one; 0.0 after a complete sentence."""
    plain = normalized(text)
    bare = plain.rstrip("!.?~。, ")
    if _GOES_ON.search(plain) or (bare and _OPENING.fullmatch(bare)):
        return OPENING_SECONDS
    is_complete = (
        len(_CHARACTER.findall(plain)) + 3 * len(_WORD.findall(plain)) >= COMPLETE_LENGTH
        or _ENDED.search(plain)
        or _ASKS.search(plain)
        or _WISH.search(plain)
        or _REACTION.fullmatch(plain)
    )
    return 0.0 if is_complete else FRAGMENT_SECONDS


def _continues(
    conversation: Conversation, before: Sequence[Inbound], message: Inbound, most_seconds: float
) -> bool:
    first, last = before[0], before[-1]
    if message.kind != first.kind or first.kind == "event":
        return False
    if first.kind != "text":
        return True
    is_read = _is_read(conversation, first) and _is_read(conversation, message)
    is_quick = message.received_at < first.received_at + most_seconds and most_seconds > 0
    return is_read and is_quick and seconds_after(last.text) > 0


def _is_read(conversation: Conversation, message: Inbound) -> bool:
    """Whether the bot reads it as words, typed and not tapped."""
    is_typed = message.kind == "text" and message.choice_id is None
    return is_typed and conversation.speaker is Speaker.BOT
