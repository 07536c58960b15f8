"""Canned replies: whose they are, how they are found, what they say here; and the answers that are suggested."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers import AnswerBook
from bot.brand_files import live_brand
from bot.change import Change
from bot.conversation import Conversation
from connectors.desk.guard.accounts import Role
from connectors.desk.views.bot_words import BotWords, as_asked
from connectors.desk.views.suggesting import Question, suggestions
from connectors.rasa import RasaBrain, Understood
from connectors.store.desk.canned import Canned, CannedShelf
from tests.desk.conftest import OPENID, PASSWORD, SESSION_LIBRARY, Desk
from tests.doubles import SettableClock

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"


@pytest.fixture
def shelf(desk: Desk) -> CannedShelf:
    """Where they lie."""
    return CannedShelf(desk.parts.connection.redis)


async def test_ones_own_are_ones_own_and_shared_ones_are_for_all(
    desk: Desk, shelf: CannedShelf
) -> None:
    li, wang = await desk.browser("li"), await desk.browser("wang")
    assert (await li.post("/desk/canned", shortcut="/Gift", text="礼盒免费")).status == 303
    await shelf.put(Canned("", "bye", "再见"))
    assert [each.shortcut for each in await shelf.of("li")] == ["bye", "gift"]
    assert [each.shortcut for each in await shelf.of("wang")] == ["bye"]
    assert "礼盒免费" not in (await wang.get("/desk/canned"))[1]


async def test_only_editors_change_what_is_shared_and_nobody_anothers(
    desk: Desk, shelf: CannedShelf
) -> None:
    await desk.accounts.add("ma", "老马", Role.TRAINER, PASSWORD)
    li, ma = await desk.browser("li"), await desk.browser("ma")
    fields = {"shortcut": "vip", "text": "您好", "shared": "1"}
    assert (await li.post("/desk/canned", **fields)).status == 403
    assert (await ma.post("/desk/canned", **fields)).status == 303
    (shared,) = await shelf.of("li")
    assert (await li.post("/desk/canned/remove", id=shared.id)).status == 403
    assert (await li.post("/desk/canned", id=shared.id, shortcut="x", text="y")).status == 403
    own = await shelf.put(Canned("", "mine", "我的", "wang"))
    assert (await ma.post("/desk/canned/remove", id=own.id)).status == 403
    assert (await ma.post("/desk/canned/remove", id=shared.id)).status == 303


async def test_a_shortcut_is_short_and_there_once(desk: Desk, shelf: CannedShelf) -> None:
    li = await desk.browser("li")
    for shortcut in ("", "a b", "a/b", "长" * 21):
        assert (await li.post("/desk/canned", shortcut=shortcut, text="您好")).status == 422
    await li.post("/desk/canned", shortcut="a", text="您好")
    again = await li.post("/desk/canned", shortcut="a", text="写好的内容")
    assert again.status == 422
    # What was typed is not lost.
    assert "写好的内容" in await again.text()


async def test_a_sent_message_is_kept_in_one_step(desk: Desk, shelf: CannedShelf) -> None:
    li = await desk.browser("li")
    for text in ("您好，拉链可以寄修！", "您好，拉链可以寄修！", "您好，拉链可以到店修"):
        assert (await li.post("/desk/canned/keep", text=text)).status == 200
    kept = await shelf.of("li")
    assert [(each.shortcut, each.owner) for each in kept] == [
        ("您好拉链可以", "li"),
        ("您好拉链可以2", "li"),
    ]


async def test_placeholders_say_what_is_true_here(desk: Desk, shelf: CannedShelf) -> None:
    await desk.somebody_waits()
    await shelf.put(Canned("", "hi", "{name}您好，我是{agent}，{shop}见 {x}"))

    def in_shanghai(conversation: object) -> Change:
        return Change(replace(conversation, city="shanghai"))  # type: ignore[type-var]

    await desk.parts.engine.apply(OPENID, in_shanghai)
    li = await desk.browser("li")
    async with li.client.get(f"{ONE}/canned", headers=li.headers) as answered:
        (told,) = await answered.json()
    assert told == {"shortcut": "hi", "text": "您好，我是小李，上海恒月广场店见 {x}"}


async def test_search_finds_words_and_shortcuts(desk: Desk, shelf: CannedShelf) -> None:
    for shortcut, text in (("gift", "礼盒免费"), ("bye", "再见")):
        await shelf.put(Canned("", shortcut, text))
    li = await desk.browser("li")
    for wanted in ("GIFT", "礼盒"):
        _, html = await li.get("/desk/canned", params={"q": wanted})
        assert "礼盒免费" in html
        assert "再见" not in html


async def test_what_a_canned_reply_says_is_shown_as_words(desk: Desk, shelf: CannedShelf) -> None:
    await shelf.put(Canned("", "x", "<script>alert(1)</script>"))
    assert "<script>alert" not in (await (await desk.browser("li")).get("/desk/canned"))[1]


SHOP_ANSWERS = ["store_hours", "store_location", "store_contact", "parking"]
ASKED_AT = SettableClock().at
"""Monday morning, 23 November 2026, in Shanghai."""


@pytest.fixture
def answers(nlu_data: Path) -> AnswerBook:
    return AnswerBook(nlu_data, lambda texts: texts[0])


def said_by_the_bot(
    answers: AnswerBook, nlu_data: Path, question: Question, now: float = ASKED_AT, **known: object
) -> BotWords:
    """The bot's words to a question, in a conversation of which this is known."""
    conversation = replace(Conversation("wx", OPENID), **known)  # type: ignore[arg-type]
    brand = live_brand(nlu_data / "brand").value
    return BotWords(answers, brand, as_asked(question, conversation, now))


