"""Canned replies: whose they are, how they are found, what they say here; and the answers that are suggested."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers import AnswerBook
from bot.change import Change
from connectors.desk.accounts import Role
from connectors.desk.suggesting import suggestions
from connectors.store.desk.canned import Canned, CannedShelf
from tests.desk.conftest import OPENID, PASSWORD, SESSION_LIBRARY, Desk

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


def test_suggested_are_answers_that_say_something(nlu_data: Path) -> None:
    answers = AnswerBook(nlu_data, lambda texts: texts[0])
    found = suggestions(
        "拉链坏了能修吗",
        ["complaint", "store_hours", "repair_aftersales", "unknown", "return_exchange"],
        [Canned("1", "repair", "拉链坏了可以寄修"), Canned("2", "gift", "礼盒免费")],
        answers,
        "zh-Hans",
    )
    assert [each.source for each in found] == ["repair", "repair_aftersales", "return_exchange"]
    assert found[1].text == answers.speak("utter_repair_aftersales", "zh-Hans").text


async def test_the_page_suggests_the_bots_candidates(desk: Desk) -> None:
    desk.brain.turns = [replace(desk.brain.turns[0], candidates=("invoice", "payment_methods"))]
    await desk.somebody_waits("开票")
    li = await desk.browser("li")
    _, html = await li.get(f"{ONE}/suggestions")
    assert html.count('class="suggestion"') == 2
    expected = desk.parts.answers.speak("utter_invoice", None).text.splitlines()[0]
    assert expected in html
