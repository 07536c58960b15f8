"""Gift ideas: for whom, for what, for how much."""

import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from actions.gift_ideas import choose
from actions.wishes import Wish
from bot.brand import Word
from bot.brand_files import load_brand
from bot.budget import Range
from tests.actions.conftest import BRAND, Talk

SMALL = load_brand(BRAND)


def prices(reply: dict[str, str]) -> list[str]:
    """The prices in the order of the ideas."""
    return re.findall(r"¥([\d,]+)(?:：|: )", reply["text"])


async def test_three_gifts_fit_recipient_occasion_and_budget_the_best_first(talk: Talk) -> None:
    reply = await talk.say(
        "想给女朋友买个生日礼物，一千块左右",
        "gift_ideas",
        recipient="girlfriend",
        occasion="birthday",
        budget="一千块左右",
    )
    assert reply["name"] == "utter_gift_ideas"
    assert prices(reply) == ["980", "1,250", "720"]
    for words in ("女朋友", "生日", "1000元左右", "1. 女士香水 ¥980：好看"):
        assert words in reply["text"]


async def test_a_gift_for_somebody_else_is_never_proposed(talk: Talk) -> None:
    reply = await talk.say("送爸爸一千左右的", "gift_ideas", recipient="father")
    assert prices(reply) == ["1,000"]


async def test_english_reads_as_a_sentence(talk: Talk) -> None:
    talk.language = "en"
    reply = await talk.say(
        "birthday gift for mum, under 800", "gift_ideas", recipient="mother", occasion="birthday"
    )
    assert reply["text"].splitlines()[0] == "Ideas for mum (birthday) up to ¥800:"
    reply = await talk.say("something for dad", "gift_ideas", recipient="father")
    assert "  " not in reply["text"]


async def test_without_anything_known_one_question_is_asked_and_only_one(talk: Talk) -> None:
    reply = await talk.say("想买个礼物", "gift_ideas")
    assert (reply["name"], reply["kind"]) == ("utter_ask_recipient", "question")
    reply = await talk.say("不知道", "deny")
    assert reply["name"] == "utter_gift_ideas_general"
    assert len(prices(reply)) == 3


async def test_without_a_budget_the_ideas_span_the_prices(talk: Talk) -> None:
    await talk.say("想买个礼物", "gift_ideas")
    reply = await talk.say("给妈妈", "inform", recipient="mother")
    assert prices(reply) == ["260", "1,250", "3,200"]
    assert "妈妈" in reply["text"]


async def test_the_wish_is_kept_and_varied(talk: Talk) -> None:
    await talk.say("送女朋友", "gift_ideas", recipient="girlfriend")
    reply = await talk.say("五百以内", "inform", budget="五百以内")
    assert prices(reply) == ["450", "260"]
    reply = await talk.say("给妈妈呢", "inform", recipient="mother")
    assert "妈妈" in reply["text"]
    assert prices(reply) == ["260"]


async def test_cheaper_ones_cost_less_than_all_that_was_shown(talk: Talk) -> None:
    await talk.say("送女朋友一千左右", "gift_ideas", recipient="girlfriend")
    reply = await talk.say("还有便宜点的吗", "inform", budget="便宜点")
    assert prices(reply) == ["720", "450", "260"]
    reply = await talk.say("太贵了", "inform")
    assert reply["name"] == "utter_gift_none_in_budget"
    assert prices(reply)[0] == "260"


async def test_dearer_ones_cost_more_than_all_that_was_shown(talk: Talk) -> None:
    await talk.say("送妈妈一千左右", "gift_ideas", recipient="mother")
    reply = await talk.say("有没有贵一点的", "inform")
    assert prices(reply) == ["3,200"]


async def test_other_ones_are_other_ones(talk: Talk) -> None:
    first = await talk.say("送女朋友一千左右", "gift_ideas", recipient="girlfriend")
    second = await talk.say("换一批", "inform")
    assert not set(prices(first)) & set(prices(second))


async def test_the_asked_kind_comes_first(talk: Talk) -> None:
    reply = await talk.say(
        "送女朋友丝巾一千左右", "gift_ideas", recipient="girlfriend", product_category="scarf"
    )
    assert "丝巾" in reply["text"].splitlines()[1]


async def test_outside_the_budget_the_nearest_are_named(talk: Talk) -> None:
    reply = await talk.say("送爸爸三百以内", "gift_ideas", recipient="father")
    assert reply["name"] == "utter_gift_none_in_budget"
    assert prices(reply)[0] == "1,000"


async def test_a_wish_is_forgotten_after_a_long_silence(talk: Talk) -> None:
    await talk.say("送女朋友一千左右", "gift_ideas", recipient="girlfriend")
    talk.now += timedelta(hours=2)
    talk.events.clear()
    talk.events.append(
        {"event": "user", "metadata": {"time": talk.now.timestamp() - 7200}, "text": "好"}
    )
    reply = await talk.say("想买礼物", "gift_ideas")
    assert reply["name"] == "utter_ask_recipient"


async def test_a_trait_is_looked_for_and_its_opposite_left_out(talk: Talk) -> None:
    await talk.say("送妈妈", "gift_ideas", recipient="mother")
    reply = await talk.say("有没有羊绒的", "product_info")
    assert prices(reply) == ["3,200"]
    reply = await talk.say("不要羊绒的", "deny")
    assert "羊绒披肩" not in reply["text"]


async def test_a_kind_of_which_none_is_in_the_budget_is_told_nearest(talk: Talk) -> None:
    await talk.say("送爸爸五百以内", "gift_ideas", recipient="father")
    reply = await talk.say("钱包单独给我看看", "inform", product_category="wallet")
    assert reply["name"] == "utter_gift_none_in_budget"
    assert "1. 男士钱包 ¥1,000" in reply["text"]


