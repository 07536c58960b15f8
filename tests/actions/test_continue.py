"""A bare yes, no or piece of information."""

from datetime import timedelta

import pytest

from bot.spoken import PAUSE_SECONDS
from tests.actions.conftest import Talk


@pytest.mark.parametrize(
    ("text", "entities", "name"),
    [
        ("上海", {"city": "shanghai"}, "utter_store_location_city"),
        ("外滩店", {"store": "bund"}, "utter_store_location"),
        ("周六", {"weekday_or_date": "周六"}, "utter_ask_city"),
        ("上海周六", {"city": "shanghai", "weekday_or_date": "周六"}, "utter_store_hours_city"),
        ("给妈妈", {"recipient": "mother"}, "utter_gift_ideas"),
        ("五百左右", {"budget": "五百左右"}, "utter_gift_ideas_within"),
        ("嗯这个那个", {}, "utter_unsure"),
    ],
)
async def test_information_finds_its_subject(
    talk: Talk, text: str, entities: dict[str, str], name: str
) -> None:
    assert (await talk.say(text, "inform", **entities))["name"] == name


async def test_the_present_subject_takes_what_it_can_use(talk: Talk) -> None:
    await talk.say("外滩店在哪", "store_location", store="bund")
    assert (await talk.say("北京呢", "inform", city="beijing"))["name"] == "utter_store_location"
    reply = await talk.say("周六呢", "inform", weekday_or_date="周六")
    assert reply["name"] == "utter_store_hours"
    assert "北京三里屯店" in reply["text"]


async def test_another_subject_and_back(talk: Talk) -> None:
    await talk.say("北京店周六几点关门", "store_hours", city="beijing")
    await talk.say("送妈妈一千左右", "gift_ideas", recipient="mother")
    reply = await talk.say("周日呢", "inform", weekday_or_date="周日")
    assert "北京三里屯店" in reply["text"]
    assert "周日（11月29日）" in reply["text"]


async def test_no_ends_a_question_politely(talk: Talk) -> None:
    await talk.say("几点关门", "store_hours")
    reply = await talk.say("算了不用了", "deny")
    assert reply["name"] == "utter_cancelled"
    assert talk.slots["awaiting"] is None


async def test_no_with_a_correction_goes_on(talk: Talk) -> None:
    await talk.say("北京店周六几点关门", "store_hours", city="beijing")
    reply = await talk.say("不是，是上海", "deny", city="shanghai")
    assert reply["name"] == "utter_store_hours_city"


async def test_no_to_an_answer_brings_a_person(talk: Talk) -> None:
    await talk.say("北京店周六几点关门", "store_hours", city="beijing")
    reply = await talk.say("不对", "deny")
    assert (reply["name"], reply["hand_over"]) == ("utter_unsure", "unsure")


async def test_yes_after_an_answer_is_taken_as_thanks(talk: Talk) -> None:
    await talk.say("外滩店在哪", "store_location", store="bund")
    assert (await talk.say("好的", "affirm"))["name"] == "utter_thanks"


async def test_who_wants_no_person_is_not_looking_for_a_gift_for_himself(talk: Talk) -> None:
    await talk.say("送妈妈一千左右", "gift_ideas", recipient="mother")
    reply = await talk.say("不用转客服，我自己看就好", "deny", recipient="self")
    assert reply["name"] == "utter_cancelled"


async def test_cheaper_after_gifts_asks_for_other_gifts_not_for_a_campaign(talk: Talk) -> None:
    await talk.say("送女朋友两千左右", "gift_ideas", recipient="girlfriend", budget="两千左右")
    reply = await talk.say("有更便宜的嗎", "promotion_campaign")
    assert reply["name"].startswith("utter_gift")


async def test_what_is_not_liked_ends_no_talk_but_enough_does(talk: Talk) -> None:
    await talk.say("送女朋友一千左右", "gift_ideas", recipient="girlfriend")
    assert (await talk.say("她早退休了不用上班", "deny"))["name"] == "utter_cancelled"
    assert (await talk.say("有便宜点的吗", "inform"))["name"] == "utter_gift_ideas"
    await talk.say("算了不买了", "deny")
    assert talk.slots["subject"] is None


@pytest.mark.parametrize("text", ["啊？？那北京", "打错了，是北京"])
async def test_a_bare_place_goes_on_whatever_it_is_taken_for(talk: Talk, text: str) -> None:
    await talk.say("外滩店周六几点开门", "store_hours", store="bund")
    reply = await talk.say(text, "order_change", {"order_change": 0.7}, city="北京=beijing")
    assert "北京三里屯店周六" in reply["text"]


