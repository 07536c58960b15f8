"""Who is given something, and for which occasion."""

import itertools
import re
from collections.abc import Sequence

from actions.spending import PURSE
from actions.tastes import refuses_kind
from actions.turn import Asked
from bot.brand import Brand, Word
from bot.spelling import bounded, plain

PAST = re.compile(
    r"去年|上次|上回|之前|前年|[送买]过|\b(last (year|time)|already (got|gave|bought))\b"
)
SPEAKS = (
    r"[她他刚又也还都]*(?:说|讲|话|觉得|嫌|建议|已经?买|买了|送了)"
    r"|们?(?:几个|大家)?(?:一起|合伙)?(?:凑|合送|合买|合资|众筹|集资|aa)"
    r"|(?: | also | are )(?:says?|said|thinks?|told|chipping|pooling)"
)
"""Right after who has an opinion, has given something, or gives together with the follower."""
HAS_WISH = re.compile(
    r"想要|[说讲]要|喜欢|要[一两几条件个支只块]|\b(wants?|would like|loves?)\b|'d (love|like)\b"
)
"""我妈说她想要条丝巾: who has a wish of their own gets it."""
GIVES = r"(?:给|送|帮|畀|俾|为|替|for (?:my )?)"
CELEBRATED = {"new_baby": "newborn_family", "meeting_parents": "parents"}
"""Who is given something on occasions that are told by naming others: 俺儿媳妇刚生了个闺女, 上女朋友家."""
CHILDREN = frozenset({"son", "daughter", "child"})
WOMEN = frozenset({"woman", "wife", "girlfriend", "mother", "daughter", "sister", "friend_female"})
MEN = frozenset({"man", "husband", "boyfriend", "father", "son", "brother", "friend_male"})
"""Recipients by whom a gift is known to be for the one or for the other."""
SEXES = {"woman": "she", "man": "he"}
SHE = re.compile(
    r"她(?![妈爸老男女儿家们]|对象)|女(领导|老板|老细|波士|老总|上司|同事|老师|客户|经理|主管|生|士|性)|(?<![子儿孙])(?<!我是)女的|\b(she|her|ladies|girly|feminine|female|woman)\b"
)
HE = re.compile(
    r"(?<![其吉])他(?![妈爸老男女儿家们]|对象)|男(领导|老板|老细|波士|老总|上司|同事|老师|客户|经理|主管|生|士|性)|(?<!我是)男的|\b(he|him|his|gents?|manly|masculine|male|man)\b"
)
"""Tell of a boss or a colleague what the word for them does not."""
GIVEN = re.compile(r"[送给畀][他她佢](?![们妈爸家])|\b(for|give) (him|her)\b")
TREAT = re.compile(
    r"(犒[劳赏]|奖励|宠|送|慰劳)一?下?我?自己(?![的家老妈爸女男儿]|对象|同|闺|领导|朋友|客户|员工|团队)"
    r"|\btreat (for )?myself\b"
)


ANNIVERSARY = "anniversary"
YEARS = re.compile(r"(结婚|恋爱|在一起|拍拖)[^,。?]{0,6}(周年|年了|年整|纪念)")
"""结婚20周年 is no wedding."""


def recipient_in(brand: Brand, asked: Asked) -> str | None:
    """The id of who is given something, by the message, else as told before; None for one unknown to the brand."""
    id = _recipient(brand, asked)
    return id if id in brand.recipient else None