def test_suggested_are_answers_that_say_something(answers: AnswerBook, nlu_data: Path) -> None:
    intents = ("complaint", "store_hours", "repair_aftersales", "unknown", "return_exchange")
    question = Question("拉链坏了能修吗", ASKED_AT, intents)
    found = suggestions(
        question,
        [Canned("1", "repair", "拉链坏了可以寄修"), Canned("2", "gift", "礼盒免费")],
        said_by_the_bot(answers, nlu_data, question).to,
    )
    assert [each.source for each in found] == ["repair", "repair_aftersales", "return_exchange"]
    told = answers.speak("utter_repair_aftersales", "zh-Hans", question.text).text
    assert found[1].text == told
    assert "拉链" in told


@pytest.mark.parametrize(
    ("intent", "fact"),
    [
        ("store_hours", "10:00–22:30"),
        ("store_location", "静安区南京西路恒月广场一层 L105"),
        ("store_contact", "021-0555-0101"),
        ("parking", "每小时 15 元"),
    ],
)
def test_questions_about_a_shop_are_answered_with_its_facts(
    answers: AnswerBook, nlu_data: Path, intent: str, fact: str
) -> None:
    named = Question("静安店周六呢", ASKED_AT, (intent,), (("store", "shanghai_hengyue"),))
    talked_of = replace(named, text="周六呢", entities=())
    here = {"city": "shanghai", "shop": "shanghai_hengyue"}
    words = said_by_the_bot(answers, nlu_data, named).to(intent)
    assert "上海恒月广场店" in words
    assert fact in words
    assert said_by_the_bot(answers, nlu_data, talked_of, **here).to(intent) == words
    # What is named counts before what was talked of.
    assert said_by_the_bot(answers, nlu_data, named, city="paris").to(intent) == words
    english = said_by_the_bot(answers, nlu_data, talked_of, **here, language="en").to(intent)
    assert "Shanghai Hengyue Plaza" in english


def test_of_an_unknown_place_only_the_hotline_is_suggested(
    answers: AnswerBook, nlu_data: Path
) -> None:
    question = Question("几点关门", ASKED_AT)
    words = said_by_the_bot(answers, nlu_data, question)
    assert [bool(words.to(intent)) for intent in SHOP_ANSWERS] == [False, False, True, False]


def test_a_day_is_the_askers_own(answers: AnswerBook, nlu_data: Path) -> None:
    question = Question("明天几点关门", ASKED_AT, (), (("city", "shanghai"),))
    now = ASKED_AT + 2 * 86400
    today = said_by_the_bot(answers, nlu_data, question).to("store_hours")
    assert said_by_the_bot(answers, nlu_data, question, now).to("store_hours") == today


async def test_the_page_suggests_the_bots_candidates(desk: Desk) -> None:
    desk.brain.turns = [replace(desk.brain.turns[0], candidates=("invoice", "payment_methods"))]
    await desk.somebody_waits("开票")
    li = await desk.browser("li")
    _, html = await li.get(f"{ONE}/suggestions")
    assert html.count('class="suggestion"') == 2
    expected = desk.parts.answers.speak("utter_invoice", None).text.splitlines()[0]
    assert expected in html


async def test_the_page_suggests_the_facts_of_the_shop_that_the_bot_heard(desk: Desk) -> None:
    heard = {"candidates": ("store_contact",), "entities": (("city", "shanghai"),)}
    desk.brain.turns = [replace(desk.brain.turns[0], **heard)]  # type: ignore[arg-type]
    await desk.somebody_waits("上海店电话多少")
    li = await desk.browser("li")
    assert "上海恒月广场店" in (await li.get(f"{ONE}/suggestions"))[1]


async def test_what_the_bot_was_not_asked_it_is_asked_for_the_agent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def understand(brain: RasaBrain, text: str) -> Understood:
        assert text == "上海店电话多少"
        return Understood(("store_contact",), (("city", "shanghai"),))

    monkeypatch.setattr(RasaBrain, "understand", understand)
    await desk.somebody_waits()
    await desk.somebody_waits("上海店电话多少")
    li = await desk.browser("li")
    assert "上海恒月广场店" in (await li.get(f"{ONE}/suggestions"))[1]
