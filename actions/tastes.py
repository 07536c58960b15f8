"""Which goods are liked and which are not: kinds, materials, and what gifts are described by."""

import re
from collections.abc import Iterator

from actions.turn import Asked
from bot.brand import Brand, Gift, Word
from bot.budget import budget
from bot.spelling import bounded, plain

OTHERS = re.compile(
    r"别的|其他|其它|另外|换(一|几)?(批|个|些|款|组|样)|还有(吗|没|什么|哪些|推荐)|仲有|第二啲"
    r"|\b(others?|(anything|something|what) else|(any|some) more|more (ideas|options)|different)\b"
)
RELEASED = re.compile(
    r"(不是|不一定(要|是|非)?|唔一定(要|系)?|不非得?要?|\bnot necessarily|doesn't have to be)( an?)? ?$"
)
"""Right before a kind: 不是围巾也成, 唔一定要錶."""
_MATERIAL = r"[金银皮木丝玉珠铜瓷布钻]"
_ZH = rf"{_MATERIAL}|\w{{2,3}}?"
_EN = r"(gold|silver|leather|silk|cashmere|wool|pearl|diamond|jade|wood|brass|enamel)"
TRAIT = re.compile(
    r"(?P<no>不|别|唔)?(?:[想要][要换买挑选送打来]|有[没冇]?有?|没有|冇|要|想|来|换|挑|选|买|打|喜欢|钟意)(?:一?[个条款只件])?(?:更|比较)?"
    rf"(?P<zh>{_ZH})一?[点些啲]?[的嘅](?![话时])"
)
"""没有皮的吗, 要个实用点的: what a gift should be, or should not be."""
UNWANTED_TRAIT = re.compile(
    rf"({_ZH})[的嘅]?(?:都|就|也)?(?:不能?|别|唔)(?:要|行|用|考虑)"
    rf"|\b(?:not?|nothing|without|avoid)(?: \w+)? (?:in |of |any )?{_EN}s?\b"
)
"""皮的不能要, nothing in leather."""
NOT_BORNE = re.compile(
    rf"({_MATERIAL})[的质]?过敏|不(?:用|戴|穿|碰)({_MATERIAL})[子质]?[的做制]|\ballerg(?:ic|y) to {_EN}"
    rf"|\b{_EN} (?:gives? (?:her|him|me|them|my \w+) (?:a )?(?:rash|hives|itch)|makes (?:her|him|me|them) itch)"
)
"""她银过敏, silver gives her a rash."""
ENGLISH_TRAIT = re.compile(rf"\b(?:in|of|any|got|some|have|with) {_EN}s?\b")
HAVING = re.compile(
    rf"(?<![她他我已经没])(?:有[没冇]有?({_MATERIAL})[制质器]?[的嘅㗎]?(?:[吗么嘛㗎?]|$)|有({_MATERIAL})[的嘅]?[吗么嘛㗎])"
)
"""有冇玉㗎."""
FOND = re.compile(
    r"(?<![不没唔])(?<!不怎么)(?<!不太)(?<!不大)(?:喜欢|钟意|中意)(?:(?![房妻孩儿老])(\w)子|(?!可以|什么|这|那|别)(\w{2,3}?))(?=[^\w]|[的了和跟]|$)"
    r"|(?<![不没唔])(?:喜欢|钟意|爱)(?:喝|看|听|写|泡)(\w{1,2}?)(?=[^\w]|[的了和跟]|$)"
    r"|(?<!not )(?<!n't )(?<!longer )\b(?:likes|loves|is into|fond of|a fan of) (?:\w+ing )?"
    r"(?!th[aei]|some|any|all|your|both|her|his|him|and|one|every|it|for|you|very|red|new|old|being|how|what|when)"
    r"([a-z]{3,12}?)(?:s|es)?\b"
)
"""喜欢兔子, loves rabbits: what somebody is fond of may be on a gift."""
OF_TRAIT = re.compile(
    rf"[跟和与](\w{{1,3}}?)(?:沾边|有关|相关|搭边)|({_ZH})[类系](?!似)|\bto do with (\w+)\b"
)
"""跟茶沾边的有吗, 珍珠类的, something to do with tea."""
LIKED_TRAIT = re.compile(
    rf"(?:^|[^\w])({_ZH})[的嘅](?:感觉|不错|挺好|都?可以|就好|就行|吧|最好|比较好)"
)
"""皮的感觉不错."""
BARE_TRAIT = re.compile(
    rf"^(?:那|噉|咁)?({_ZH})[的嘅](?:呢|[有冇]?[吗么嘛]|有没有|有冇)$|^{_EN} ones?$"
)
"""金的呢, silver ones?: the word may as well name a place or a day."""
UNWANTED = re.compile(
    r"((?<![要喜想爱用戴])[闻受戴用穿吃]不[了得惯]|(?<![要喜想爱用戴])不太?(喜欢|爱|要|想要|想|用|戴|喷|喝|打|送|买|收)|(?<![特分区级])别(?![的处人])(送|买|再)?"
    r"|唔使?(要|钟意|用|戴|打|想)?|没兴趣|讨厌|除了|已经有|太多|(一|几)?大?堆"
    r"|(?<![a-z])never ?(喷|用|戴|穿)|\b(never (wears?|uses?|likes?)"
    r"|no|nothing( too)?|(?<!why )not|hates?|without|except|dislikes?|(too|so) many|plenty of|enough"
    r"|(does|do|is|are)(n'?t| not) (like|wear|use|want|into|a fan of)))"
    r"( an?| the| any| another)?[ 的了买送要带有]*$"
)
"""Right before a kind of product: 她不喜欢香水, no perfume please."""
UNWANTED_AFTER = re.compile(
    r"[之这那]?一?[类些味]?(什么的|的)?(她|他|我|佢)?(就|都|也|先|最好|暂时)*"
    r"(不(要|用|想要)(?=[了啦吧呢呀啊哈的]*(\W|$))|不(考虑|行(?!的话)|喜欢|戴|喷|送|买)(?![太超很]|那么|这么)|闻不[了得惯]|受不[了得]|戴不[了惯]|用不[了惯]|(免了|算了|太多|够多|(已经)?有(了|好多|一?大?堆))(?=[了啦吧呢呀啊哈的]*(\W|$))|pass|除外|过敏|唔(要|使)(?!太)"
    r"|(会不会|是不是)(有点|显得|有些)?太(?![贵大小长短重紧松厚薄]))"
)
"""Right after it: 首饰就不要了, 香水过敏, 发圈会不会太敷衍了."""
GIFT = re.compile(r"礼物|小礼|礼品|手信|送[点个份些]|\b(gifts?|presents?|something)\b")
BESIDES = re.compile(
    r"^对了|另外|顺便|还(想|要|得)|再(帮|给|买|送|挑)|仲(想|要)|\b(also|by the way|btw)\b"
)
SO = re.compile(r"[那咁噉]?\w{1,4}呢")
CLAUSE = re.compile(
    r"[^\w\s'’]+|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])|但是?|不过|的话|\b(?:but|and)\b"
)
DISLIKED = re.compile(
    r"[不唔](太|大|怎么|是很|会)?(行|得(?!了)|爱|喜欢|钟意|中意|合适|适合|啱|考虑|感兴趣|戴|用(?=[了啦的吧呢呀]*$)|别)"
    r"(?!太|那么|这么|多)|用不[上着了]"
    r"|(更|快|就|都|可)?别(提|说|再?送|再?买|给|推)|[不唔]使?用(再|给|睇|看|推|俾)"
    r"|(?<![没未不想])(买|送|收到?)(了|过|咗)|(?<!没)有(了|好几|一堆)|有(好|十|几|一)\w{0,3}[条件个支只块瓶套把对]了"
    r"|多的?是|戴腻|用腻|没兴趣|免谈|(?<![不别要会])太(扎眼|张扬|花哨|老气|招摇|俗)"
    r"|\b(already (has|have|got|bought|gave|owns?)|(has|have|got|owns?) (plenty|enough|tons|loads|a lot)"
    r"|(doesn|don|isn|aren|wouldn)['’]?t (wear|use|like|suit|want)|too (flashy|showy|old|plain)"
    r"|not (really )?(her|his|their|my) (thing|style|taste)|out of the question|off the list)\b"
)
"""In the same clause as a kind of product: 胸针她那个年纪不爱别, 手镯她婆婆已经买了."""
WANTED = re.compile(
    r"还想|想再|再买|再送|搭配|配[一个条对]|\b(why not|matching|to match|another)\b"
)
"""香水买了很多次了还想买: what they have, they may want again."""
ASKS = re.compile(
    r"[吗嘛么呢?？]$|是不是|会不会|有没有|有冇|哪|什么|咩|\b(which|what|do you|is it|are they)\b"
)


