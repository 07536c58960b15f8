"""Details of an answer: what is told instead of the whole of it when a message asks of just them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.measures import WORDINGS, measured, shown
from bot.normalizing import LONGEST
from bot.spelling import bounded, plain

MOST = 3
"""A message that asks of more details at once gets the whole answer."""

GAP = "…"
"""In the trainers' words: a few characters of any kind."""

_ANY = r"[^.,;?!。；]{0,6}?"

_FILLERS = re.compile(
    r"[\W_]|直接|[在那这咁噉要是有没冇得能可以会唔不都也还就再又先给让用付出收到拿来好算我你您们咱佢的嘅了么吗呢吧啊呀啦喔哦嘛咩]"
    r"|哪[里儿]|边度|多少|几[多钱点块]?|怎么[样办]?|点样?|什么|啥|时候|几时|咩|谁|边个|如果|假如|万一|请问|告诉|讲|说|知道|一般|大概|最[多少快晚]|行|钱|元|块|天|想|问"
    r"|\b(and|or|so|then|what|who|how|much|many|long|about|if|is|are|it|do|does|did|i|me|my|you|your|they|we|the|a|an|for|to"
    r"|same|too|there|store|shop|of|on|in|at|can|could|will|would|with|that|this|there|any|be|have|has|please|also|pays?|cost|takes?)\b"
)
"""What may stand around the words of a detail where nothing else is asked: 运费算谁的, and who pays the postage."""


@dataclass(frozen=True)
class Case:
    """What holds for a quantity of at most ``most``, of any if None; ``texts``: by language, with {n} for it."""

    most: float | None
    texts: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Detail:
    """``words`` finds what asks of it, in ``plain`` spelling; ``texts``: by language, none for the whole answer.

    ``cases``: by measure (see ``bot.measures``) what is told to who names a quantity, smallest first.
    """

    words: "re.Pattern[str]"
    texts: Mapping[str, str]
    cases: Mapping[str, Sequence[Case]] = field(default_factory=dict)

    def told(self, text: str, language: str) -> str:
        """What is told to a message; ``{n}`` is already filled in."""
        for measure, cases in self.cases.items():
            quantity = measured(measure, text)
            if quantity is None:
                continue
            for case in cases:
                if case.most is None or quantity <= case.most:
                    return case.texts[language].replace("{n}", shown(measure, quantity))
        return self.texts[language]

    def is_measured_in(self, text: str) -> bool:
        """Whether a message names a quantity that this detail has cases for."""
        return any(measured(measure, text) is not None for measure in self.cases)

    def counts_in(self, text: str) -> bool:
        """Whether a message tells how long a wording is that this detail has a limit for."""
        return any(measured(each, text) is not None for each in WORDINGS if each in self.cases)


def pattern_of(words: Sequence[str]) -> "re.Pattern[str]":
    """What finds any of the words, a longer one before a shorter one that begins it."""
    return re.compile("|".join(map(_found, sorted(words, key=len, reverse=True))))


def asked_for(details: Sequence[Detail], text: str) -> list[Detail]:
    """Those that a message asks of, in its order; none if there are more than ``MOST``, or it asks of the whole.

    Who uses no word of any, but names a quantity, asks what holds for that: 五个月了还能开吗. A message too long to be
    understood in whole is a story, and gets the whole answer.
    """
    if len(text) > LONGEST:
        return []
    spelling = plain(text)
    found = {
        detail: match.start() for detail in details if (match := detail.words.search(spelling))
    }
    if not found:
        return [detail for detail in details if detail.is_measured_in(text)][:1]
    # 刻名字加日期 六个字 行不行: what is counted may be too long, whatever else is asked.
    counted = (each for each in details if each not in found and each.counts_in(text))
    found |= dict.fromkeys(counted, len(spelling))
    is_whole = any(not detail.texts for detail in found)
    return [] if is_whole or len(found) > MOST else sorted(found, key=found.__getitem__)


def is_all(details: Sequence[Detail], text: str) -> bool:
    """Whether a message asks of details and says nothing else, so that only they can tell what it is about."""
    rest = spelling = plain(text)
    for detail in asked_for(details, text):
        rest = detail.words.sub(" ", rest)
    return rest != spelling and not _FILLERS.sub("", rest)


def _found(word: str) -> str:
    return _unless_either(word) + _ANY.join(
        bounded(plain(part)) for part in word.split(GAP) if part
    )


def _unless_either(word: str) -> str:
    """What must not stand before a word that begins with a no: 没有证书 is not in 有没有证书."""
    doubled = {"没": "有", "不": word[1:2], "唔": word[1:2]}.get(word[0])
    return f"(?<!{re.escape(doubled)})" if doubled else ""
