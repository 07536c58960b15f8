"""Products by their names, by parts of them, and as what was spoken of last."""

from datetime import timedelta

import pytest

from tests.actions.conftest import Talk


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("小样香水多少钱", "小样香水"),
        ("小样的多少钱", "小样香水"),
        ("方巾怎么样", "小方巾"),
        ("what about the silk square", "小方巾"),
        ("is it a perfumery", None),
        ("香水怎么样", None),
    ],
)
async def test_a_product_is_known_by_what_only_it_is_called(
    talk: Talk, text: str, name: str | None
) -> None:
    reply = await talk.say(text, "product_info")
    assert reply["name"] == ("utter_product_told" if name else "utter_product_info")
    assert (name or "") in reply["text"]


async def test_one_of_those_shown_is_pointed_at_by_its_price(talk: Talk) -> None:
    shown = (await talk.say("送女朋友", "gift_ideas", recipient="girlfriend"))["text"]
    second = next(line for line in shown.splitlines() if line.startswith("2.")).removeprefix("2. ")
    price = int(second.partition("¥")[2].partition("：")[0].replace(",", ""))
    ranking = {"out_of_scope": 0.83}
    reply = await talk.say(f"{price - 20}那个怎么样", "out_of_scope", ranking)
    assert (reply["name"], second in reply["text"]) == ("utter_product_told", True)


async def test_a_product_that_is_asked_of_is_no_certificate(talk: Talk) -> None:
    shown = await talk.say("送爸爸", "gift_ideas", recipient="father")
    assert "卡包" in shown["text"]
    ranking = {"shipping_delivery": 0.64}
    line, check = await talk.turn("卡包多大 带盒子吗", "shipping_delivery", ranking)
    assert line["text"].startswith("卡包 ¥1,380")
    assert (check["name"], check["hand_over"]) == ("utter_product_check", "product_question")
    await talk.say("送爸爸", "gift_ideas", recipient="father")
    reply = await talk.say("卡包挺好。寄贵阳收邮费不", "shipping_delivery", ranking)
    assert reply["name"] == "utter_shipping_delivery"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("first, do you ship abroad?", "product_info"),
        ("第三个月能换吗", "product_info"),
        ("这款就算了，预算一千二吧", "inform"),
        ("no, another one around 1100 please", "inform"),
    ],
)
async def test_not_every_number_points_at_one_of_those_shown(
    talk: Talk, text: str, intent: str
) -> None:
    await talk.say("送女朋友", "gift_ideas", recipient="girlfriend")
    assert (await talk.say(text, intent))["name"] != "utter_product_told"


async def test_two_of_those_shown_are_pointed_at(talk: Talk) -> None:
    shown = (await talk.say("送女朋友", "gift_ideas", recipient="girlfriend"))["text"]
    lines = [line.partition(". ")[2] for line in shown.splitlines() if line[:2] in {"2.", "3."}]
    reply = await talk.say("第二款和第三款哪个好", "product_info")
    assert [line in reply["text"] for line in lines] == [True, True]


async def test_beside_a_rule_the_line_of_the_product_that_is_named(talk: Talk) -> None:
    line, rule = await talk.turn("小方巾是多大的", "size_fitting")
    assert "小方巾 ¥720" in line["text"]
    assert rule["name"] == "utter_size_fitting"
    rule = await talk.say("手腕怎么量", "size_fitting")
    assert rule["name"] == "utter_size_fitting"


async def test_what_was_shown_alone_is_asked_of_next(talk: Talk) -> None:
    await talk.say("羊绒披肩多少钱", "product_price")
    reply = await talk.say("贵不贵", "product_price")
    assert "羊绒披肩 ¥3,200" in reply["text"]


async def test_the_product_spoken_of_is_kept_and_further_details_are_a_persons(talk: Talk) -> None:
    await talk.say("方巾怎么样", "product_info")
    assert "小方巾 ¥720" in (await talk.say("贵不贵", "product_price"))["text"]
    reply = await talk.say("会不会起球", "product_info")
    assert (reply["name"], reply["hand_over"]) == ("utter_product_check", "product_question")