@pytest.mark.parametrize(
    ("confidence", "name"), [(0.55, "utter_store_hours"), (0.9, "utter_shipping_delivery")]
)
async def test_a_doubtful_subject_gives_way_to_the_present_one(
    talk: Talk, confidence: float, name: str
) -> None:
    await talk.say("外滩店周六几点开门", "store_hours", store="bund")
    ranking = {"shipping_delivery": confidence}
    reply = await talk.say("礼拜天到的话呢", "shipping_delivery", ranking, weekday_or_date="礼拜天")
    assert reply["name"] == name


async def test_good_is_not_wrong(talk: Talk) -> None:
    await talk.say("外滩店周六几点开门", "store_hours", store="bund")
    assert (await talk.say("不用了，挺不错的", "deny"))["name"] == "utter_cancelled"


async def test_the_other_shop_is_the_citys_other_shop(talk: Talk) -> None:
    await talk.say("外滩店周六几点开门", "store_hours", store="bund")
    reply = await talk.say("你们另一家呢", "store_hours")
    assert "上海徐汇店周六" in reply["text"]


async def test_a_city_named_after_hours_is_no_question_of_price(talk: Talk) -> None:
    await talk.say("外滩店周六几点开门", "store_hours", store="bund")
    reply = await talk.say("北京的呢，贵不贵", "product_price", city="北京=beijing")
    assert "北京三里屯店" in reply["text"]


@pytest.mark.parametrize("text", ["沒有預算", "隨便都行"])
async def test_traditional_script_answers_just_as_well(talk: Talk, text: str) -> None:
    talk.language = "zh-Hant"
    await talk.say("想買個禮物", "gift_ideas")
    assert (await talk.say(text, "deny"))["name"] == "utter_gift_ideas_general"


async def test_a_time_answers_when_a_day_was_asked_for(talk: Talk) -> None:
    await talk.say("想预约看戒指", "appointment_booking")
    asked = await talk.say("北京", "inform", city="beijing")
    assert asked["name"] == "utter_ask_day"
    reply = await talk.say(
        "3pm，两个人", "nlu_fallback", {"nlu_fallback": 0.4, "appointment_booking": 0.4}
    )
    assert reply["name"] == "utter_appointment"


async def test_the_other_shop_is_asked_for_by_no_name(talk: Talk) -> None:
    await talk.say("外滩店在哪", "store_location", store="bund")
    reply = await talk.say("and the other one?", "inform")
    assert reply["name"].startswith("utter_store_location")
    assert "外滩" not in reply["text"]


async def test_a_kind_that_is_not_borne_is_no_small_talk(talk: Talk) -> None:
    await talk.say("送妈妈一千左右", "gift_ideas", recipient="mother")
    reply = await talk.say(
        "她闻不了香水", "out_of_scope", {"out_of_scope": 0.9}, product_category="fragrance"
    )
    assert reply["name"].startswith("utter_gift_ideas")


async def test_whatever_is_the_end_where_nothing_was_asked(talk: Talk) -> None:
    await talk.say("外滩店在哪", "store_location", store="bund")
    assert (await talk.say("whatever. fine.", "deny"))["name"] == "utter_cancelled"


async def test_a_day_that_is_not_understood_beside_a_shop_gets_its_hours(talk: Talk) -> None:
    await talk.say("外滩店在哪", "store_location", store="bund")
    ranking = {"nlu_fallback": 0.45, "reservation_change_cancel": 0.4, "store_hours": 0.3}
    reply = await talk.say(
        "十二月十六号过去行吗", "nlu_fallback", ranking, weekday_or_date="十二月十六号"
    )
    assert reply["name"] == "utter_store_hours"
    assert "12月16日" in reply["text"]


async def test_the_first_of_what_was_shown_is_no_question_about_the_bot(talk: Talk) -> None:
    await talk.say("送妈妈一千左右", "gift_ideas", recipient="mother")
    reply = await talk.say(
        "你说的头一个是什么做的", "shipping_delivery", {"shipping_delivery": 0.5}
    )
    assert reply["name"].startswith("utter_product")