def kinds_in(brand: Brand, asked: Asked) -> tuple[Word | None, tuple[Word, ...]]:
    """The category wanted and those that are not: what was said over what was said before."""
    said, refused = brand.kinds(asked.said("product_category")), _refused_kinds(brand, asked)
    kept = None if _is_another_wish(asked) else _kept_kind(brand, asked)
    released = [word for word in said if _stands_after(RELEASED, word, plain(asked.text))]
    if released:
        said, kept = [word for word in said if word not in released], None
    wanted = next((word for word in said if word not in refused), None)
    before = brand.kinds((asked.kept("unwanted_category") or "").split())
    # What is asked for now is no longer refused.
    before = [word for word in before if not (wanted and word.covers(wanted.id))]
    unwanted = (*before, *(word for word in refused if word not in before))
    is_kept = kept and not any(word.covers(kept.id) for word in unwanted)
    return wanted or (kept if is_kept else None), unwanted


def _kept_kind(brand: Brand, asked: Asked) -> Word | None:
    """The kind wished for before; of a product that costs too much, 一万五左右有没有, its own."""
    if kept := asked.kept("product_category"):
        return brand.product_category.get(kept)
    product = brand.gifts.get(asked.kept("product") or "")
    return brand.product_category.get(product.category) if product and budget(asked.text) else None