async def test_another_kind_is_not_the_product_spoken_of(talk: Talk) -> None:
    await talk.say("方巾怎么样", "product_info")
    reply = await talk.say("香水多少钱", "product_price", product_category="fragrance")
    assert reply["name"] == "utter_product_price"
    assert "小方巾" not in reply["text"]


@pytest.mark.parametrize("text", ["第二个多少钱", "how much is the second one"])
async def test_one_of_those_shown_is_pointed_at(talk: Talk, text: str) -> None:
    shown = (await talk.say("送女朋友", "gift_ideas", recipient="girlfriend"))["text"]
    second = next(line for line in shown.splitlines() if line.startswith("2."))
    reply = await talk.say(text, "product_price")
    assert second.removeprefix("2. ") in reply["text"]


async def test_a_part_of_a_name_is_understood_among_gifts_only(talk: Talk) -> None:
    assert (await talk.say("刚才那个方巾", "nlu_fallback"))["name"] == "utter_unsure"
    await talk.say("送女朋友", "gift_ideas", recipient="girlfriend")
    assert (await talk.say("刚才那个方巾", "nlu_fallback"))["name"] == "utter_product_told"


@pytest.mark.parametrize(
    ("text", "ranking", "name"),
    [
        ("加到两千吧", {"out_of_scope": 0.3}, "utter_gift"),
        ("加到两千吧", {"out_of_scope": 0.95}, "utter_gift"),
        ("机票两千贵不贵", {"out_of_scope": 0.95}, "utter_out_of_scope"),
        (
            "两千块的机票帮我订一张去三亚的行不行下周就要走的那种",
            {"out_of_scope": 0.3},
            "utter_out",
        ),
    ],
)
async def test_a_talk_of_gifts_takes_what_is_hardly_out_of_scope(
    talk: Talk, text: str, ranking: dict[str, float], name: str
) -> None:
    await talk.say("送女朋友", "gift_ideas", recipient="girlfriend")
    assert (await talk.say(text, "out_of_scope", ranking))["name"].startswith(name)


async def test_a_sum_among_gifts_is_a_budget(talk: Talk) -> None:
    await talk.say("送女朋友", "gift_ideas", recipient="girlfriend")
    reply = await talk.say("too much, under 600", "product_price")
    assert reply["name"] == "utter_gift_ideas"


async def test_what_suits_somebody_else_is_a_gift(talk: Talk) -> None:
    await talk.say("送女朋友", "gift_ideas", recipient="girlfriend")
    assert (await talk.say("推荐哪个", "product_recommendation"))["name"] == "utter_gift_ideas"


@pytest.mark.parametrize(("text", "recipient"), [("我自己看", "self"), ("对象不想去", "partner")])
async def test_a_refusal_that_names_somebody_opens_no_talk_of_gifts(
    talk: Talk, text: str, recipient: str
) -> None:
    reply = await talk.say(f"{text}，不用了", "deny", recipient=recipient)
    assert reply["name"] == "utter_cancelled"


async def test_where_the_number_is_explains_and_anything_else_brings_a_person(talk: Talk) -> None:
    await talk.say("改地址", "order_change")
    assert (await talk.say("订单号在哪里看", "order_change"))["name"] == "utter_where_orders"
    reply = await talk.say("昨天买错颜色了", "nlu_fallback", weekday_or_date="昨天")
    assert (reply["name"], reply["hand_over"]) == ("utter_order_change", "order_change")


async def test_a_whole_name_needs_no_talk_before_it(talk: Talk) -> None:
    reply = await talk.say("好吧，小样香水是不是分装的", "nlu_fallback")
    assert reply["text"].startswith("小样香水 ¥450：好看")


async def test_enough_is_no_wish_for_a_person(talk: Talk) -> None:
    await talk.say("嗯", "nlu_fallback", {"gift_ideas": 0.4, "product_info": 0.3})
    assert (await talk.say("算了不买了", "deny"))["name"] == "utter_cancelled"


