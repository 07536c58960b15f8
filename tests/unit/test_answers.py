"""What the engine says: the right text, filled in, in the follower's language; broken files are refused by line."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.answers import AnswerBook, UnknownAnswer
from bot.live import FileError

ANSWERS = """
answers:
  utter_hours:
    kind: answer
    choices: [shops]
    zh-Hans: '{shop}{hours}营业，热线{hotline}。'
    zh-Hant: '{shop}{hours}營業，熱線{hotline}。'
    en: '{shop} is open {hours}, call {hotline}.'
  utter_greet:
    kind: social
    zh-Hans: [您好, 你好]
    zh-Hant: 您好
    en: Hello
  utter_human:
    kind: notice
    hand_over: asked_for_human
    zh-Hans: 请稍等
    zh-Hant: 請稍等
    en: One moment
choices:
  shops: {zh-Hans: 门店在哪, zh-Hant: 分店在哪, en: Where are your shops}
intents:
  store_hours: {zh-Hans: 营业时间, zh-Hant: 營業時間, en: opening hours}
"""
FACTS = "brand: {zh-Hans: 澜月, zh-Hant: 瀾月, en: Lunelle}\nhotline: 400-123"


@pytest.fixture
def nlu_data(tmp_path: Path) -> Path:
    """A small book."""
    (tmp_path / "answers").mkdir()
    (tmp_path / "brand").mkdir()
    (tmp_path / "answers" / "small.yml").write_text(ANSWERS)
    (tmp_path / "brand" / "facts.yml").write_text(FACTS)
    return tmp_path


def last(texts: Sequence[str]) -> str:
    """No chance in a test."""
    return texts[-1]


@pytest.mark.parametrize(
    ("language", "text", "choice"),
    [
        ("zh-Hans", "上海店10:00营业，热线400-123。", "门店在哪"),
        ("zh-Hant", "上海店10:00營業，熱線400-123。", "分店在哪"),
        ("en", "上海店 is open 10:00, call 400-123.", "Where are your shops"),
        (None, "上海店10:00营业，热线400-123。", "门店在哪"),
    ],
)
def test_an_answer_is_filled_in_in_each_language(
    nlu_data: Path, language: str | None, text: str, choice: str
) -> None:
    spoken = AnswerBook(nlu_data).speak("utter_hours", language, shop="上海店", hours="10:00")
    assert (spoken.name, spoken.kind, spoken.text) == ("utter_hours", "answer", text)
    assert spoken.choices == (choice,)
    assert spoken.hand_over is None


def test_one_of_several_texts_is_chosen(nlu_data: Path) -> None:
    assert AnswerBook(nlu_data, last).speak("utter_greet", "zh-Hans").text == "你好"


def test_an_answer_may_hand_over(nlu_data: Path) -> None:
    assert AnswerBook(nlu_data).speak("utter_human", "en").hand_over == "asked_for_human"


def test_braces_in_a_value_are_left_alone(nlu_data: Path) -> None:
    spoken = AnswerBook(nlu_data).speak("utter_hours", "en", shop="{hours}", hours="{x}")
    assert spoken.text == "{hours} is open {x}, call 400-123."


def test_an_unknown_answer_and_a_missing_value_are_errors(nlu_data: Path) -> None:
    book = AnswerBook(nlu_data)
    with pytest.raises(UnknownAnswer, match="no answer utter_nothing"):
        book.speak("utter_nothing", "en")
    with pytest.raises(UnknownAnswer, match="utter_hours was given no hours"):
        book.speak("utter_hours", "en", shop="x")


def test_choices_and_intents_have_labels(nlu_data: Path) -> None:
    book = AnswerBook(nlu_data)
    assert book.label("store_hours", "zh-Hant") == "營業時間"
    assert book.label("shops", None) == "门店在哪"
    assert book.label("nothing", "en") is None


@pytest.mark.parametrize(
    ("right", "wrong", "line", "fault"),
    [
        ("kind: social", "kind: sociable", 10, "must be one of"),
        ("choices: [shops]", "choices: [cars]", 5, "names cars"),
        ("    en: Hello\n", "", 9, "lacks en"),
        ("[您好, 你好]", "[]", 11, "at least one text"),
        ("hand_over:", "handover:", 16, "is unknown"),
        ("utter_human:", "utter_greet:", 14, "stands here twice"),
        ("kind: notice", "kind: [notice", 16, "expected"),
    ],
)
def test_a_broken_file_is_refused_by_line(
    nlu_data: Path, right: str, wrong: str, line: int, fault: str
) -> None:
    book = nlu_data / "answers" / "small.yml"
    book.write_text(ANSWERS.replace(right, wrong))
    with pytest.raises(FileError, match=rf"small\.yml:{line}: .*{fault}"):
        AnswerBook(nlu_data)


def test_an_answer_stands_in_one_file_only(nlu_data: Path) -> None:
    shutil.copy(nlu_data / "answers" / "small.yml", nlu_data / "answers" / "twin.yml")
    with pytest.raises(FileError, match=r"twin\.yml:3: .*another file"):
        AnswerBook(nlu_data)


def test_the_shipped_answers_are_sound() -> None:
    book = AnswerBook(Path(__file__).parents[2] / "nlu_data")
    assert {"utter_greet", "utter_unsure", "notice_welcome"} <= book.names


DETAILS = """
details:
  utter_human:
    hours:
      words: [几点, 多久…回, how long]
      zh-Hans: '热线{hotline}随时有人。'
      zh-Hant: '熱線{hotline}隨時有人。'
      en: 'The line {hotline} is always open.'
    names:
      words: [叫什么]
      zh-Hans: 同事会先说名字。
      zh-Hant: 同事會先說名字。
      en: They tell you their name first.
    place:
      words: [在哪]
      zh-Hans: 同事在上海。
      zh-Hant: 同事在上海。
      en: They sit in Shanghai.
    price:
      words: [收钱]
      zh-Hans: 不收钱。
      zh-Hant: 不收錢。
      en: It is free.
    whole:
      words: [怎么找]
