"""How much of one follower is answered."""

from bot.pace import Limits, Pace
from tests.doubles import SettableClock

NOW = SettableClock().at
LIMITS = Limits(minute=20, day=300, same=5)


def after(count: int, seconds: float, texts: str = "") -> tuple[Pace, int]:
    """The pace after ``count`` messages ``seconds`` apart, and how many of them were too many."""
    pace, over = Pace(), 0
    for number in range(count):
        pace = pace.after(texts or f"第{number}句", NOW + number * seconds, LIMITS)
        over += pace.is_over(LIMITS)
    return pace, over


def test_a_lively_talk_is_never_too_much() -> None:
    assert after(200, 6.0)[1] == 0


def test_a_flood_is_too_much_after_a_minutes_worth_and_is_over_soon_after_it_ends() -> None:
    pace, over = after(100, 0.1)
    assert over >= 75
    assert not pace.after("还在吗", NOW + 100 * 0.1 + 6, LIMITS).is_over(LIMITS)


def test_a_slow_machine_is_too_much_within_its_day() -> None:
    assert after(2000, 20.0)[1] > 0


def test_the_same_words_in_a_row_are_too_much_and_spread_over_days_are_not() -> None:
    assert after(6, 8.0, "您好，我现在有事不在。")[1] == 1
    assert after(6, 86400.0, "查积分")[1] == 0


def test_pictures_are_not_the_same_words() -> None:
    pace = Pace()
    for number in range(9):
        pace = pace.after("", NOW + number, LIMITS)
    assert not pace.is_over(LIMITS)


def test_no_limit_is_no_limit() -> None:
    pace = Pace()
    for _ in range(1000):
        pace = pace.after("一样", NOW, Limits(0, 0, 0))
    assert not pace.is_over(Limits(0, 0, 0))