async def test_a_day_after_hours_is_no_greeting(talk: Talk) -> None:
    await talk.say("外滩店几点开门", "store_hours", store="bund")
    reply = await talk.say("Monday morning?", "greet", weekday_or_date="Monday")
    assert "外滩店" in reply["text"]


async def test_the_one_of_those_shown_that_a_word_of_its_name_fits(talk: Talk) -> None:
    await talk.say("送女朋友", "gift_ideas", recipient="girlfriend")
    await talk.say("长丝巾怎么样", "product_info")
    assert "小方巾" in (await talk.say("小的呢", "inform"))["text"]


async def test_a_product_named_in_another_question_is_remembered(talk: Talk) -> None:
    await talk.say("飘带丝巾几天能寄到", "shipping_delivery", {"shipping_delivery": 0.9})
    reply = await talk.say("这条多少钱来着", "product_price")
    assert "飘带丝巾 ¥1,050" in reply["text"]


@pytest.mark.parametrize("intent", ["inform", "affirm"])
async def test_who_chooses_one_is_told_of_it(talk: Talk, intent: str) -> None:
    shown = (await talk.say("送女朋友", "gift_ideas", recipient="girlfriend"))["text"]
    second = next(line for line in shown.splitlines() if line.startswith("2."))
    reply = await talk.say("就要第二个吧", intent)
    assert second.removeprefix("2. ") in reply["text"]


async def test_after_a_long_silence_no_product_is_remembered(talk: Talk) -> None:
    await talk.say("飘带丝巾几天能寄到", "shipping_delivery", {"shipping_delivery": 0.9})
    talk.now += timedelta(days=3)
    assert (await talk.say("多少钱", "product_price"))["name"] == "utter_product_price_general"


async def test_what_the_line_says_is_told_again_and_what_it_does_not_is_a_persons(
    talk: Talk,
) -> None:
    await talk.say("披肩是什么样的", "product_info")
    assert "羊绒披肩" in (await talk.say("是真羊绒的吗", "product_info"))["text"]
    reply = await talk.say("里面有真丝吗", "product_info")
    assert reply["hand_over"] == "product_question"


async def test_how_much_after_a_rule_asks_for_the_sums_in_it(talk: Talk) -> None:
    await talk.say("几天能寄到", "shipping_delivery", {"shipping_delivery": 0.9})
    assert (await talk.say("要多少钱", "product_price"))["name"] == "utter_shipping_delivery"


async def test_how_much_of_something_named_is_no_question_about_the_rule(talk: Talk) -> None:
    await talk.say("几天能寄到", "shipping_delivery", {"shipping_delivery": 0.9})
    reply = await talk.say("那笔本身多少钱", "product_price")
    assert reply["name"] == "utter_product_price_general"


async def test_of_a_kind_that_is_asked_for_some_are_shown(talk: Talk) -> None:
    reply = await talk.say(
        "你们家有丝巾没得", "product_availability", product_category="丝巾=scarf"
    )
    assert reply["name"] == "utter_product_recommendation"
    assert "丝巾" in reply["text"]


@pytest.mark.parametrize("text", ["丝巾还有货吗", "这款丝巾有红色的吗", "丝巾断货了？"])
async def test_the_stock_is_looked_up_by_a_person(talk: Talk, text: str) -> None:
    reply = await talk.say(text, "product_availability", product_category="丝巾=scarf")
    assert reply["hand_over"] == "stock_check"


async def test_before_the_stock_of_a_product_its_line_is_told(talk: Talk) -> None:
    line, stock = await talk.turn("羊绒披肩还有货吗", "product_availability")
    assert "羊绒披肩" in line["text"]
    assert stock["hand_over"] == "stock_check"
    assert (await talk.say("你们卖羊绒披肩吗", "product_availability"))["hand_over"] is None


async def test_what_was_shown_before_is_pointed_at_later(talk: Talk) -> None:
    shown = await talk.say("送女朋友什么好", "gift_ideas", recipient="女朋友=girlfriend")
    await talk.say("外面好冷", "out_of_scope", {"out_of_scope": 0.95})
    reply = await talk.say("刚才说的第三个多少钱来着", "product_price")
    line = next(each for each in shown["text"].splitlines() if each.startswith("3. "))
    assert line.removeprefix("3. ") in reply["text"]


