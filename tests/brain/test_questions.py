"""Several questions in one message, questions behind greetings, wishes behind refusals."""

import pytest
from components.clauses import (
    Clause,
    asks_by_no,
    asks_either_way,
    begins_with_refusal,
    is_demand,
    is_question,
    is_refused,
    is_request,
    is_waved_off,
    pieces,
)
from components.questions import asking_clauses, questions


def cut(text: str) -> list[str]:
    """The clauses of a text."""
    return [text[start:end] for start, end in pieces(text)]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("几点开门", []),
        ("你好，几点开门？在哪里", ["你好", "几点开门", "在哪里"]),
        ("积分怎么查 会员怎么升级", ["积分怎么查", "会员怎么升级"]),
        ("几点关门还有停车方便吗，另外能退税吗", ["几点关门还有停车方便吗", "另外能退税吗"]),
        ("礼盒要另外收钱吗", []),
        ("这款还有货吗多少钱", ["这款还有货吗", "多少钱"]),
        ("积分怎么查啊还有几点关门", ["积分怎么查啊", "还有几点关门"]),
        ("这款有stock吗 what's the price", ["这款有stock吗", " what's the price"]),
        ("when do you open and where are you?", ["when do you open ", "and where are you"]),
        ("我不是来应聘的😓给我接个真人", ["我不是来应聘的", "给我接个真人"]),
        ("。。。！！", []),
        ("，".join("abcdefghij"), []),
    ],
)
def test_a_text_is_cut_at_its_stops(text: str, clauses: list[str]) -> None:
    assert cut(text) == clauses


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("我不是要退货", True),
        ("不用转人工", True),
        ("唔使轉客服", True),
        ("I don't want an agent", True),
        ("要是还没出库", True),
        ("如果不合适能退吗", False),
        ("别的颜色有吗", False),
        ("是不是要重新注册啊", False),
        ("能退吗", False),
    ],
)
def test_refusals_are_known(text: str, refused: bool) -> None:
    assert is_refused(text) is refused


@pytest.mark.parametrize(
    ("text", "waved_off"),
    [
        ("退什么退", True),
        ("約乜約", True),
        ("送她什么送", True),
        ("还注册个啥", True),
        ("没货就没货吧", True),
        ("我啥时候要退了", True),
        ("还有个什么活动", False),
        ("我啥时候要去取", False),
        ("我知道你们几点开", True),
        ("我知道怎么去吗", False),
        ("咋付款别说了", True),
        ("pls ignore my last msg", True),
        ("擦不擦亮不是重点", True),
        ("怎么付款以后再说", True),
        ("谁问你几点关门了", True),
        ("福利那一段可以跳过吗", True),
        ("you can drop the customs question", True),
        ("怎么下单我会", True),
        ("停车的地方我都知道了", True),
        ("I already know the address", True),
        ("日子不改了", True),
        ("台灣就不寄了", True),
        ("盒子打不开了", False),
        ("表不走了", False),
        ("钱怎么还不退", False),
        ("为什么还不寄", False),
        ("迟迟不寄", False),
        ("我自己能查到真伪吗", False),
        ("怎么才能让我知道", False),
        ("我会不会被拒", False),
        ("什么时候退", False),
        ("我的资料先别删", True),
        ("收貨地址先唔好改", True),
        ("票昨天就收到了 别重复开", True),
        ("俺不约", True),
        ("没想投诉你们", True),
        ("pls don't book anything for me yet", True),
        ("hold off on the repair", True),
        ("不用预约可以直接去吗", False),
        ("特别送什么好", False),
        ("别发错了", False),
        ("三天了都不发货", False),
        ("why don't you ship abroad", False),
    ],
)
def test_what_is_put_aside_in_the_form_of_a_question(text: str, waved_off: bool) -> None:
    assert is_waved_off(text) is waved_off


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("别给我转人工", True),
        ("pls dont put me through to anyone", True),
        ("唔使轉客服", True),
        ("别的颜色有吗", False),
        ("don't you deliver on Sundays", False),
        ("我想退货", False),
    ],
)
def test_a_message_that_begins_as_a_refusal(text: str, begins: bool) -> None:
    assert begins_with_refusal(text) is begins


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("补不补我", True),
        ("给没给别人", True),
        ("带证书不带", True),
        ("企业采购有折扣没有", True),
        ("喜欢得不得了", False),
        ("能不能别烦我", False),
        ("不退了", False),
    ],
)
def test_a_verb_and_its_no_ask(text: str, asks: bool) -> None:
    assert asks_either_way(text) is asks


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("搵個人嚟", True),
        ("把钱退我", True),
        ("要发票", True),
        ("whats in it for me", True),
        ("还有快递也没见动", True),
        ("还有三天就到期了", False),
        ("同埋攞返張單據", True),
        ("can you swap it", True),
        ("那几个钱", False),
        ("it is too much trouble", False),
        ("just answer", False),
        ("加个礼盒就好", True),
        ("哪至于投诉你们", False),
    ],
)
def test_a_request_is_known_by_a_word(text: str, is_one: bool) -> None:
    assert is_request(text) is is_one


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("开车去方便不", True),
        ("周六开门不？", True),
        ("不用了", False),
        ("当然不", False),
        ("还是不", False),
        ("我要的不是这个", False),
    ],
)
def test_a_no_at_the_end_asks(text: str, asks: bool) -> None:
    assert asks_by_no(text) is asks


def clause(intent: str, start: int, confidence: float = 0.95, refused: bool = False) -> Clause:
    """A clause of ten characters."""
    return Clause(start, start + 9, intent, confidence, refused)