async def test_an_address_told_for_an_order_asks_for_no_shop(talk: Talk) -> None:
    assert (await talk.say("地址写错了", "order_change"))["name"] == "utter_ask_order_to_change"
    reply = await talk.say("换成北京朝阳路88号", "inform", city="beijing")
    assert (reply["name"], reply["hand_over"]) == ("utter_order_change", "order_change")


async def test_a_place_answers_which_city(talk: Talk) -> None:
    await talk.say("想预约看戒指", "appointment_booking")
    reply = await talk.say("北京那边最方便", "store_location", city="beijing")
    assert reply["name"] == "utter_ask_day"


async def test_who_asks_back_for_the_place_is_told_it(talk: Talk) -> None:
    await talk.say("想预约看戒指", "appointment_booking")
    reply = await talk.say("北京店在哪", "store_location", city="beijing")
    assert reply["name"].startswith("utter_store_location")


async def test_enough_of_a_wish_is_one_whatever_it_is_taken_for(talk: Talk) -> None:
    await talk.say("外滩店在哪", "store_location", store="bund")
    reply = await talk.say(
        "想揀條絲巾畀女朋友，二千蚊內",
        "nlu_fallback",
        {"nlu_fallback": 0.45},
        recipient="girlfriend",
    )
    assert reply["name"].startswith("utter_gift")


async def test_the_service_has_hours_of_its_own(talk: Talk) -> None:
    assert (await talk.say("你们客服几点下班", "store_hours"))["name"] == "utter_store_contact"


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("六月二十号那笔呢", {"weekday_or_date": "六月二十号"}),
        ("北京的", {"city": "beijing"}),
        ("四千八不行吗", {"budget": "四千八"}),
    ],
)
async def test_a_fragment_after_a_rule_asks_of_the_same(
    talk: Talk, text: str, entities: dict[str, str]
) -> None:
    await talk.say("几天能寄到", "shipping_delivery", {"shipping_delivery": 0.9})
    assert (await talk.say(text, "inform", **entities))["name"] == "utter_shipping_delivery"


async def test_a_fragment_after_a_rule_goes_on_with_the_talk_that_can_use_it(talk: Talk) -> None:
    await talk.say("外滩店周六几点关门", "store_hours", store="bund", weekday_or_date="周六")
    await talk.say("几天能寄到", "shipping_delivery", {"shipping_delivery": 0.9})
    reply = await talk.say("那周日呢", "inform", weekday_or_date="周日")
    assert reply["name"] == "utter_store_hours"


async def test_what_is_not_understood_is_likely_of_the_rule_just_told(talk: Talk) -> None:
    await talk.say("几天能寄到", "shipping_delivery", {"shipping_delivery": 0.9})
    ranking = {"nlu_fallback": 0.45, "shipping_delivery": 0.4, "order_status": 0.3}
    reply = await talk.say("那边远地方来得及不", "nlu_fallback", ranking)
    assert reply["name"] == "utter_shipping_delivery"


@pytest.mark.parametrize(
    ("text", "intent", "ranking"),
    [
        ("那边一般多久", "order_change", {"order_change": 0.64}),
        ("线下店也能用？", "store_location", {"store_location": 0.7}),
        ("盒子我拆开了", "deny", {"deny": 0.5, "shipping_delivery": 0.3}),
        ("哦是这样", "out_of_scope", {"out_of_scope": 0.5, "shipping_delivery": 0.3}),
    ],
)
async def test_what_is_hardly_of_another_subject_leans_on_the_rule_just_told(
    talk: Talk, text: str, intent: str, ranking: dict[str, float]
) -> None:
    await talk.say("几天能寄到", "shipping_delivery", {"shipping_delivery": 0.9})
    assert (await talk.say(text, intent, ranking))["name"] == "utter_shipping_delivery"


@pytest.mark.parametrize(
    ("text", "intent", "ranking", "entities"),
    [
        ("北京的店在哪", "store_location", {"store_location": 0.7}, {"city": "beijing"}),
        ("那你们店在哪", "store_location", {"store_location": 0.9}, {}),
        ("卡包退了吗", "order_change", {"order_change": 0.6, "promotion_campaign": 0.2}, {}),
        ("不用了", "deny", {"deny": 0.7}, {}),
    ],
)
async def test_what_stands_for_itself_leans_on_no_rule(
    talk: Talk, text: str, intent: str, ranking: dict[str, float], entities: dict[str, str]
) -> None:
    await talk.say("几天能寄到", "shipping_delivery", {"shipping_delivery": 0.9})
    reply = await talk.say(text, intent, ranking, **entities)
    assert reply["name"] != "utter_shipping_delivery"