async def test_the_piece_just_told_is_the_one_to_engrave(talk: Talk) -> None:
    await talk.say("羊绒披肩多少钱", "product_price")
    line, rule = await talk.turn("可以刻字吗", "personalisation_engraving")
    assert "羊绒披肩" in line["text"]
    assert rule["name"] == "utter_personalisation_engraving"


@pytest.mark.parametrize(
    ("text", "is_persons"),
    [
        ("羊绒披肩有什么颜色", True),
        ("小方巾多大", True),
        ("羊绒披肩戴着会过敏吗", True),
        ("羊绒披肩是什么材质", False),
        ("羊绒披肩怎么样", False),
    ],
)
async def test_a_detail_that_the_line_lacks_is_a_persons(
    talk: Talk, text: str, is_persons: bool
) -> None:
    replies = await talk.turn(text, "product_info")
    assert replies[0]["name"] == "utter_product_told"
    assert (replies[-1]["hand_over"] == "product_question") == is_persons


async def test_the_stock_of_a_known_piece_is_asked_for_with_its_shop(talk: Talk) -> None:
    await talk.say("羊绒披肩怎么样", "product_info")
    reply = await talk.say("外滩店有现货吗", "product_availability", store="bund")
    assert reply["hand_over"] == "stock_check"
    assert "外滩店的羊绒披肩" in reply["text"]


async def test_the_price_of_a_thing_that_one_has_is_no_news(talk: Talk) -> None:
    reply = await talk.say("羊绒披肩怎么洗", "care_maintenance")
    assert reply["name"] == "utter_care_maintenance"


async def test_products_that_are_compared_are_told_side_by_side(talk: Talk) -> None:
    reply = await talk.say("羊绒披肩和小方巾哪个好", "product_recommendation")
    assert reply["name"] == "utter_product_told"
    assert "羊绒披肩" in reply["text"]
    assert "小方巾" in reply["text"]


async def test_a_shop_that_is_known_is_not_asked_for(talk: Talk) -> None:
    reply = await talk.say("外滩店有货吗", "product_availability", store="bund")
    assert (reply["name"], reply["hand_over"]) == ("utter_stock_at_place", "stock_check")


async def test_the_cheapest_thing_for_somebody_is_a_gift(talk: Talk) -> None:
    reply = await talk.say("送女朋友的最便宜多少钱", "product_price", recipient="girlfriend")
    assert reply["name"] == "utter_gift_ideas"


async def test_what_is_ruled_out_is_not_compared(talk: Talk) -> None:
    text = "除了羊绒披肩和小方巾，还有什么推荐"
    assert (await talk.say(text, "product_recommendation"))["name"] != "utter_product_told"


async def test_a_smaller_one_is_of_the_same_kind(talk: Talk) -> None:
    await talk.say("羊绒披肩怎么样", "product_info")
    reply = await talk.say("有没有小一点的", "product_recommendation")
    assert "小方巾" in reply["text"]


async def test_the_engraving_of_a_piece_talked_of_before_is_in_its_line(talk: Talk) -> None:
    await talk.say("男士钱包多少钱", "product_price")
    await talk.say("几天能寄到", "shipping_delivery", {"shipping_delivery": 0.9})
    line, rule = await talk.turn("刻字免费吗", "personalisation_engraving")
    assert "免费压印缩写" in line["text"]
    assert rule["name"] == "utter_personalisation_engraving"


async def test_the_piece_of_a_kind_that_takes_an_engraving_is_told(talk: Talk) -> None:
    line, _ = await talk.turn(
        "钱包可以印名字吗", "personalisation_engraving", product_category="钱包=wallet"
    )
    assert "男士钱包" in line["text"]


