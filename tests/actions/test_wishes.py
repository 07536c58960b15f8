"""What is read as wished for and as refused, with the shipped brand's own words."""

from pathlib import Path

import pytest

from actions.places import OTHER
from actions.products import is_named_in_full, named
from actions.recipients import TREAT
from actions.spending import CHEAPER, DEARER
from actions.tastes import trait_in
from actions.turn import Asked
from actions.wishes import kept_wish, read_wish, suits_sex
from bot.brand import Brand
from bot.brand_files import load_brand
from bot.budget import Range
from bot.spelling import plain


@pytest.fixture(scope="module")
def shipped(nlu_data: Path) -> Brand:
    """The shipped brand."""
    return load_brand(nlu_data / "brand")


@pytest.mark.parametrize(
    ("text", "wanted", "refused"),
    [
        ("有没有别的香水", "perfume", None),
        ("要不要送香水", "perfume", None),
        ("香水不用太浓", "perfume", None),
        ("你们没有香水吗", "perfume", None),
        ("她不喜欢香水", None, "perfume"),
        ("别送香水", None, "perfume"),
        ("香水就不要了", None, "perfume"),
        ("他妈闻不了香水 鼻炎", None, "perfume"),
        ("香水味她受不了", None, "perfume"),
        ("no perfume please", None, "perfume"),
        ("she doesn’t like perfume", None, "perfume"),
        ("he never wears perfume", None, "perfume"),
    ],
)
def test_a_kind_is_wanted_or_refused(
    shipped: Brand, text: str, wanted: str | None, refused: str | None
) -> None:
    wish = read_wish(shipped, Asked(text, 0, entities={"product_category": ("perfume",)}))
    assert (wish.category.id if wish.category else None) == wanted
    assert [word.id for word in wish.unwanted][:1] == ([refused] if refused else [])


@pytest.mark.parametrize(
    "text", ["男朋友他妈妈 元旦第一次上门", "男朋友的妈妈", "my boyfriend's mum"]
)
def test_of_two_people_the_one_who_is_told_by_the_other(shipped: Brand, text: str) -> None:
    asked = Asked(text, 0, entities={"recipient": ("boyfriend", "mother")})
    assert read_wish(shipped, asked).recipient == "mother"


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        ("闺蜜刚生 给宝宝的", "newborn_family"),
        ("我闺蜜和她宝宝", "friend_female"),
        ("my bestie had one, for the baby", "newborn_family"),
    ],
)
def test_of_several_people_the_one_who_is_given_to(
    shipped: Brand, text: str, recipient: str
) -> None:
    asked = Asked(text, 0, entities={"recipient": ("friend_female", "newborn_family")})
    assert read_wish(shipped, asked).recipient == recipient


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("香水更别提 家里摆了一排没用完的", True),
        ("香水她那个年纪不爱喷", True),
        ("香水她婆婆已经买了", True),
        ("香水不合适，太招摇", True),
        ("香水就不用给我看啦", True),
        ("他never喷香水的", True),
        ("香水她有十几瓶了", True),
        ("not a perfume pls", True),
        ("不要带香水的", True),
        ("不是香水也成", False),
        ("besides, perfume is not really her thing", True),
        ("香水她喜欢，别的不用看", False),
        ("香水不用包装", False),
        ("香水不要太张扬的", False),
        ("香水她没买过", False),
        ("她不爱花但香水可以", False),
        ("香水买了很多次了还想买", False),
        ("I have some questions about the perfume", False),
        ("why not a perfume", False),
        ("the perfume isn't used up, we already have one and want another", False),
        ("香水适合她吗，她不爱太浓的", False),
        ("香水不用太贵", False),
    ],
)
def test_a_clause_tells_that_a_kind_would_be_no_good_gift(
    shipped: Brand, text: str, refused: bool
) -> None:
    wish = read_wish(shipped, Asked(text, 0, entities={"product_category": ("perfume",)}))
    assert bool(wish.unwanted) == refused


def test_what_is_told_by_the_way_changes_no_wish(shipped: Brand) -> None:
    kept = {"subject": "gift_ideas", "recipient": "wife", "occasion": "birthday"}
    said = {
        "product_category": ("necklace",),
        "occasion": ("anniversary",),
        "recipient": ("mother",),
    }
    text = "项链不要了 去年结婚纪念日婆婆刚送过"
    wish = read_wish(shipped, Asked(text, 0, entities=said, slots=kept))
    assert (wish.recipient, wish.occasion) == ("wife", "birthday")


