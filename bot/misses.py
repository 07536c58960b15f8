"""What the bot did not know: recent messages, masked and grouped, as a file for trainers to label."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.corpus import Example
from bot.normalizing import normalized

UNSURE, OUTSIDE, MARKED = "unsure", "out_of_scope", "marked"

REASONS = {
    MARKED: "同事说机器人该会的；右边是同事当时的回答 · a colleague says that the bot should know these",
    UNSURE: "机器人没把握 · the bot was not sure",
    OUTSIDE: "机器人当作闲聊、没有回答 · taken for out of scope",
}
"""Why a message is in the file, in the order of the file."""

HEAD = """\
# 机器人没答好的话。每一段：先看机器人的猜测（intent 后面），改成对的意图名；不要的话整行删掉。
# 改完把文件移到 nlu_data/nlu/，再运行 make train。手机号、订单号等已经盖住（＊）。
# What the bot did not know. Put the right intent behind `intent:`, delete the lines that teach nothing, move the file
# into nlu_data/nlu/ and run `make train`. Phones, order numbers and the like are masked (＊).
version: "3.1"

nlu:
"""

_MASKED = re.compile(
    # E-mails. They begin where a word begins, else a long word is read anew from each of its letters; so each one has
    # to take its last word whole, and what hangs on that as well.
    r"(?<![\w.+-])[\w.+-]+(?:@[\w-]+\.[\w.+-]+)+"
    r"|(?:https?://|www\.)\S+"
    r"|(?<![a-z0-9])(?:[a-z]{1,4}-?)?\d[\d -]{5,}\d(?![a-z0-9])",  # phones, orders, cards
    re.IGNORECASE,
)
_ADDRESSED = re.compile(r"(?:我叫|我是|姓名|收件人)[:： ]?[\u4e00-\u9fff]{2,4}(?=[，,。 ]|$)")


@dataclass(frozen=True)
class Miss:
    """A message that was not answered well: why, what the bot would have guessed, what an agent answered."""

    text: str
    reason: str
    guess: str = ""
    answer: str = ""


def masked(text: str) -> str:
    """``text`` in one line without what tells who wrote it."""
    return _ADDRESSED.sub("＊", _MASKED.sub("＊", " ".join(text.split())))


def worth_labelling(misses: Iterable[Miss], known: Sequence[Example]) -> list[Miss]:
    """Each message once, the most telling reason first, without what is labelled already or says nothing."""
    labelled = {normalized(example.text) for example in known}
    order = list(REASONS)
    found: dict[str, Miss] = {}
    for miss in sorted(misses, key=lambda each: order.index(each.reason)):
        text = masked(miss.text)
        form = normalized(text)
        if form not in labelled and any(map(str.isalpha, form)):
            found.setdefault(form, Miss(text, miss.reason, miss.guess, masked(miss.answer)))
    return list(found.values())


def as_yaml(misses: Sequence[Miss]) -> str:
    """The file: a block for each reason and guess."""
    groups: dict[tuple[str, str], list[Miss]] = defaultdict(list)
    for miss in misses:
        groups[miss.reason, miss.guess].append(miss)
    order = list(REASONS)
    keys = sorted(groups, key=lambda key: (order.index(key[0]), -len(groups[key]), key[1]))
    return HEAD + "\n".join(line for key in keys for line in _block(*key, groups[key]))


def _block(reason: str, guess: str, misses: Sequence[Miss]) -> Iterator[str]:
    yield f"  # {REASONS[reason]}"
    for miss in misses:
        if miss.answer:
            yield f"  #   {miss.text} → {miss.answer}"
    yield f"  - intent: {guess or '???'}"
    yield "    examples: |"
    yield from (f"      - {miss.text}" for miss in misses)
    yield ""