async def test_who_asks_on_after_the_campaigns_is_told_what_is_asked(talk: Talk) -> None:
    first = await talk.say("有什么活动", "promotion_campaign")
    until = await talk.say("到哪天为止", "order_change", {"order_change": 0.9})
    assert first["name"] == until["name"] == "utter_promotions"
    assert "2026年11月30日" in until["text"]
    assert "满 500 减 50" in first["text"]
    assert "满 500 减 50" not in until["text"]


async def test_a_budget_after_gifts_asks_for_no_campaign(talk: Talk) -> None:
    await talk.say("送妈妈三千左右", "gift_ideas", recipient="mother")
    reply = await talk.say("姐姐说不凑了，只能一千五以内", "promotion_campaign")
    assert reply["name"] == "utter_gift_ideas"
    reply = await talk.say("满1000减多少", "promotion_campaign")
    assert reply["name"] == "utter_promotions"


async def test_a_new_budget_after_gifts_is_never_out_of_scope(talk: Talk) -> None:
    await talk.say("送妈妈三千左右", "gift_ideas", recipient="mother")
    reply = await talk.say("update: raised to 1000 lol", "out_of_scope", {"out_of_scope": 0.9})
    assert reply["name"] == "utter_gift_ideas"
    assert "1000元" in reply["text"]


async def test_cheaper_than_a_product_asks_for_others(talk: Talk) -> None:
    await talk.say("羊绒披肩多少钱", "product_price")
    reply = await talk.say("还有没有比它更便宜的", "promotion_campaign")
    assert reply["name"] == "utter_gift_ideas_within"
    assert "羊绒披肩" not in reply["text"]


async def test_a_limit_after_a_product_is_no_end_of_the_talk(talk: Talk) -> None:
    await talk.say("羊绒披肩有吗", "product_info")
    reply = await talk.say("哎呀超了 我老公说最多两千", "deny", recipient="husband")
    assert reply["name"] == "utter_gift_ideas_within"


async def test_a_small_question_at_the_head_goes_on_whatever_follows(talk: Talk) -> None:
    await talk.say("外滩店今天开吗", "store_hours", store="bund", weekday_or_date="今天")
    ranking = {"out_of_scope": 0.94}
    text = "是喔…那明天早上呢，我们下午三点要去机场"
    reply = await talk.say(text, "out_of_scope", ranking, weekday_or_date="明天")
    assert reply["name"] == "utter_store_hours"
    assert "11月26日" in reply["text"]


async def test_who_says_do_it_after_a_rule_needs_a_person(talk: Talk) -> None:
    await talk.say("几天能寄到", "shipping_delivery", {"shipping_delivery": 0.9})
    assert (await talk.say("那现在就给我办", "affirm"))["hand_over"] == "asked_for_human"


async def test_a_day_in_a_small_question_after_a_rule_is_of_the_rule(talk: Talk) -> None:
    await talk.say("几天能寄到", "shipping_delivery", {"shipping_delivery": 0.9})
    text, ranking = "周二到今天五天 还在期限里吧", {"store_hours": 0.61}
    reply = await talk.say(text, "store_hours", ranking, weekday_or_date="周二")
    assert reply["name"] == "utter_shipping_delivery"


async def test_the_shops_of_a_city_are_never_out_of_scope_where_places_are_talked_of(
    talk: Talk,
) -> None:
    await talk.say("拉萨有店吗", "store_location", city="lhasa")
    ranking = {"out_of_scope": 0.97}
    reply = await talk.say("那香港有几间", "out_of_scope", ranking, city="hong_kong")
    assert reply["name"].startswith("utter_store_location")
    reply = await talk.say("香港天气怎么样", "out_of_scope", ranking, city="hong_kong")
    assert reply["name"] == "utter_out_of_scope"


async def test_a_number_after_a_rule_belongs_to_an_order(talk: Talk) -> None:
    await talk.say("几天能寄到", "shipping_delivery", {"shipping_delivery": 0.9})
    reply = await talk.say("那是LY26112300457吗", "inform", order_no="LY26112300457")
    assert reply["name"] != "utter_shipping_delivery"


async def test_a_holiday_after_an_address_asks_for_hours(talk: Talk) -> None:
    await talk.say("外滩店在哪", "store_location", store="bund")
    reply = await talk.say("圣诞正日呢", "inform", occasion="christmas", weekday_or_date="圣诞")
    assert reply["name"] == "utter_store_hours"