def test_a_kind_need_not_be_it(shipped: Brand) -> None:
    slots = {"subject": "gift_ideas", "product_category": "scarf"}
    said = {"product_category": ("scarf",)}
    wish = read_wish(shipped, Asked("不是围巾也成", 0, entities=said, slots=slots))
    assert (wish.category, wish.unwanted) == (None, ())


def test_more_is_told_of_the_same_person(shipped: Brand) -> None:
    slots = {"subject": "gift_ideas", "recipient": "teacher"}
    said = {"recipient": ("woman",)}
    wish = read_wish(shipped, Asked("她是女生 office 里能摆的最好", 0, entities=said, slots=slots))
    assert (wish.recipient, wish.sex) == ("teacher", "she")


@pytest.mark.parametrize(
    "text",
    [
        "给我老公推荐个礼物",
        "我老公说他想要条领带",
        "给我老公买了条领带，再配个夹子",
        "my husband says he'd love a tie",
    ],
)
def test_who_has_a_wish_gets_it(shipped: Brand, text: str) -> None:
    wish = read_wish(shipped, Asked(text, 0, entities={"recipient": ("husband",)}))
    assert wish.recipient == "husband"


@pytest.mark.parametrize(
    ("text", "said", "recipient"),
    [
        ("给我妈买，项链不要", ("mother",), "mother"),
        ("项链不要，我妈已经送了", ("mother",), "girlfriend"),
        ("换成男生的", ("man",), "man"),
        ("她是女生，二十出头", ("woman",), "girlfriend"),
    ],
)
def test_somebody_else_is_given_to_only_if_told_so(
    shipped: Brand, text: str, said: tuple[str, ...], recipient: str
) -> None:
    kept = {"subject": "gift_ideas", "recipient": "girlfriend"}
    entities = {"recipient": said, "product_category": ("necklace",)}
    wish = read_wish(shipped, Asked(text, 0, entities=entities, slots=kept))
    assert wish.recipient == recipient


def test_an_occasion_gives_way_to_who_is_given(shipped: Brand) -> None:
    said = {"recipient": ("boyfriend",), "occasion": ("meeting_parents",)}
    wish = read_wish(shipped, Asked("带男朋友见父母，我送他什么", 0, entities=said))
    assert wish.recipient == "boyfriend"


@pytest.mark.parametrize("text", ["送自己同事", "送我自己同事一份"])
def test_somebody_of_ones_own_is_not_oneself(shipped: Brand, text: str) -> None:
    wish = read_wish(shipped, Asked(text, 0, entities={"recipient": ("self", "colleague")}))
    assert wish.recipient == "colleague"


@pytest.mark.parametrize(
    "text", ["我老公说最多两千", "我老公刚说太贵", "my husband says 2000 at most"]
)
def test_who_has_an_opinion_gets_nothing(shipped: Brand, text: str) -> None:
    wish = read_wish(shipped, Asked(text, 0, entities={"recipient": ("husband",)}))
    assert wish.recipient is None


def test_a_birth_is_celebrated_with_something_for_the_baby(shipped: Brand) -> None:
    said = {"recipient": ("wife", "daughter"), "occasion": ("new_baby",)}
    wish = read_wish(shipped, Asked("儿媳妇刚生了个闺女，办满月酒", 0, entities=said))
    assert wish.recipient == "newborn_family"


def test_who_is_visited_for_the_first_time_gets_the_gift(shipped: Brand) -> None:
    said = {"recipient": ("girlfriend",), "occasion": ("meeting_parents",)}
    wish = read_wish(shipped, Asked("头一回上女朋友家", 0, entities=said))
    assert wish.recipient == "parents"


def test_of_two_side_by_side_the_second_is_meant(shipped: Brand) -> None:
    said = {"recipient": ("child", "teacher")}
    wish = read_wish(shipped, Asked("孩子班主任退休", 0, entities=said))
    assert wish.recipient == "teacher"


def test_half_the_budget(shipped: Brand) -> None:
    slots = {"subject": "gift_ideas", "budget": "6000元"}
    wish = read_wish(shipped, Asked("不好意思，预算可能要砍半", 0, slots=slots))
    assert wish.budget == Range(0, 3000)


@pytest.mark.parametrize(
    ("text", "trait"),
    [
        ("珍珠类的可以看看吗", "珍珠"),
        ("想给他买个银的", "银"),
        ("皮的感觉不错", "皮"),
        ("跟茶沾边的有吗", "茶"),
        ("anything to do with tea?", "tea"),
    ],
)
def test_a_gift_of_a_sort(shipped: Brand, text: str, trait: str) -> None:
    assert trait_in(shipped, Asked(text, 0)) == (trait, False)