@pytest.mark.parametrize(
    ("talked", "text", "total"),
    [
        (("羊绒披肩多少钱", "小方巾呢"), "两条一起多少", "¥3,920"),
        ((), "羊绒披肩和男士钱包加起来多少钱", "¥4,200"),
        (("羊绒披肩多少钱", "小方巾呢", "长丝巾呢"), "一共多少钱", "¥1,970"),
    ],
)
async def test_the_prices_of_several_are_added(
    talk: Talk, talked: tuple[str, ...], text: str, total: str
) -> None:
    for each in talked:
        await talk.say(each, "product_info")
    reply = await talk.say(text, "product_price")
    assert reply["name"] == "utter_product_sum"
    assert total in reply["text"]


async def test_the_first_two_of_those_shown_are_added(talk: Talk) -> None:
    shown = (await talk.say("送女朋友", "gift_ideas", recipient="girlfriend"))["text"]
    prices = [
        int(line.partition("¥")[2].partition("：")[0].replace(",", ""))
        for line in shown.splitlines()
        if line.startswith(("1.", "2."))
    ]
    reply = await talk.say("前两个一起多少钱", "product_price")
    assert f"¥{sum(prices):,}。" in reply["text"]


async def test_what_another_kind_costs_is_not_added_to_what_was_shown(talk: Talk) -> None:
    await talk.say("羊绒披肩多少钱", "product_price")
    await talk.say("小方巾多少钱", "product_price")
    reply = await talk.say("加上钱包一共多少", "product_price", product_category="钱包=wallet")
    assert reply["name"] != "utter_product_sum"


async def test_the_price_of_what_was_just_shown_needs_no_name(talk: Talk) -> None:
    shown = (await talk.say("送女朋友", "gift_ideas", recipient="girlfriend"))["text"]
    first = next(line for line in shown.splitlines() if line.startswith("1. "))
    reply = await talk.say("多少钱那些", "product_price")
    assert first in reply["text"]


async def test_the_stock_of_a_piece_in_a_shop_is_no_way_there(talk: Talk) -> None:
    await talk.say("羊绒披肩怎么样", "product_info")
    reply = await talk.say("外滩店有货吗", "store_location", store="bund")
    assert (reply["name"], reply["hand_over"]) == ("utter_stock_check", "stock_check")
    assert "羊绒披肩" in reply["text"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("就是收货人换成我朋友可以不", "order_change"), ("还没发货呢，门牌号写错了", "order_status")],
)
async def test_what_is_changed_about_an_order_stays_with_it(
    talk: Talk, text: str, name: str
) -> None:
    await talk.say("想改订单", "order_change")
    reply = await talk.say(text, name, recipient="朋友=girlfriend" if "朋友" in text else "")
    assert (reply["name"], reply["hand_over"]) == ("utter_order_change", "order_change")


async def test_who_is_offered_a_person_and_says_yes_gets_one(talk: Talk) -> None:
    await talk.say("订单到哪了 13812345678", "order_status", phone="13812345678")
    assert (await talk.say("那帮我转一下", "affirm"))["name"] == "utter_human_agent"


async def test_a_look_in_vain_brings_a_person(talk: Talk) -> None:
    await talk.say("发票怎么没收到", "invoice", {"invoice": 0.9})
    reply = await talk.say("邮箱看了，垃圾箱也没有", "store_contact")
    assert reply["name"] == "utter_unsolved"


async def test_who_comes_along_gets_no_gift(talk: Talk) -> None:
    await talk.say("外滩店几点开门", "store_hours", store="bund")
    reply = await talk.say(
        "周六呢，想带女朋友去", "inform", weekday_or_date="周六", recipient="girlfriend"
    )
    assert reply["name"] == "utter_store_hours"


async def test_a_parcel_before_a_feast_is_no_visit(talk: Talk) -> None:
    await talk.say("外滩店几点开门", "store_hours", store="bund")
    ranking = {"shipping_delivery": 0.68}
    reply = await talk.say("我说线上买的，圣诞前能到吗", "shipping_delivery", ranking)
    assert reply["name"].startswith("utter_delivery") or reply["name"] == "utter_shipping_delivery"