async def test_the_other_shop_is_meant_whatever_the_message_is_taken_for(talk: Talk) -> None:
    await talk.say("外滩店在哪", "store_location", store="bund")
    reply = await talk.say("and the other one?", "order_change", {"order_change": 0.9})
    assert reply["name"].startswith("utter_store_location")


@pytest.mark.parametrize(
    ("text", "intent", "ranking"),
    [
        ("运费算谁的", "deny", {"deny": 0.95}),
        ("那要多久能到", "product_info", {"product_info": 0.9}),
        ("三百多的包邮不", "nlu_fallback", {"nlu_fallback": 0.45}),
        ("乡下能送到的吧", "out_of_scope", {"out_of_scope": 0.6}),
    ],
)
async def test_a_detail_of_the_rule_just_told_is_told_whatever_it_is_taken_for(
    talk: Talk, text: str, intent: str, ranking: dict[str, float]
) -> None:
    whole = await talk.say("你们怎么发货", "shipping_delivery", {"shipping_delivery": 0.9})
    detail = await talk.say(text, intent, ranking)
    assert detail["name"] == "utter_shipping_delivery"
    assert len(detail["text"]) < len(whole["text"])


async def test_after_a_pause_no_rule_is_asked_about_any_more(talk: Talk) -> None:
    await talk.say("你们怎么发货", "shipping_delivery", {"shipping_delivery": 0.9})
    talk.now += timedelta(seconds=PAUSE_SECONDS)
    reply = await talk.say("运费", "inform", {"inform": 0.9})
    assert reply["name"] != "utter_shipping_delivery"


async def test_an_order_that_is_cancelled_at_last_is_no_longer_changed(talk: Talk) -> None:
    await talk.say("我想改地址", "order_change")
    reply = await talk.say("算了不改了，直接取消吧", "deny", {"deny": 0.94})
    assert reply["name"] in ("utter_order_cancel", "utter_ask_order_to_change")
    assert talk.slots["subject"] == "order_cancel"


async def test_what_is_taken_back_no_longer_counts(talk: Talk) -> None:
    await talk.say("送女朋友什么好", "gift_ideas", recipient="女朋友=girlfriend")
    reply = await talk.say(
        "不是丝巾，我是说男士钱包", "inform", product_category="丝巾=scarf 钱包=wallet"
    )
    assert "钱包" in reply["text"]
    assert "丝巾" not in reply["text"]


async def test_a_gift_that_was_asked_about_ends_no_talk_of_gifts(talk: Talk) -> None:
    await talk.say("送女朋友什么好", "gift_ideas", recipient="女朋友=girlfriend")
    told = await talk.say("第二个怎么样", "product_info")
    others = await talk.say("有便宜点的吗", "inform", {"inform": 0.9})
    assert told["name"] == "utter_product_told"
    assert others["name"] == "utter_gift_ideas"


async def test_a_detail_of_a_rule_is_known_over_a_short_aside(talk: Talk) -> None:
    await talk.say("你们怎么发货", "shipping_delivery", {"shipping_delivery": 0.9})
    await talk.say("外滩店在哪", "store_location", store="bund")
    reply = await talk.say("那运费算谁的", "membership_join", {"membership_join": 0.6})
    assert reply["name"] == "utter_shipping_delivery"


async def test_a_sure_refusal_asks_of_no_detail(talk: Talk) -> None:
    await talk.say("你们怎么发货", "shipping_delivery", {"shipping_delivery": 0.9})
    reply = await talk.say("那运费太贵，先不买了", "deny", {"deny": 0.97})
    assert reply["name"] == "utter_cancelled"


async def test_a_refusal_that_has_words_of_a_detail_asks_of_nothing(talk: Talk) -> None:
    await talk.say("你们怎么发货", "shipping_delivery", {"shipping_delivery": 0.9})
    assert (await talk.say("那先不包邮了", "deny", {"deny": 0.97}))["name"] == "utter_cancelled"


async def test_a_clause_is_no_detail_where_the_message_is_surely_of_another_subject(
    talk: Talk,
) -> None:
    await talk.say("你们怎么发货", "shipping_delivery", {"shipping_delivery": 0.9})
    reply = await talk.say("我想改地址。运费算谁的", "order_change", {"order_change": 0.95})
    assert reply["name"] == "utter_ask_order_to_change"