"""


@pytest.fixture
def detailed(nlu_data: Path) -> Path:
    """The small book with details."""
    (nlu_data / "answers" / "details").mkdir()
    (nlu_data / "answers" / "details" / "small.yml").write_text(DETAILS)
    return nlu_data


@pytest.mark.parametrize(
    ("about", "text"),
    [
        ("人工几点上班", "热线400-123随时有人。"),
        ("多久才能回覆我", "热线400-123随时有人。"),
        ("叫什么，几点来", "同事会先说名字。\n热线400-123随时有人。"),
        ("转人工", "请稍等"),
        ("人工在哪、叫什么、几点来", "同事在上海。\n同事会先说名字。\n热线400-123随时有人。"),
        ("人工在哪、叫什么、几点来、收钱吗", "请稍等"),
        ("人工怎么找、几点来", "请稍等"),
        ("nohow longer", "请稍等"),
    ],
)
def test_of_an_answer_only_the_details_asked_for_are_told(
    detailed: Path, about: str, text: str
) -> None:
    spoken = AnswerBook(detailed).speak("utter_human", "zh-Hans", about)
    assert spoken.text == text
    assert spoken.hand_over == "asked_for_human"


@pytest.mark.parametrize(
    ("about", "is_all"),
    [
        ("那几点呢", True),
        ("要多久能回呀", True),
        ("how long will it be", True),
        ("门店几点开", False),
        ("转人工", False),
    ],
)
def test_a_message_is_of_details_alone_if_nothing_else_is_in_it(
    detailed: Path, about: str, is_all: bool
) -> None:
    assert AnswerBook(detailed).is_of_details("utter_human", about) is is_all


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("utter_human", "utter_nobody", "is no answer"),
        ("{hotline}", "{coldline}", "which is no fact"),
        ("words: [叫什么]", "words: []", "at least one word"),
        ("      en: They sit in Shanghai.\n", "", "lacks en"),
    ],
)
def test_broken_details_are_refused(detailed: Path, right: str, wrong: str, fault: str) -> None:
    (detailed / "answers" / "details" / "small.yml").write_text(DETAILS.replace(right, wrong))
    with pytest.raises(FileError, match=rf"small\.yml:\d+: .*{fault}"):
        AnswerBook(detailed)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("return_exchange", "怎么退货"),
        ("return_exchange", "退换货有什么规定"),
        ("shipping_delivery", "你们怎么发货的"),
        ("invoice", "发票怎么开"),
        ("invoice", "How do I get an invoice?"),
        ("repair_aftersales", "東西壞了可以修嗎"),
        ("care_maintenance", "平时怎么保养"),
        ("payment_methods", "有哪些付款方式"),
        ("gift_wrapping", "有礼品包装吗"),
        ("personalisation_engraving", "可以刻字吗"),
        ("tax_refund_travellers", "怎么退税"),
        ("membership_benefits", "会员有什么权益"),
        ("points_rules", "积分规则是什么"),
        ("price_protection", "价保是怎么回事"),
    ],
)
def test_who_asks_of_a_subject_in_general_gets_the_whole_answer(subject: str, text: str) -> None:
    book = AnswerBook(Path(__file__).parents[2] / "nlu_data")
    assert not book.asks_details(f"utter_{subject}", text)


def test_the_shipped_details_tell_less_than_their_answers() -> None:
    book = AnswerBook(Path(__file__).parents[2] / "nlu_data")
    for subject, text in [
        ("return_exchange", "退货运费谁出"),
        ("invoice", "发票几天能开好"),
        ("care_maintenance", "珍珠怎麼保養"),
        ("tax_refund_travellers", "tax refund in Hong Kong?"),
        ("points_rules", "积分会过期吗"),
    ]:
        name = f"utter_{subject}"
        assert len(book.speak(name, "en", text).text) < len(book.speak(name, "en").text)


CASES = """
details:
  utter_human:
    hours:
      words: [几点]
      zh-Hans: 九点到六点。
      zh-Hant: 九點到六點。
      en: From nine to six.
      cases:
        clock:
          - most: closes
            zh-Hans: '{n} 有人。'
            zh-Hant: '{n} 有人。'
            en: At {n} somebody is there.
          - zh-Hans: '{n} 没人了。'
            zh-Hant: '{n} 沒人了。'
            en: At {n} everybody has gone.