def _is_another_wish(asked: Asked) -> bool:
    """对了伴娘想一人送一个小礼物 after rings, 叔叔呢 他爱喝茶 after scarves: of any kind."""
    text, before = plain(asked.text), asked.kept("recipient")
    is_gift = bool(GIFT.search(text))
    if not asked.said("recipient"):
        return False
    is_other = bool(before) and (before not in asked.said("recipient") or bool(SO.match(text)))
    return (is_other and (is_gift or bool(FOND.search(text)))) or (
        is_gift and bool(BESIDES.search(text))
    )


def refuses_kind(brand: Brand, asked: Asked) -> bool:
    """Whether the message itself refuses a kind of goods."""
    return bool(_refused_kinds(brand, asked))


def _refused_kinds(brand: Brand, asked: Asked) -> list[Word]:
    """The kinds that the message refuses; 她没耳洞 names none, and rules one out."""
    text = plain(asked.text)
    refused = [
        word for word in brand.kinds(asked.said("product_category")) if _is_refused(word, text)
    ]
    ruled_out = (
        word
        for word in brand.product_category.values()
        if any(re.search(bounded(plain(saying)), text) for saying in word.ruled_out_by)
    )
    return [*refused, *ruled_out]


def _around(word: Word, text: str) -> Iterator[tuple[str, str, str]]:
    """What stands before each of the word's names in the text, the name, and what stands after it."""
    parts = (text.partition(plain(name)) for name in (*word.names.values(), *word.also))
    return (each for each in parts if each[1])


def _stands_after(pattern: re.Pattern[str], word: Word, text: str) -> bool:
    return any(pattern.search(before) for before, _, _ in _around(word, text))


def _is_refused(word: Word, text: str) -> bool:
    return not _stands_after(RELEASED, word, text) and any(
        UNWANTED.search(before) or UNWANTED_AFTER.match(after) or _is_disliked(name, text)
        for before, name, after in _around(word, text)
    )


def _is_disliked(name: str, text: str) -> bool:
    """Whether the clause that names a kind tells that it would be no good gift."""
    clauses = (clause for clause in CLAUSE.split(text) if name in clause)
    is_wanted = WANTED.search(text)
    return not is_wanted and any(
        DISLIKED.search(clause) and not ASKS.search(clause) for clause in clauses
    )


def traits_in(brand: Brand, asked: Asked) -> tuple[str | None, str | None]:
    """The trait wanted, and the one that is not: a refusal holds until the trait is asked for."""
    trait, is_unwanted = trait_in(brand, asked)
    if is_unwanted:
        return None, trait
    kept = asked.kept("unwanted_trait")
    return trait, kept if kept != trait else None


def trait_in(brand: Brand, asked: Asked) -> tuple[str | None, bool]:
    """A word that some gift is described by, and whether it is refused."""
    text = plain(asked.text).rstrip("?!。~ ")
    match = TRAIT.search(text)
    named = [match["zh"]] if match else []
    unwanted = [*_words(NOT_BORNE, text), *_words(UNWANTED_TRAIT, text)]
    unwanted += named if match and match["no"] else []
    wanted = [
        *(word for clause in CLAUSE.split(text) for word in _words(BARE_TRAIT, clause)),
        *_words(OF_TRAIT, text),
        *_words(LIKED_TRAIT, text),
        *_words(ENGLISH_TRAIT, text),
        *_words(HAVING, text),
        *named,
        *_words(FOND, text),
    ]
    words = [*((word, True) for word in unwanted), *((word, False) for word in wanted)]
    traits = (
        (word, is_unwanted)
        for word, is_unwanted in words
        if not OTHERS.search(word)
        and word not in brand.product_kinds
        and _describes_any(brand, word)
    )
    return next(traits, (None, False))


def _words(pattern: re.Pattern[str], text: str) -> list[str]:
    return [word for match in pattern.finditer(text) for word in match.groups() if word]


def _describes_any(brand: Brand, word: str) -> bool:
    return any(describes(word, gift) for gift in brand.gifts.values())


def describes(word: str, gift: Gift) -> bool:
    """Whether the word stands in one of its names or notes."""
    pattern, texts = bounded(word), (*gift.names.values(), *gift.note.values())
    return any(re.search(pattern, plain(text)) for text in texts)


def wants_others(asked: Asked) -> bool:
    """Whether others than those just shown are asked for."""
    return bool(OTHERS.search(plain(asked.text)))