async def test_hours_are_asked_of_the_shop_talked_of_before_another_rule(talk: Talk) -> None:
    await talk.say("外滩店在哪", "store_location", store="bund")
    await talk.say("你们怎么发货", "shipping_delivery", {"shipping_delivery": 0.9})
    reply = await talk.say("那周五开到几点", "inform", {"inform": 0.7}, weekday_or_date="周五")
    assert reply["name"] == "utter_store_hours"


async def test_what_is_told_of_an_order_to_be_changed_is_of_that_order(talk: Talk) -> None:
    await talk.say("地址写错了", "order_change")
    reply = await talk.say("刚下单十分钟 还没发货", "order_status", {"order_status": 0.8})
    assert reply["name"] == "utter_order_change"


async def test_a_recipient_that_is_corrected_is_no_other_subject(talk: Talk) -> None:
    talk.language = "en"
    await talk.say("gift for my dad", "gift_ideas", recipient="dad=father")
    reply = await talk.say(
        "sorry I meant my mum", "out_of_scope", {"out_of_scope": 0.9}, recipient="mum=mother"
    )
    assert reply["name"] == "utter_gift_ideas"
    assert "mum" in reply["text"]


@pytest.mark.parametrize("text", ["先不取消了吧", "别取消订单", "don't just cancel it"])
async def test_an_order_that_shall_stay_is_not_cancelled(talk: Talk, text: str) -> None:
    await talk.say("我想改地址", "order_change")
    await talk.say(text, "deny", {"deny": 0.9})
    assert talk.slots["subject"] != "order_cancel"


@pytest.mark.parametrize("text", ["试过了 还是空白", "没用啊", "tried that already, still blank"])
async def test_what_was_tried_in_vain_is_a_persons(talk: Talk, text: str) -> None:
    await talk.say("你们怎么发货", "shipping_delivery", {"shipping_delivery": 0.9})
    reply = await talk.say(text, "deny", {"deny": 0.6})
    assert (reply["name"], reply["hand_over"]) == ("utter_unsolved", "unsure")


async def test_what_was_tried_before_any_rule_is_nothing_to_hand_over(talk: Talk) -> None:
    assert (await talk.say("试过了，还不错", "affirm"))["name"] != "utter_unsolved"


async def test_whether_a_city_has_a_shop_needs_no_understanding(talk: Talk) -> None:
    reply = await talk.say("那北京有boutique吗", "nlu_fallback", city="北京=beijing")
    assert reply["name"].startswith("utter_store_location")


async def test_what_there_is_of_a_kind_needs_no_understanding(talk: Talk) -> None:
    reply = await talk.say("香水有哪些男士的", "nlu_fallback", product_category="fragrance")
    assert reply["name"] == "utter_product_recommendation"


async def test_where_something_was_bought_asks_for_no_shop(talk: Talk) -> None:
    await talk.say("你们怎么发货", "shipping_delivery", {"shipping_delivery": 0.9})
    reply = await talk.say("我是外滩店买的", "inform", {"inform": 0.6}, store="bund")
    assert not reply["name"].startswith("utter_store_location")


async def test_after_what_shops_do_a_place_asks_for_its_shop(talk: Talk) -> None:
    await talk.say("戒指怎么量", "size_fitting")
    reply = await talk.say("北京的", "inform", {"inform": 0.9}, city="北京=beijing")
    assert reply["name"].startswith("utter_store_location")


async def test_what_an_order_that_is_to_be_changed_raises_is_told(talk: Talk) -> None:
    refund = await talk.say("取消了钱多久退", "order_change")
    assert "原路退回" in refund["text"]


@pytest.mark.parametrize("text", ["快点啊 要送人的", "尾号3391 你们看看"])
async def test_what_is_added_for_the_person_who_was_called_is_noted(talk: Talk, text: str) -> None:
    await talk.say("香水有货吗", "product_availability")
    reply = await talk.say(text, "nlu_fallback")
    assert (reply["name"], reply["hand_over"]) == ("utter_noted", "needs_person")


async def test_a_question_after_a_person_was_called_is_answered(talk: Talk) -> None:
    await talk.say("香水有货吗", "product_availability")
    reply = await talk.say("外滩店在哪", "store_location", store="bund")
    assert reply["name"] == "utter_store_location"


