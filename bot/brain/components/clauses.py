"""The clauses of a message, and what their form says: whether they ask, refuse, or put something aside."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.intents import QUIET
from bot.spelling import plain

SURE = 0.6
"""A clause is taken for a question of its own from this probability on."""

MOST_CLAUSES = 8
"""More than these are a story, which is read as a whole."""

_STOP = re.compile(
    r"[。．！？!?;；，,、\n~～…\U0001f000-\U0001faff\u2600-\u27bf]+"
    # A space between Chinese words is where others write a comma.
    r"|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])"
    r"|\.(?=\s|$)"
    r"|(?<=[a-z]):(?= )"
)
_LINK = re.compile(
    # 要另外收钱吗 is one question; 怎么弄啊还有几点关门 and 有货吗多少钱 are two.
    r"(?<![要会會需得再])(?=另外)|(?<=[啊呢吗嗎么麼吧呀])(?=还有(?!货)|還有(?!貨))|(?<=[吗嗎])(?=\s?[^\W_]{2})"
    r"|(?=還有就|还有就|还有一个|還有一個|然后|然後|顺便|順便|再问|再問|同埋|仲有|以及|对了|對了|还想|還想)"
    r"|\b(?=(?:and|also|btw|by the way|plus)\b)",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    # 是不是要重新注册 asks.
    r"(?!是不是)(?:我|偶|俺)?(?:是|都|又|也|並|并|可|就)?(?:不(?:是|想|要|用|需要|打算|問|问)|没(?:想|要|问)|沒(?:想|要|問)|[別别](?![的人家处處])|唔(?:係|想|使|要))"
    r"|(?:i(?:['’]m| am)? )?(?:not|don['’]?t|dun|do not|no need)\b"
    r"|(?:(?:please|pls|just) )?(?:skip|spare|scrap|forget|never ?mind|leave out|enough (?:of|with|about))\b",
    re.IGNORECASE,
)
_WAVED_OFF = re.compile(
    # 退什么退, 送她什么送, 还注册个啥, 我啥时候要退了, and what the follower knows: 怎么下单我会.
    r"(\w{1,2})[你我他她它]?(?:什么|啥|乜)\1"
    r"|还[^\W有]{1,4}个(?:啥|什么|鬼|毛线?)[呀啊呢]*$|[我咱](?:啥|什么|几)时候?(?:说过?|要).{1,8}[了过]$"
    r"|(?<![让给叫])我(?:自己|都|也|早就?)*(?:会|晓得|知道|懂|清楚|有数)[了的啦啊呀嘛哈噻]*$"
    r"|^我(?:早就?|都|也)?(?:知道|晓得|清楚)(?!.*[吗呢咩?])"
    r"|自己(?!.*(?:[吗呢咩?]|怎么|能不能)).{0,6}(?:看得[见到]|查得到|会[看查]|能[看查])"
    # What is of no weight, or done with.
    r"|(?:统统|通通|都|全部?|一概)[不唔]要[了啦]*$|不是重点|无所谓[了啦啊的呀]*$|(?:结案|跳过|略过)[了吧吗好啦嘛]*$|(?:以后|改天|回头)再说|不麻烦[你您]"
    r"|[别甭](?:[跟同给]我)?(?:再?[说提讲问查发])了?[吧啦哈啊呀]*$|\bignore (?:my|that|the|it)\b"
    r"|^(?:我哪有|没人|冇人|谁)(?:在)?(?:问|说要)|\bcan (?:drop|skip)\b"
    # 日子不改了, and not 盒子打不开了 or 表不走了.
    # 怎么还不退 complains of what was not done.
    r"|^(?!.*(?:怎么|为[什啥何]|咋)).*(?<![打推拉登找收看还迟总老直])[不唔甭]再?(?:用|改|寄|刻|弄|约|退|换|买|办|升|修|包|送|入|领|报|撤|催)[了喇啦嘞哈吧嘛]*$"
    # 修就不修了, 投诉倒不至于, 人工太慢了不转, 发票不用了, 禮盒不用.
    r"|^(\w{1,2})就?不\2了[吧啦哈]*$|(?:倒|还)(?:不至于|谈不上)[了吧啦]*$"
    r"|(?:人工|客服|真人).{0,6}不转[了啦吧]*$"
    r"|^(?!.*(?:怎么|为[什啥何]|咋|[吗么呢]))[\u4e00-\u9fff]{2,8}(?<![能可])(?:不用|不必|唔使|免)[了啦喇啊呀哈吧]*$"
    # 没货就没货吧.
    r"|^(?P<left>没\w{1,3})就(?P=left)"
    r"|^i (?:already |do )?know\b",
    re.IGNORECASE,
)
_DEED = (
    r"(?:删|取消|注销|改|换|退(?!出)|转|推|寄|发|约|预约|预定|刻|包(?!邮)|开(?!车|门)|查|问|教|催|注册|登记|入会|办|送|动|修|撤|安排|介绍|投诉"
    r"|cancel|delete|book|refund|change)(?![错晚漏坏丢反不])"
)
"""What is done for followers, and what they may not want."""

_FORBIDDEN = re.compile(
    # Whoever asks, or tells of a condition, forbids nothing: 不用预约可以直接去吗.
    r"^(?!.*(?:怎么|为[什啥何]|咋|凭啥|难道|[吗么呢嘛?？]|[能可会要是]不[能可会要是]|不然|否则|的话|就行|可以|能))"
    r".{0,12}?(?:"
    r"(?<![特区级分性差类鉴识辨告道离个送])(?:别(?![的人家处])|甭|莫|咪|唔好|唔使|不要|不用|不必|勿)"
    r"(?:再|老|总|先|重复|[给帮替让叫教]?[我俺咱]们?|[给帮替让叫教]人|你们?)*(?:把.{1,8}?)?"
    rf"|(?:^|[我俺偶咱先])(?:先|就|也|并|暂时|暂且)?(?:不(?:想|要|打算|准备)?|[没冇](?:想|要|打算|[说话]过?要))"
    r"|(?:不是|唔系|用不着)(?:来|要|想|在|说)?(?:找个?人|问|催)?"
    rf"){_DEED}"
    r"|^(?:(?:please|pls|kindly|so|just|no|and|but|oh|hey)[, ]+)*"
    r"(?:you )?(?:do not|don'?t|dun|never(?! (?:got|get|received?|had|even))|no need to)(?! (?:you|they|we)\b)(?!.*\?)"
    r"(?: \w+){0,2}?"
    r" (?:delete|cancel|change|reschedule|track|check|book|send|ship|wrap|engrave|fix|repair|refund|transfer|call"
    r"|close|remove|sign|put|connect|pass)\b"
    r"|\bi(?:'m| am) not (?:cancel|resched|return|complain|chang|book|ask(?!ing you)|look|sign)\w*ing\b"
    r"|\bhold off\b|^no more \w+(?!.*(?:\?| in | left))|\bwon'?t be (?:claim|need|com|return|us|tak)\w*ing\b"
)
"""我的资料先别删, pls dont book anything: forbids what is done for followers."""

_KEEPS = re.compile(
    r"(?:(?<![特区级分性差类鉴识辨])别(?![的人家处])|甭|莫|咪|唔好|不要|不用|先不|勿)[^了的,，。!！]{0,4}"
    r"(?:删|注销|清空|销户|取消|撤|退单|cancel)"
    r"|(?<![能可会要没])不(?:删|注销|取消|撤|cancel)[了啊呀哈啦]*(?=\W|$)|[没冇][说话]过?要(?:删|注销|取消|撤)"
    r"|\b(?:not|don'?t|never|no need to)(?: \w+)? (?:delete|close|remove|erase|cancel)\b"
)
"""我的资料先别删, 别给我cancel: what is there shall stay."""

_REFUSES = re.compile(
    r"(?:那|先|就|千万|麻烦|求求?你们?|拜托|我|偶|俺|这个)*"
    r"(?:不(?:用|要|想|需要|打算|考虑|劳|必)|没(?:想|要|打算|说要|有要)|[别甭莫咪](?![的人家处])|免"
    r"|唔(?:使|要|想|洗)|毋须|无需|谁要|谁说要)"
    r"|(?:(?:please|pls|plz|sorry|no|nah|so|just|but|hey)[, ]+)*(?:i(?:'m| am)? )?(?:really )?"
    r"(?:(?:not|don'?t|dun|do not|never)(?: even)? (?:want|need|wanna|send|put|book|fix|bother|transfer|connect"
    r"|call|cancel|change|give|tell|pass|refund|wrap|engrave|ship|gonna|looking|interested|asking|going)"
    r"|no need|no more|skip|never ?mind|forget|spare|scrap|leave out)\b"
)
_ASKED = re.compile(
    r"[^\W\d我你他她它咱要并並绝絕从從都也就才偏死决決不然定說说是還还]不[呀啊呐]?[?？~～]*$"
)
"""开车去方便不: a 不 that ends a clause asks, as it does in the north."""

_EITHER_WAY = re.compile(
    # 补不补我, 给没给别人, 带证书不带; 能不能别烦我 is none.
    r"(?!好不好|行不行|能不能|可不可|是不是|要不要|得不得了)([\u4e00-\u9fff])(?:[不没沒]|[\u4e00-\u9fff]{1,3}不)\1"
    # 有折扣没有.
    r"|有[^\W\d没]{1,6}[没沒]有?[呀啊?？~～]*$"
)
_REQUEST = re.compile(
    r"(?<![那这這好没沒])[几幾]|[?？吗嗎么麼呢怎咋啥谁誰咩乜邊点點]|哪(?!至于|至於|敢|有空)|多[久少大长長]"
    r"|就想|只想|想[让問问知]|想[睇看查]一?下|你就说|什[么麼]|为何|為何|如何|(\w)不\1|[有是能会會]没[有]?|有冇"
    r"|(?:能|可|行|得|成|够|夠)不|得唔得|可唔可以|係咪|问|問|帮|幫|麻烦|麻煩|请|請|求|我[要想]|我就要|想[要知]|需要|得要"
    r"|给我|給我|畀我|[给給俾畀][个個]|[找搵][个個]人|加[个個上]|就好|就行|把.{1,8}[给給退换換寄发發改开開]|[先就].{1,4}吧|换成|換成|改成|转|轉|^\W*要(?!不|是)"
    r"|有.{1,6}没[?？~～]*$"
    r"|\b(?:(?:what|how|where|when|who)(?:['’]?s)?|which|why|want|need|pls|please|help|tell|any)\b"
    # What is added is wanted, whatever its form: 同埋攞返張單據, 还有快递也没见动.
    r"|^\W*(?:还有(?!\d|[几两三四五六七八九十半])|還有(?!\d|[幾兩三四五六七八九十半])|另外|顺便|順便|同埋|仲有|also\b|plus\b)"
    r"|\b(?:can|could|would|will|do|does|is|are|shall|may) (?:i|you|u|we|it|there|they|this|that|the|my|your)\b"
    r"|^\W*(?:can|could|would|will|do|does|did|is|are|just (?!answer|brows|look|ask))\b",
    re.IGNORECASE,
)

_QUESTION = re.compile(
    r"[?？吗嗎么麼呢怎咋啥谁誰哪几幾咩]|多[久少大长長]|什[么麼]|(\w)[不唔]\1|[有能可会會].?[没沒冇]有?"
    r"|\b(?:(?:what|how|where|when|who)(?:['’]?s)?|which|why|can|could|do|does|is|are|will)\b",
    re.IGNORECASE,
)

_DEMAND = re.compile(
    # 发货了没, 有折扣没有, 寄出未, 收唔收银联, 不合适能退吧.
    r"[了有好到完出]没有?(?=\W|$)|[没冇]有?[?？~～]*$|未[呀啊㗎呢]?[?？~～]*$|吧[?？~～]*$|(\w)[唔]\1|到底"
    # 取消一下, 想约周六, 电话给一个, 把我号码删了, 顺便压个名字.
    r"|一?下[吧哈呗啦嘛]?[~～]*$|想(?=[约約换換改取退订訂买買预預修整刻查看睇搵加投送])|[要得](?=[换換退订訂取改预預])"
    r"|[发發给給报報寄补補开開][我返]?(?:[个個张張份]|一[个個下张份])|把.{1,10}[删刪取撤]|[叫让][个個]"
    r"|^\W*(?:再|顺便|順便|然后|然後|直接|快|赶紧)?"
    r"(?:查|取消|改|换|換|开|重新|补|補|推荐|推薦|介绍|安排|顺便|順便|送|约|約|訂|订)"
    r"|^\W*(?:(?:and|then|also|so|hi|hello|hey) )*(?:(?:please|pls|just) )*"
    r"(?:cancel|give|send|recommend|add|change|check|book|tell|show|track|refund|looking for|looking to)\b"
    r"|\bi(?:['’]| woul)d like\b|\b(?:just|please|pls) (?:cancel|check|send|give|call|change)\b",
    re.IGNORECASE,
)
"""Wishes and questions without a word that asks, as people state them."""

_CONDITION = re.compile(
    r"(?:要是|如果|假如|万一|萬一|若|if\b)"
    # A condition with a question in it is a question.
    r"(?!.*(?:[吗嗎么咩呢几幾哪咋啥怎]|多[久少]|什么|什麼|能不能|可以|可唔可以|\b(?:can|could|do|does|is|are|will|how|what)\b))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clause:
    """A piece of a message between two stops, where it stands, and the likeliest intent it has by itself.

    ``refusal``: how probably it says what is not wanted; ``is_refused``: whether it is taken for that, or a condition;
    ``is_request``: whether it has a word that asks or wishes, ``is_question``: one that asks, ``is_demand``: whether it
    is stated as a wish;
    ``is_waved_off``: whether it has the form of what is put aside; ``about``: its likeliest intent, a refusal apart.
    """

    start: int
    end: int
    intent: str
    confidence: float
    is_refused: bool = False
    refusal: float = 0.0
    is_request: bool = True
    is_waved_off: bool = False
    about: str = ""
    is_demand: bool = False
    is_question: bool = True

    @property
    def asks(self) -> bool:
        """Whether it is surely a question of its own."""
        return self.intent not in QUIET and self.confidence >= SURE and not self.is_refused


def wishes(clauses: Sequence[Clause]) -> list[Clause]:
    """The clauses that ask or wish for something, not for what another one refuses unless they ask.

    我不想转人工，跟机器人说就行 wishes for no person; 我不是要退货，就问运费谁出 asks of returns.
    """
    refused = {clause.about for clause in clauses if clause.is_refused}
    return [
        clause
        for clause in clauses
        if clause.is_request
        and not clause.is_refused
        and (clause.is_question or clause.intent not in refused)
    ]


def pieces(text: str) -> list[tuple[int, int]]:
    """Where the clauses of a text stand; nothing for a text that is one clause, or too many."""
    found = [span for span in _spans(text) if any(map(str.isalnum, text[slice(*span)]))]
    return found if 1 < len(found) <= MOST_CLAUSES else []


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    stops = [(match.start(), match.end()) for match in _STOP.finditer(text)]
    for stop, next_start in [*stops, (len(text), len(text))]:
        links = [start, *(m.start() for m in _LINK.finditer(text, start + 1, stop)), stop]
        yield from itertools.pairwise(links)
        start = next_start


def is_refused(text: str) -> bool:
    """Whether a clause says what is not wanted or not news, or under which condition something is."""
    bare = text.strip()
    return bool(_REFUSED.match(bare) or _CONDITION.match(bare) or is_waved_off(bare))


def is_waved_off(text: str) -> bool:
    """Whether a clause puts its subject aside for the whole message, in the form of a question or a statement."""
    spelling = plain(text)
    return bool(_WAVED_OFF.search(spelling) or _FORBIDDEN.search(spelling))


def keeps(text: str) -> bool:
    """Whether a follower's data or order shall stay: 我的资料先别删, 别给我cancel."""
    return bool(_KEEPS.search(plain(text)))


def begins_with_refusal(text: str) -> bool:
    """Whether a message begins as those do that say what is not wanted: 别给我转人工, pls dont put me through."""
    return bool(_REFUSES.match(plain(text)))


def is_request(text: str) -> bool:
    """Whether a clause has a word that asks or wishes, so that it is no mere statement."""
    return bool(_REQUEST.search(text) or asks_by_no(text))


def is_question(text: str) -> bool:
    """Whether a clause has a word that asks: 谁出运费, and not 跟机器人说就行."""
    return bool(_QUESTION.search(text))


def is_demand(text: str) -> bool:
    """Whether a clause wishes or asks in the form of a statement: 取消那单, 电话给一个, 发货了没."""
    return bool(_DEMAND.search(text.strip()))


def asks_either_way(text: str) -> bool:
    """Whether a text asks in the form of a verb and its no: 补不补我, 给没给别人; 能不能别烦我 does not."""
    return bool(_EITHER_WAY.search(text))


def asks_by_no(text: str) -> bool:
    """Whether a text ends in a 不 that asks and refuses nothing."""
    return bool(_ASKED.search(text.strip()))