@pytest.mark.parametrize(
    ("text", "recipient", "is_cufflink_fit"),
    [
        ("送女领导", "leader", False),
        ("my boss is leaving, she is lovely", "leader", False),
        ("送领导，他快退休了", "leader", True),
        ("送领导", "leader", True),
        ("送老公，他的袖扣丢了", "husband", True),
    ],
)
def test_a_boss_may_be_a_she(
    shipped: Brand, text: str, recipient: str, is_cufflink_fit: bool
) -> None:
    wish = read_wish(shipped, Asked(text, 0, entities={"recipient": (recipient,)}))
    cufflinks = next(gift for gift in shipped.gifts.values() if gift.category == "cufflinks")
    assert suits_sex(wish, cufflinks) == is_cufflink_fit


@pytest.mark.parametrize("text", ["她没打耳洞", "her ears aren’t pierced"])
def test_a_saying_rules_a_kind_out(shipped: Brand, text: str) -> None:
    assert [word.id for word in read_wish(shipped, Asked(text, 0)).unwanted] == ["earrings"]


def test_every_kind_that_was_refused_stays_refused_until_it_is_asked_for(shipped: Brand) -> None:
    before = {"subject": "gift_ideas", "unwanted_category": "perfume"}
    said = {"product_category": ("tie", "scarf")}
    wish = read_wish(shipped, Asked("领带那类就免了，围巾他太多了", 0, entities=said, slots=before))
    assert [word.id for word in wish.unwanted] == ["perfume", "tie", "scarf"]
    assert wish.category is None
    kept = kept_wish(wish, "gift_ideas")
    again = {"product_category": ("perfume",)}
    wish = read_wish(shipped, Asked("还是香水吧", 0, entities=again, slots=kept))
    assert [word.id for word in wish.unwanted] == ["tie", "scarf"]
    assert wish.category
    assert wish.category.id == "perfume"


@pytest.mark.parametrize(
    ("text", "trait"),
    [
        ("我想要银的", ("银", False)),
        ("想换个皮的", ("皮", False)),
        ("有沒有真絲的", ("真丝", False)),
        ("金的呢", ("金", False)),
        ("anything in leather?", ("leather", False)),
        ("不想要皮的", ("皮", True)),
        ("皮的不能要", ("皮", True)),
        ("nothing in leather", ("leather", True)),
        ("他那人不用皮子的东西", ("皮", True)),
        ("她银过敏", ("银", True)),
        ("oh and silver gives her a rash", ("silver", True)),
        ("he is allergic to leather", ("leather", True)),
        ("我要退货的", (None, False)),
        ("好的", (None, False)),
        ("which of them is the most durable", (None, False)),
        ("I am in a hurry", (None, False)),
        ("no, not that one", (None, False)),
    ],
)
def test_a_trait_is_a_word_of_some_gift_and_no_word_of_grammar(
    shipped: Brand, text: str, trait: tuple[str | None, bool]
) -> None:
    assert trait_in(shipped, Asked(text, 0)) == trait


@pytest.mark.parametrize(
    ("text", "cheaper", "dearer"),
    [
        ("有便宜点的吗", True, False),
        ("我没什么钱", True, False),
        ("不要太便宜的", False, True),
        ("my necklace is broken", False, False),
        ("我再好好想想", False, False),
    ],
)
def test_cheaper_and_dearer_are_told_apart(text: str, cheaper: bool, dearer: bool) -> None:
    assert bool(CHEAPER.search(plain(text))) is cheaper
    assert bool(DEARER.search(plain(text))) is dearer


@pytest.mark.parametrize(("text", "treat"), [("犒劳一下自己", True), ("送自己的老婆", False)])
def test_a_treat_is_for_oneself_and_for_nobody_of_ones_own(text: str, treat: bool) -> None:
    assert bool(TREAT.search(text)) is treat


@pytest.mark.parametrize(
    ("text", "other"),
    [("其他门店呢", True), ("the other shop?", True), ("别家店", True), ("另外家里人问", False)],
)
def test_another_shop_is_asked_for(text: str, other: bool) -> None:
    assert bool(OTHER.search(text)) is other


@pytest.mark.parametrize("text", ["is it made of silver?", "table for two", "ok"])
def test_words_that_join_name_no_product(shipped: Brand, text: str) -> None:
    asked = Asked(text, 0)
    assert named(shipped, asked) == []
    assert not is_named_in_full(shipped, asked)