async def test_only_goods_of_the_kind_that_is_asked_for(talk: Talk) -> None:
    await talk.say("送爸爸一千左右", "gift_ideas", recipient="father")
    reply = await talk.say("钱包呢", "inform", product_category="wallet")
    assert "男士钱包" in reply["text"]
    assert "2." not in reply["text"]


async def test_the_same_price_is_no_question_of_prices(talk: Talk) -> None:
    await talk.say("送女朋友一千五以内", "gift_ideas", recipient="girlfriend")
    reply = await talk.say("丝巾呢？同样的价", "product_price", product_category="scarf")
    assert reply["name"] == "utter_gift_ideas"
    assert "1500元以内" in reply["text"]


async def test_a_remark_that_is_hardly_a_no_ends_no_wish(talk: Talk) -> None:
    await talk.say("送爸爸", "gift_ideas", recipient="father")
    reply = await talk.say("he travels so much", "deny", {"deny": 0.6})
    assert reply["name"] == "utter_gift_ideas"
    assert (await talk.say("算了", "deny", {"deny": 0.6}))["name"] == "utter_cancelled"


async def test_a_kind_that_is_refused_is_no_repair(talk: Talk) -> None:
    await talk.say("送女朋友", "gift_ideas", recipient="girlfriend")
    ranking = {"shipping_delivery": 0.6}
    reply = await talk.say(
        "丝巾不行 她不戴", "shipping_delivery", ranking, product_category="scarf"
    )
    assert reply["name"] == "utter_gift_ideas"
    assert "丝巾" not in reply["text"]


async def test_of_the_one_pointed_at_more_is_asked_than_its_line(talk: Talk) -> None:
    await talk.say("送妈妈", "gift_ideas", recipient="mother")
    reply = await talk.say("那个羊绒的怎么样", "product_info")
    assert reply["text"].startswith("羊绒披肩 ¥3,200")
    reply = await talk.say("会起球吗", "product_info")
    assert reply["hand_over"] == "product_question"


async def test_a_refused_kind_stays_away_until_it_is_wanted(talk: Talk) -> None:
    await talk.say("送女朋友一千左右", "gift_ideas", recipient="girlfriend")
    reply = await talk.say("她不喜欢香水", "deny", product_category="fragrance")
    assert prices(reply) == ["1,050", "1,250", "720"]
    reply = await talk.say("便宜点的呢", "inform")
    assert prices(reply) == ["720", "1,050", "1,250"]
    reply = await talk.say("那还是香水吧", "inform", product_category="fragrance")
    assert "香水" in reply["text"]


async def test_a_kind_takes_in_its_kinds(talk: Talk) -> None:
    reply = await talk.say(
        "送妈妈，织物就不要了", "gift_ideas", recipient="mother", product_category="textile"
    )
    assert prices(reply) == ["260"]
    reply = await talk.say("还是织物吧", "inform", product_category="textile")
    assert prices(reply) == ["720", "1,250", "3,200"]


async def test_one_kind_instead_of_another(talk: Talk) -> None:
    reply = await talk.say(
        "送妈妈，不要香水，丝巾吧",
        "gift_ideas",
        recipient="mother",
        product_category="fragrance scarf",
    )
    assert "蜡烛" not in reply["text"]
    assert talk.slots["product_category"] == "scarf"


async def test_an_empty_purse_asks_for_cheaper_ones_and_changes_no_occasion(talk: Talk) -> None:
    await talk.say(
        "送女朋友生日一千左右", "gift_ideas", recipient="girlfriend", occasion="birthday"
    )
    reply = await talk.say("太贵了，我刚毕业没钱", "inform", occasion="graduation")
    assert prices(reply) == ["450", "260"]
    assert talk.slots["occasion"] == "birthday"


async def test_a_wish_that_nobody_knows_of_brings_other_gifts(talk: Talk) -> None:
    first = await talk.say("送女朋友一千左右", "gift_ideas", recipient="girlfriend")
    second = await talk.say("冬天能围的那种", "inform")
    assert not set(prices(first)) & set(prices(second))


async def test_a_treat_is_for_oneself_whoever_else_is_named(talk: Talk) -> None:
    reply = await talk.say("我妈说该犒劳一下自己了", "gift_ideas", recipient="mother self")
    assert reply["name"] == "utter_ask_recipient"


@given(
    st.sampled_from([None, *SMALL.recipient]),
    st.sampled_from([None, *SMALL.occasion]),
    st.sampled_from([None, *SMALL.product_category.values()]),
    st.one_of(st.none(), st.builds(Range, st.integers(0, 2000), st.integers(2000, 5000))),
)
def test_ideas_never_leave_recipient_or_budget(
    recipient: str | None, occasion: str | None, category: Word | None, budget: Range | None
) -> None:
    gifts = choose(SMALL, Wish(recipient, occasion, category, budget))
    assert len(gifts) <= 3
    assert len({gift.id for gift in gifts}) == len(gifts)
    assert all(recipient is None or recipient in gift.recipients for gift in gifts)
    assert all(budget is None or gift.price in budget for gift in gifts)


async def test_a_material_that_is_refused_stays_out_for_the_talk(talk: Talk) -> None:
    await talk.say("送妈妈", "gift_ideas", recipient="mother")
    assert "羊绒" in (await talk.say("三千左右", "inform", budget="三千左右"))["text"]
    assert "羊绒" not in (await talk.say("羊绒的不要", "inform"))["text"]
    assert "羊绒" not in (await talk.say("四千左右", "inform", budget="四千左右"))["text"]
    assert "羊绒" in (await talk.say("我想要羊绒的", "inform"))["text"]