async def test_a_word_of_a_detail_does_not_make_the_weather_a_question_of_it(talk: Talk) -> None:
    await talk.say("你们怎么发货", "shipping_delivery", {"shipping_delivery": 0.9})
    reply = await talk.say("明天要多久能到周末", "out_of_scope", {"out_of_scope": 0.99})
    assert reply["name"] == "utter_out_of_scope"


async def test_a_short_message_that_is_all_of_a_detail_asks_of_it(talk: Talk) -> None:
    await talk.say("银项链怎么保养", "care_maintenance")
    reply = await talk.say("how often", "out_of_scope", {"out_of_scope": 0.97})
    assert reply["name"] == "utter_care_maintenance"


async def test_what_is_lacking_is_no_refusal(talk: Talk) -> None:
    await talk.say("表带断了能修吗", "repair_aftersales")
    reply = await talk.say("no receipt", "deny", {"deny": 0.9})
    assert reply["name"] == "utter_repair_aftersales"


async def test_parking_is_asked_of_further(talk: Talk) -> None:
    await talk.say("外滩店停车", "parking", store="bund")
    reply = await talk.say("免费吗", "inform", {"inform": 0.85})
    assert reply["name"] == "utter_parking"


async def test_a_car_park_is_what_the_next_question_of_money_is_about(talk: Talk) -> None:
    parking = await talk.say("外滩店停车", "store_location", store="bund")
    talk.slots["subject"] = "parking"
    again = await talk.say("贵不贵", "product_price", {"product_price": 0.95})
    assert parking["name"] == "utter_store_location"
    assert again["name"] == "utter_parking"


async def test_a_small_present_need_not_be_dear(talk: Talk) -> None:
    reply = await talk.say("学生党 送老师个小礼物", "gift_ideas", recipient="friend")
    assert "500元以内" in reply["text"]


@pytest.mark.parametrize(
    "text",
    [
        "鞋子试过了还能退吗",
        "买了还没用，能退吗",
        "打折的都不能退吗",
        "每家店都一样吗",
        "刻字的都不能退吧",
    ],
)
async def test_a_question_was_not_tried_in_vain(talk: Talk, text: str) -> None:
    await talk.say("你们怎么发货", "shipping_delivery", {"shipping_delivery": 0.9})
    assert (await talk.say(text, "deny", {"deny": 0.6}))["name"] != "utter_unsolved"


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("北京店的人态度太差了", {"city": "北京=beijing"}),
        ("我在北京的店里丢了围巾", {"city": "北京=beijing"}),
        ("香水漏了是什么原因", {"product_category": "fragrance"}),
    ],
)
async def test_what_went_wrong_asks_for_no_shop_or_goods(
    talk: Talk, text: str, entities: dict[str, str]
) -> None:
    reply = await talk.say(text, "nlu_fallback", **entities)
    assert reply["name"] in ("utter_unsure", "utter_clarify")


async def test_where_an_order_stands_asks_for_no_shop(talk: Talk) -> None:
    await talk.say("怎么还没发货", "order_status")
    reply = await talk.say("在哪看 找不到", "store_location", {"store_location": 0.83})
    assert reply["name"] == "utter_where_orders"
    reply = await talk.say("还是待发货", "order_status", {"order_status": 0.9})
    assert reply["hand_over"] == "order_status"


async def test_a_rule_gives_way_to_the_detail_of_another(talk: Talk) -> None:
    await talk.say("你们怎么发货", "shipping_delivery", {"shipping_delivery": 0.9})
    ranking = {"membership_points_balance": 0.5}
    reply = await talk.say("对了积分可以抵多少", "membership_points_balance", ranking)
    assert reply["name"] != "utter_shipping_delivery"


async def test_a_day_may_be_a_bare_number_of_english(talk: Talk) -> None:
    talk.language = "en"
    await talk.say("when does the Bund shop close on the 24th", "store_hours", store="bund")
    reply = await talk.say("and 26th?", "inform", {"inform": 0.9})
    assert "26 December" in reply["text"]


async def test_who_looks_by_themselves_is_told_where_the_order_is(talk: Talk) -> None:
    await talk.say("怎么还没发货", "order_status")
    reply = await talk.say("不用转人工 我自己看 在哪里看", "deny", {"deny": 0.99})
    assert reply["name"] == "utter_where_orders"


async def test_who_haggles_wants_no_other_gifts(talk: Talk) -> None:
    await talk.say("送妈妈三千左右", "gift_ideas", recipient="mother")
    names = [each["name"] for each in await talk.turn("能不能便宜点", "promotion_campaign")]
    assert names[0] == "utter_no_bargaining"