def test_scented_things_are_so_whatever_their_box(shipped: Brand) -> None:
    scented = shipped.product_category["scented"]
    names = {"月牙香皂三块装", "绸缎香囊对装", "护手霜三件礼盒", "雪松藤条香薰"}
    found = [gift for gift in shipped.gifts.values() if gift.names["zh-Hans"] in names]
    assert len(found) == len(names)
    assert all(scented.covers(gift.category) for gift in found)


@pytest.mark.parametrize(
    ("text", "trait"),
    [
        ("喜欢兔子", "兔"),
        ("他爱喝茶", "茶"),
        ("she loves rabbits", "rabbit"),
        ("有冇玉㗎", "玉"),
        ("anything with pearls?", "pearl"),
        ("她不喜欢兔子", None),
        ("他喜欢什么", None),
        ("送爱人的礼物", None),
        ("I like the red one", None),
        ("not into tea", None),
        ("她不怎么喜欢银", None),
        ("she likes her jewellery simple", None),
        ("喜欢房子", None),
    ],
)
def test_what_somebody_is_fond_of_may_be_on_a_gift(
    shipped: Brand, text: str, trait: str | None
) -> None:
    assert read_wish(shipped, Asked(text, 0)).trait == trait


@pytest.mark.parametrize("text", ["同事们凑的 2000块以内吧", "colleagues are chipping in"])
def test_who_gives_as_well_is_given_nothing(shipped: Brand, text: str) -> None:
    kept = {"subject": "gift_ideas", "recipient": "leader"}
    wish = read_wish(shipped, Asked(text, 0, entities={"recipient": ("colleague",)}, slots=kept))
    assert wish.recipient == "leader"


def test_years_of_marriage_are_no_wedding(shipped: Brand) -> None:
    said = {"occasion": ("wedding",), "recipient": ("wife",)}
    wish = read_wish(shipped, Asked("结婚20周年送老婆啥好", 0, entities=said))
    assert wish.occasion == "anniversary"


def test_a_client_may_be_a_she(shipped: Brand) -> None:
    wish = read_wish(shipped, Asked("打错了 是客户 女的", 0, entities={"recipient": ("client",)}))
    assert (wish.recipient, wish.sex) == ("client", "she")


def test_neither_of_both_is_named(shipped: Brand) -> None:
    kept = {"subject": "gift_ideas", "recipient": "newborn_family"}
    said = {"recipient": ("man", "woman")}
    wish = read_wish(shipped, Asked("不知道男孩女孩诶", 0, entities=said, slots=kept))
    assert wish.recipient == "newborn_family"


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("两万六太贵了，还有便宜点的吗", 25950),
        ("500块有点贵了", 450),
        ("300 yuan is too much", 250),
        ("三百以内，别太贵", 300),
        ("太贵了，500以内吧", 500),
        ("不要太贵的 500以内", 500),
    ],
)
def test_a_sum_that_is_too_dear_is_not_spent(shipped: Brand, text: str, most: int) -> None:
    budget = read_wish(shipped, Asked(text, 0)).budget
    assert budget is not None
    assert budget.high == most


@pytest.mark.parametrize("text", ["他不穿西装", "he never wears suits"])
def test_who_wears_no_suits_gets_no_tie(shipped: Brand, text: str) -> None:
    unwanted = {word.id for word in read_wish(shipped, Asked(text, 0)).unwanted}
    assert {"tie", "cufflinks"} <= unwanted


def test_more_is_added_to_the_budget(shipped: Brand) -> None:
    asked = Asked("再加500也行", 0, slots={"budget": "1000元以内"})
    budget = read_wish(shipped, asked).budget
    assert budget is not None
    assert budget.high == 1500


@pytest.mark.parametrize(
    ("text", "recipient"),
    [("不是，是儿子，我打错了", "newborn_family"), ("要红色的", "newborn_family")],
)
def test_a_newborn_may_be_a_son(shipped: Brand, text: str, recipient: str) -> None:
    said = {"recipient": ("son",)} if "儿子" in text else {}
    asked = Asked(text, 0, entities=said, slots={"recipient": "newborn_family"})
    assert read_wish(shipped, asked).recipient == recipient


def test_who_sprays_no_perfume_gets_none(shipped: Brand) -> None:
    asked = Asked("他不喷香水", 0, entities={"product_category": ("perfume",)})
    assert "perfume" in {word.id for word in read_wish(shipped, asked).unwanted}