def _recipient(brand: Brand, asked: Asked) -> str | None:
    """升主管了，犒劳自己 names the boss by chance, and 闺蜜刚生 给小娃的 the friend."""
    text, kept = plain(asked.text), asked.kept("recipient")
    if TREAT.search(text):
        return "self"
    words = [brand.recipient[id] for id in asked.said("recipient") if id in brand.recipient]
    said = [word for word in words if not _speaks(word, text)]
    if {word.id for word in said} == SEXES.keys():
        # 不知道男孩女孩 names neither.
        said = []
    given = (word.id for word in said if (kept or len(said) > 1) and _is_given(word, text))
    if said and kept == CELEBRATED["new_baby"] and {word.id for word in said} <= CHILDREN:
        # 不是女儿，是儿子, of a newborn.
        return kept
    found = _relative(said, text) or next(given, None) or _celebrated(brand, asked)
    if found or not kept:
        return found or next((word.id for word in said), None)
    # 手镯她婆婆已经买了 tells who has bought one, and 她是女生 more of the same person.
    is_aside = refuses_kind(brand, asked) or _tells_sex(said, kept)
    return kept if is_aside else next((word.id for word in said), kept)


def _celebrated(brand: Brand, asked: Asked) -> str | None:
    """带男朋友见父母，我送他什么 names who is given something; 上女朋友家 does not."""
    if GIVEN.search(plain(asked.text)):
        return None
    ids = (CELEBRATED.get(occasion) for occasion in asked.said("occasion"))
    return next((id for id in ids if id in brand.recipient), None)


def _tells_sex(said: Sequence[Word], kept: str) -> bool:
    """Whether nobody else is named than a woman or a man, which the one spoken of may be."""
    ids = {word.id for word in said}
    is_other = (kept in MEN and "woman" in ids) or (kept in WOMEN and "man" in ids)
    return bool(ids) and ids <= SEXES.keys() and not is_other


def _speaks(word: Word, text: str) -> bool:
    """我老公说最多两千, my wife thinks it is too much: who has an opinion, and gets nothing."""
    names = _names(word)
    is_given = re.search(rf"{GIVES}[我她他]?(?:{names})", text)
    return bool(re.search(rf"(?:{names})(?:{SPEAKS})", text)) and not (
        is_given or HAS_WISH.search(text)
    )


def _relative(words: Sequence[Word], text: str) -> str | None:
    """男朋友他妈妈, my husband's mum: the second one, who is named by the first."""
    pairs = itertools.pairwise(words)
    owned = (
        b.id
        for a, b in pairs
        if re.search(rf"(?:{_names(a)})(?:他|她|的|家|'s ?)*(?:{_names(b)})", text)
    )
    return next(owned, None)


def _names(word: Word) -> str:
    return "|".join(bounded(plain(name)) for name in (*word.names.values(), *word.also))


def _is_given(word: Word, text: str) -> bool:
    names = _names(word)
    return bool(
        re.search(rf"(?:给|送|畀)[我他她]?家?的?小?(?:{names})|\bfor (?:\w+ )?(?:{names})", text)
    )


def sex_in(asked: Asked) -> str | None:
    """What the message tells, else what was told before, unless it names somebody else."""
    text, said = plain(asked.text), asked.said("recipient")
    if of_word := next((SEXES[id] for id in said if id in SEXES), None):
        return of_word
    is_she, is_he = bool(SHE.search(text)), bool(HE.search(text))
    if is_she != is_he:
        return "she" if is_she else "he"
    return None if said else asked.kept("sex")


def occasion_in(brand: Brand, asked: Asked) -> str | None:
    """The id of the occasion, read alike."""
    id = _occasion(brand, asked)
    return id if id in brand.occasion else None


def _occasion(brand: Brand, asked: Asked) -> str | None:
    """太贵了我刚毕业 tells of the purse, and 去年纪念日送过 of the past, not of what is celebrated."""
    kept, text = asked.kept("occasion"), plain(asked.text)
    is_aside = PURSE.search(text) or PAST.search(text) or refuses_kind(brand, asked)
    if kept and is_aside:
        return kept
    is_other = bool(set(asked.said("occasion")) - {"wedding", ANNIVERSARY})
    is_of_years = YEARS.search(text) and ANNIVERSARY in brand.occasion and not is_other
    return ANNIVERSARY if is_of_years else asked.known("occasion")