@pytest.mark.parametrize(
    ("text", "intent"),
    [("周五几点能送到", "shipping_delivery"), ("周六几点有空", "appointment_booking")],
)
async def test_not_every_hour_is_that_of_a_shop(talk: Talk, text: str, intent: str) -> None:
    await talk.say("外滩店在哪", "store_location", store="bund")
    await talk.say("你们怎么发货", "shipping_delivery", {"shipping_delivery": 0.9})
    reply = await talk.say(text, intent, {intent: 0.7}, weekday_or_date="周五")
    assert not reply["name"].startswith("utter_store_hours")


async def test_a_question_in_english_is_not_only_noted(talk: Talk) -> None:
    talk.language = "en"
    await talk.say("香水有货吗", "product_availability")
    reply = await talk.say(
        "do you ship to hong kong", "shipping_delivery", {"shipping_delivery": 0.6}
    )
    assert reply["name"] != "utter_noted"


async def test_whether_a_city_has_a_shop_is_no_detail_of_a_rule(talk: Talk) -> None:
    await talk.say("怎么入会", "membership_join", {"membership_join": 0.9})
    ranking = {"store_location": 0.98}
    reply = await talk.say("北京有门市吗", "store_location", ranking, city="北京=beijing")
    assert reply["name"].startswith("utter_store_location")


async def test_a_bare_date_is_held_against_the_rule_just_told(talk: Talk) -> None:
    await talk.say("能补开发票吗", "invoice")
    reply = await talk.say("6月20号", "inform", {"inform": 0.99}, weekday_or_date="6月20号")
    assert reply["name"] == "utter_invoice"


async def test_where_to_bring_something_is_told_with_the_shop(talk: Talk) -> None:
    await talk.say("戒指怎么量", "size_fitting")
    says = await talk.turn("北京 到店里量", "nlu_fallback", city="北京=beijing")
    assert {each["name"] for each in says} >= {"utter_size_fitting"}
    assert any(each["name"].startswith("utter_store_location") for each in says)


@pytest.mark.parametrize(
    ("text", "intent"), [("我是20号收到的", "affirm"), ("20号买的小程序上", "product_availability")]
)
async def test_the_date_of_a_purchase_is_of_the_rule_just_told(
    talk: Talk, text: str, intent: str
) -> None:
    await talk.say("能补开发票吗", "invoice")
    reply = await talk.say(text, intent, {intent: 0.6}, weekday_or_date="20号")
    assert reply["name"] == "utter_invoice"


@pytest.mark.parametrize("text", ["邻居说也见过", "使唔使預約", "已经用了一点了"])
async def test_a_doubtful_refusal_without_a_word_of_one_is_asked_back(
    talk: Talk, text: str
) -> None:
    await talk.say("外滩店在哪", "store_location", store="bund")
    reply = await talk.say(text, "deny", {"deny": 0.5, "store_hours": 0.2})
    assert reply["name"] in {"utter_clarify", "utter_unsure"}


async def test_who_is_in_a_hurry_tells_it_to_the_person_who_was_called(talk: Talk) -> None:
    await talk.say("香水有货吗", "product_availability")
    reply = await talk.say("急死了 生日礼物", "gift_ideas")
    assert (reply["name"], reply["hand_over"]) == ("utter_noted", "needs_person")


async def test_what_is_not_understood_once_a_person_was_called_is_noted(talk: Talk) -> None:
    await talk.say("香水有货吗", "product_availability")
    reply = await talk.say("侧面那个小的", "nlu_fallback", {"store_hours": 0.4, "invoice": 0.35})
    assert reply["name"] == "utter_noted"


async def test_the_money_of_a_cancelled_order_is_no_return(talk: Talk) -> None:
    await talk.say("取消订单 LN20261123001", "order_cancel", order_no="LN20261123001")
    reply = await talk.say("钱什么时候退给我", "return_exchange")
    assert reply["name"] == "utter_order_cancel"
    assert "原路退回" in reply["text"]


async def test_how_it_is_washed_right_after_a_product_is_of_that_product(talk: Talk) -> None:
    await talk.say("长丝巾多少钱", "product_price")
    of_silk = await talk.say("怎么洗", "care_maintenance")
    other = await talk.say("银的怎么洗", "care_maintenance")
    assert "丝" in of_silk["text"]
    assert of_silk["text"] != other["text"]