"""


@pytest.fixture
def with_cases(nlu_data: Path) -> Path:
    """The small book with a detail that depends on the time of the day."""
    (nlu_data / "answers" / "details").mkdir()
    (nlu_data / "answers" / "details" / "small.yml").write_text(CASES)
    (nlu_data / "brand" / "facts.yml").write_text(FACTS + "\ncloses: '18:00'\n")
    return nlu_data


@pytest.mark.parametrize(
    ("about", "text"),
    [
        ("人工几点在", "九点到六点。"),
        ("人工下午五点半在吗", "17:30 有人。"),
        ("19:05还有人吗，几点", "19:05 没人了。"),
        ("转人工", "请稍等"),
    ],
)
def test_a_rule_is_held_against_the_quantity_that_a_message_names(
    with_cases: Path, about: str, text: str
) -> None:
    assert AnswerBook(with_cases).speak("utter_human", "zh-Hans", about).text == text


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("clock:", "clouds:", "is no measure"),
        ("most: closes", "most: hotline", "without a quantity"),
        ("most: closes", "most: late", "must be a number"),
        ("'{n} 没人了。'", "'{m} 没人了。'", "which is no fact"),
    ],
)
def test_broken_cases_are_refused(with_cases: Path, right: str, wrong: str, fault: str) -> None:
    (with_cases / "answers" / "details" / "small.yml").write_text(CASES.replace(right, wrong))
    with pytest.raises(FileError, match=rf"small\.yml:\d+: .*{fault}"):
        AnswerBook(with_cases)