async def test_a_rule_of_which_a_detail_is_asked_gives_way_to_no_talk(talk: Talk) -> None:
    await talk.say("送女朋友", "gift_ideas", recipient="girlfriend")
    ranking = {"size_fitting": 0.55}
    replies = await talk.turn(
        "丝巾太大了怎么办", "size_fitting", ranking, product_category="丝巾=scarf"
    )
    assert replies[-1]["name"] == "utter_size_fitting"


async def test_who_gives_up_and_asks_for_a_call_gets_a_person(talk: Talk) -> None:
    await talk.say("会员怎么办", "membership_join", {"membership_join": 0.9})
    reply = await talk.say("算了弄不来，你叫个人给我打电话", "deny")
    assert reply["name"] == "utter_human_agent"
    await talk.say("会员怎么办", "membership_join", {"membership_join": 0.9})
    assert (await talk.say("不需要派个人来", "deny"))["name"] == "utter_cancelled"


async def test_the_phone_of_a_shop_needs_no_understanding(talk: Talk) -> None:
    reply = await talk.say(
        "算了打车，外滩那家电话给我下", "out_of_scope", {"out_of_scope": 0.63}, store="bund"
    )
    assert reply["name"] == "utter_store_contact_shops"


async def test_what_is_refused_after_gifts_is_not_told_of(talk: Talk) -> None:
    await talk.say("送女朋友", "gift_ideas", recipient="girlfriend")
    reply = await talk.say(
        "她不用香水", "product_info", {"product_info": 0.5}, product_category="香水=fragrance"
    )
    assert reply["name"] == "utter_gift_ideas"


@pytest.mark.parametrize("text", ["第三个一共多少钱", "四个一起多少钱", "前两天看的那款一起多少钱"])
async def test_not_every_number_of_things_is_added(talk: Talk, text: str) -> None:
    await talk.say("送女朋友", "gift_ideas", recipient="girlfriend")
    assert (await talk.say(text, "product_price"))["name"] != "utter_product_sum"


async def test_a_parcel_that_did_not_come_was_not_looked_for_in_vain(talk: Talk) -> None:
    await talk.say("几天能寄到", "shipping_delivery", {"shipping_delivery": 0.9})
    reply = await talk.say("我的包裹还没收到", "order_status", {"order_status": 0.97})
    assert reply["name"] == "utter_ask_order_no"


async def test_who_urges_and_asks_for_something_gets_it(talk: Talk) -> None:
    await talk.say("订单到哪了 13812345678", "order_status", phone="13812345678")
    reply = await talk.say("赶紧帮我改下订单地址", "order_change", {"order_change": 0.98})
    assert reply["name"] != "utter_noted"


async def test_who_brings_something_may_still_be_given_to(talk: Talk) -> None:
    reply = await talk.say("同事来家里 送什么好", "gift_ideas", recipient="同事=girlfriend")
    assert reply["name"] == "utter_gift_ideas"


async def test_who_refuses_a_person_and_asks_how_is_told_the_rule(talk: Talk) -> None:
    await talk.say("会员怎么办", "membership_join", {"membership_join": 0.9})
    reply = await talk.say("不用转人工，你告诉我怎么弄就行", "deny")
    assert reply["name"] == "utter_membership_join"


async def test_who_comes_back_to_gifts_is_shown_others(talk: Talk) -> None:
    first = await talk.say("送女朋友", "gift_ideas", recipient="girlfriend")
    await talk.say("会员怎么办", "membership_join", {"membership_join": 0.9})
    await talk.say("外滩店几点开门", "store_hours", store="bund")
    again = await talk.say("好的，回到刚才，还有别的款吗", "inform")
    assert again["name"] == "utter_gift_ideas"
    assert again["text"] != first["text"]


async def test_where_a_parcel_is_seen_needs_no_number(talk: Talk) -> None:
    assert (await talk.say("在哪看物流", "order_status"))["name"] == "utter_where_orders"


async def test_the_address_comes_with_the_hours_that_are_asked_for(talk: Talk) -> None:
    where, hours = await talk.turn(
        "外滩店在哪，周六开到几点", "store_location", store="bund", weekday_or_date="周六"
    )
    assert where["name"] == "utter_store_location"
    assert hours["name"] == "utter_store_hours"