def found(whole: dict[str, float], *clauses: Clause) -> list[tuple[str, int, int]]:
    """Intent, start and end of each question."""
    asked = questions(whole, clauses, 10 * len(clauses))
    return [(question.clause.intent, question.start, question.end) for question in asked]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("取消那单", True),
        ("电话给一个", True),
        ("顺便压个名字", True),
        ("我的单子发货了没", True),
        ("收唔收銀聯", True),
        ("不合适能退吧", True),
        (" and add a gift note", True),
        ("我昨天下的单", False),
        ("付款成功了", False),
        ("包装也漂亮", False),
        ("I still have the receipt", False),
    ],
)
def test_a_wish_is_known_though_no_word_asks(text: str, is_one: bool) -> None:
    assert is_demand(text) is is_one


def test_the_background_of_a_question_is_no_second_one() -> None:
    asked = Clause(10, 19, "order", 0.99, is_request=True)
    told = Clause(0, 9, "payment", 0.92, is_request=False)
    assert found({"order": 0.99, "payment": 0.01}, told, asked) == []
    wished = Clause(0, 9, "payment", 0.92, is_request=False, is_demand=True)
    assert found({"order": 0.99, "payment": 0.01}, wished, asked) == [
        ("payment", 0, 9),
        ("order", 9, 20),
    ]


def test_two_sure_questions_are_two() -> None:
    both = found({"hours": 0.6, "place": 0.4}, clause("hours", 0), clause("place", 10))
    assert both == [("hours", 0, 9), ("place", 9, 20)]


def test_a_request_for_what_the_whole_is_surely_about_need_not_be_as_sure_beside_another() -> None:
    meant, other = clause("order", 0, 0.45), clause("wrapping", 10)
    assert found({"order": 0.9}, meant, other) == [("order", 0, 9), ("wrapping", 9, 20)]
    assert found({"order": 0.9}, meant, clause("order", 10)) == []
    told = Clause(0, 9, "order", 0.45, is_request=False)
    assert found({"order": 0.9}, told, other) == []


def test_what_stands_before_a_question_belongs_to_it() -> None:
    told = clause("inform", 0), clause("hours", 10), clause("place", 20), clause("inform", 30)
    assert found({"hours": 0.6}, *told) == [("hours", 0, 19), ("place", 19, 40)]


def test_a_greeting_does_not_hide_the_question() -> None:
    assert found({"greet": 0.9, "hours": 0.1}, clause("greet", 0), clause("hours", 10)) == [
        ("hours", 0, 20)
    ]


def test_a_question_beside_the_refusal_of_another_thing_decides_though_the_whole_is_sure_of_that() -> (
    None
):
    refused, asked = clause("deny", 0, refused=True), clause("care", 10)
    assert found({"repair": 0.8, "care": 0.2}, refused, asked) == [("care", 0, 20)]


def test_in_a_message_that_refuses_a_mere_statement_asks_nothing() -> None:
    told = Clause(0, 9, "card", 0.9, is_request=False)
    assert found({"deny": 0.7, "card": 0.3}, told, clause("deny", 10)) == []
    asked = Clause(0, 9, "card", 0.9, is_request=True)
    assert found({"deny": 0.7, "card": 0.3}, asked, clause("deny", 10)) == [("card", 0, 20)]


def test_what_is_refused_is_not_wished_for_by_a_statement_about_it() -> None:
    refused = Clause(0, 9, "deny", 0.9, is_refused=True, about="human_agent")
    told = Clause(10, 19, "human_agent", 0.9, is_request=False)
    assert found({"human_agent": 0.5, "deny": 0.3}, refused, told) == []


def test_a_refusal_speaks_for_the_request_before_it_and_not_for_that_after_it() -> None:
    refused, whole = clause("deny", 10, refused=True), {"deny": 0.98, "points": 0.001}
    before = Clause(0, 9, "points", 0.9, is_request=True)
    after = Clause(20, 29, "points", 0.95, is_request=True)
    assert found(whole, before, refused) == []
    assert found(whole, refused, after) == [("points", 0, 20)]
    by_chance = Clause(20, 29, "points", 0.8, is_request=True)
    assert found(whole, refused, by_chance) == []


@pytest.mark.parametrize(
    "clauses",
    [
        (clause("hours", 0), clause("hours", 10)),
        (clause("hours", 0), clause("place", 10, confidence=0.3)),
        (clause("hours", 0), clause("human_agent", 10, refused=True)),
    ],
)
def test_otherwise_the_whole_decides(clauses: tuple[Clause, ...]) -> None:
    assert found({"hours": 0.8, "place": 0.2}, *clauses) == []


def test_a_message_out_of_scope_is_not_searched_for_questions() -> None:
    assert found({"out_of_scope": 0.8, "hours": 0.2}, clause("hours", 0), clause("x", 10)) == []


def test_what_is_refused_is_wished_for_only_by_a_question() -> None:
    refused = Clause(0, 9, "deny", 0.98, is_refused=True, about="human_agent")
    wished = Clause(10, 19, "human_agent", 0.97, is_request=True, is_question=False)
    asked = Clause(10, 19, "human_agent", 0.97, is_request=True, is_question=True)
    assert list(asking_clauses({"human_agent": 0.1}, [refused, wished])) == []
    assert list(asking_clauses({"human_agent": 0.1}, [refused, asked])) == [asked]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("跟机器人说就行", False),
        ("就问运费谁出", True),
        ("能不能退", True),
        ("just skip it", False),
    ],
)
def test_a_question_is_known_by_a_word(text: str, is_one: bool) -> None:
    assert is_question(text) is is_one
