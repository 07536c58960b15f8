"""Story 22: night means silence, an error, or an ownerless conversation nobody can take. Here the question is kept, the
follower is told when people are back, and at opening it stands on top."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.brand_files import load_brand
from bot.conversation import Speaker
from bot.desk.reception import WINDOW_MARGIN_SECONDS
from bot.ledger import Event
from tests.stories.people import OFFICE, House, at

Build = Callable[..., House]


@pytest.mark.parametrize(
    ("asked_at", "back", "opens"),
    [
        ("2026-11-25 23:00", "明天 10:00", "2026-11-26 10:00"),  # a Wednesday night
        ("2026-11-26 03:00", "今天 10:00", "2026-11-26 10:00"),
        ("2026-11-28 20:00", "周一 10:00", "2026-11-30 10:00"),  # a Saturday evening
    ],
)
async def test_story_22_a_question_of_the_night_is_kept_and_stands_on_top_in_the_morning(
    house: Build, asked_at: str, back: str, opens: str
) -> None:
    one = house(OFFICE)
    await one.until(asked_at)
    told = await one.says("转人工")
    assert back in told
    assert "取消" in told
    state = await one.state()
    assert (state.speaker, state.is_queued) == (Speaker.BOT, True)
    assert await one.store.waiting() == [state]
    await one.until(opens)
    assert (await one.state()).speaker is Speaker.WAITING
    await one.later(60)
    await one.says("转人工", "oEarlyBird")
    assert [each.openid for each in await one.store.listed()] == ["oFollower", "oEarlyBird"]
    assert (await one.state()).due_at == at(opens) + 180


async def test_story_22_the_bot_goes_on_at_night_and_joins_nothing_to_the_kept_question(
    house: Build,
) -> None:
    one = house()
    await one.until("2026-11-25 23:00")
    await one.says("转人工")
    assert await one.says("几点开门") == "回答：几点开门"
    await one.later(20)
    state = await one.state()
    assert len(state.enquiries) == 1  # the kept one; the other was answered and ended
    result = await one.audit()
    assert (result.enquiries, result.outcomes) == (2, {"answered_by_bot": 1})
    # What the follower writes gives people longer to answer.
    assert state.enquiries[0].deadline == one.clock.now() - 20 + 48 * 3600


async def test_story_22_closing_time_keeps_who_is_still_waiting_and_says_so_once(
    house: Build,
) -> None:
    one = house()
    await one.until("2026-11-25 21:55")
    assert "您排在第 1 位" in await one.says("转人工")
    await one.until("2026-11-25 22:00")
    assert len(one.sent) == 1
    assert "明天 10:00" in one.sent[0]
    assert await one.says("你们几点开门") == "回答：你们几点开门"
    await one.until("2026-11-26 10:00")
    state = await one.state()
    assert state.speaker is Speaker.WAITING
    assert state.since == at("2026-11-25 21:55")
    assert state.due_at == at("2026-11-25 21:55") + 180  # promised before they went home
    assert len(one.sent) == 1


async def test_story_22_over_a_holiday_and_a_make_up_day_people_come_when_the_notice_says(
    house: Build, nlu_data: Path
) -> None:
    calendar = load_brand(nlu_data / "brand").calendars["mainland"]
    one = house()
    one.hours(OFFICE, calendar, holiday=())
    one.clock.at = at("2026-09-30 20:00")  # the evening before National Day
    assert "10月8日 10:00" in await one.says("转人工")
    await one.says("还在吗")
    one.clock.at = at("2026-10-09 20:00")  # the Saturday after it is worked
    assert "明天 10:00" in await one.says("转人工", "oOther")
    await one.until("2026-10-10 10:00")
    assert (await one.state("oOther")).speaker is Speaker.WAITING


async def test_story_22_everybody_of_a_night_is_in_the_queue_at_opening(house: Build) -> None:
    one = house()
    await one.until("2026-11-25 22:30")
    for number in range(12):
        await one.says("转人工", f"oFollower{number:02}")
        await one.later(900)
    await one.says("我要投诉", "oAngry")
    await one.until("2026-11-26 10:00")
    listed = await one.store.listed()
    assert all(each.speaker is Speaker.WAITING for each in listed)
    # All are promised the same minute: the complaint goes first, then who has waited longest.
    names = [each.openid for each in listed]
    assert names == ["oAngry", *(f"oFollower{number:02}" for number in range(12))]
    places = [await one.store.place(await one.state(name)) for name in names]
    assert places == list(range(1, 14))


async def test_story_22_a_kept_question_can_be_taken_by_whoever_works_late(house: Build) -> None:
    one = house()
    await one.until("2026-11-25 23:00")
    await one.says("转人工")
    await one.takes()
    await one.answers("我还在，您说。")
    assert (await one.state()).speaker is Speaker.AGENT
    assert "【li 为您服务】" in one.sent[-1]
    await one.until("2026-11-26 10:00")
    assert (await one.state()).speaker is Speaker.AGENT


async def test_story_22_before_the_window_closes_the_follower_gets_an_honest_word_and_supervisors_an_alarm(
    house: Build,
) -> None:
    one = house(OFFICE)
    await one.until(
        "2026-11-27 20:00"
    )  # a Friday evening; people are back on Monday, 62 hours later
    await one.says("转人工")
    window_end = one.clock.now() + 48 * 3600
    await one.later(47 * 3600 - 60)
    assert (one.sent, (await one.state()).alarmed_at) == ([], 0)
    await one.later(60)
    state = await one.state()
    assert state.alarmed_at == one.clock.now() == window_end - WINDOW_MARGIN_SECONDS
    assert [each.alarmed_at for each in await one.store.listed()] == [state.alarmed_at]
    assert len(one.sent) == 1
    assert "48 小时" in one.sent[0]
    # Any word of the follower gives people two more days, and ends the alarm.
    await one.says("我还在等")
    state = await one.state()
    assert (state.alarmed_at, state.is_queued) == (0, True)
    await one.until("2026-11-30 10:00")
    assert (await one.state()).speaker is Speaker.WAITING
    assert len(one.sent) == 1


async def test_story_22_a_question_that_nobody_answers_ends_as_expired_and_leaves_the_queue(
    house: Build,
) -> None:
    one = house(((),) * 7)  # nobody ever comes
    assert "尽快" in await one.says("转人工")
    await one.later(49 * 3600)
    assert await one.store.listed() == []
    state = await one.state()
    assert (state.is_queued, state.reason, state.alarmed_at) == (False, None, 0)
    assert (await one.audit()).reasons == {"expired(no_agent)": 1}
    assert len(await one.entries(Event.ESCALATED)) == 1


async def test_story_22_an_album_of_the_night_is_one_question_with_one_word(
    house: Build,
) -> None:
    one = house()
    await one.until("2026-11-25 23:00")
    told = await one.shows_picture()
    assert "已经留给同事查看" in told
    assert "明天 10:00" in told
    again = await one.shows_picture()  # of the same album
    assert again == ""
    assert len((await one.state()).enquiries) == 1


async def test_story_22_hours_that_are_changed_count_with_the_next_step(house: Build) -> None:
    one = house()
    await one.until("2026-11-25 23:00")
    await one.says("转人工")
    one.hours((((0, 24 * 60),),) * 7)
    await one.says("几点开门")
    await one.later(1)
    assert (await one.state()).speaker is Speaker.WAITING
