"""The brand's files: what they mean, and how a broken one is refused."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.brand import Brand
from bot.brand_files import load_brand
from bot.live import FileError

SMALL = Path(__file__).parent.parent / "actions" / "brand"


@pytest.fixture(scope="module")
def brand() -> Brand:
    """A small brand: shops in Shanghai, Beijing, Hong Kong and Paris."""
    return load_brand(SMALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of its files to break."""
    return Path(shutil.copytree(SMALL, tmp_path / "brand"))


@pytest.mark.parametrize(
    ("shop", "day", "hours", "reason"),
    [
        ("bund", "2026-11-28", "10:00–22:00", None),
        ("xuhui", "2026-11-28", "10:00–22:00", None),
        ("xuhui", "2026-11-29", "10:00–20:00", None),
        ("bund", "2026-10-01", "10:00–20:00", "国庆节"),
        ("bund", "2026-10-08", "10:00–22:00", None),
        ("xuhui", "2026-10-01", "11:00–21:00", None),
        ("bund", "2026-12-31", "10:00–18:00", "跨年提前打烊"),
        ("bund", "2027-01-01", "10:00–20:00", "元旦"),
        ("bund", "2026-12-25", "10:00–22:00", None),
        ("central", "2026-12-25", "10:00–20:00", "圣诞节"),
        ("marais", "2026-12-25", "", "圣诞节"),
        ("marais", "2026-11-29", "", None),
        ("marais", "2026-11-27", "10:30–13:00, 14:00–19:00", None),
    ],
)
def test_special_days_go_before_holidays_and_holidays_before_weekdays(
    brand: Brand, shop: str, day: str, hours: str, reason: str | None
) -> None:
    found = brand.shops[shop].hours_on(date.fromisoformat(day))
    assert str(found) == hours
    assert (found.reason["zh-Hans"] if found.reason else None) == reason


def test_a_lunch_break_is_closed(brand: Brand) -> None:
    hours = brand.shops["marais"].hours_on(date(2026, 11, 27))
    assert hours.is_open_at(12 * 60 + 59)
    assert not hours.is_open_at(13 * 60)
    assert hours.opens_after(13 * 60) == 14 * 60
    assert hours.opens_after(20 * 60) is None


def test_holidays_of_all_years_are_one_calendar(brand: Brand) -> None:
    mainland = brand.calendars["mainland"]
    assert [holiday.first.year for holiday in mainland.holidays] == [2026, 2027, 2027]
    assert mainland.announced == {2026}
    assert date(2026, 10, 10) in mainland.workdays


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "shops.yml",
            "sat: 10:30-19:00",
            "sat: 10:30-9:00",
            'shops.yml:90: field shops.marais.hours.sat must be "closed" or hours like '
            '"10:00-13:00, 14:00-19:00"',
        ),
        (
            "shops.yml",
            "      sun: closed\n",
            "",
            "shops.yml:84: field shops.marais.hours lacks sun",
        ),
        (
            "shops.yml",
            "zone: Europe/Paris",
            "zone: Europe/Pari",
            "shops.yml:77: field shops.marais.zone must be a time zone like Asia/Shanghai",
        ),
        (
            "shops.yml",
            "city: paris",
            "city: pari",
            "shops.yml:75: field shops.marais.city must be a city of this file, and pari is none",
        ),
        (
            "shops.yml",
            "from: 2026-12-31",
            "from: 2026-12-32",
            "shops.yml:30: field shops.bund.special.0.from must be a date like 2026-10-01",
        ),
        (
            "shops.yml",
            "en: Line 2}",
            "fr: Ligne 2}",
            "shops.yml:16: field shops.bund.way.fr is unknown; known are zh-Hans, zh-Hant, en",
        ),
        (
            "shops.yml",
            "nearest: shanghai",
            "nearest: shangri",
            "shops.yml:7: field cities.suzhou.nearest must be a city of this file, and shangri is none",
        ),
        (
            "holidays/2026.yml",
            "to: 2026-10-07",
            "to: 2026-09-07",
            "2026.yml:5: field calendars.mainland.holidays.0.to is before 2026-10-01",
        ),
        (
            "gifts.yml",
            "price: 260",
            "price: 260.5",
            "gifts.yml:4: field gifts.candle.price must be a whole number of yuan",
        ),
        (
            "gifts.yml",
            "recipients: [girlfriend, mother]",
            "recipients: [girlfriend, granny]",
            "gifts.yml:6: field gifts.candle.recipients.1 must be a recipient, and granny is none",
        ),
        (
            "words.yml",
            "mother:",
            "girlfriend:",
            "words.yml:3: field recipient.girlfriend stands here twice",
        ),
        (
            "words.yml",
            "of: [scarf]",
            "of: [scarf, hat]",
            "words.yml:12: field product_category.textile.of.1 must be a name of this list, and hat is none",
        ),
        ("words.yml", "{names: {zh-Hans: 女朋友", "{names: [zh-Hans: 女朋友", "words.yml:2: "),
        ("gifts.yml", "gifts:", "presents:", "gifts.yml:1: field presents is unknown; known are"),
    ],
)
def test_a_broken_file_is_refused_with_file_line_and_field(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FileError) as refusal:
        load_brand(folder)
    assert str(refusal.value).startswith(f"{path.parent}/{message}")
    assert "\n" not in str(refusal.value)


def test_an_empty_file_is_refused(folder: Path) -> None:
    (folder / "gifts.yml").write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(FileError, match=r"gifts\.yml:1: is empty"):
        load_brand(folder)


def test_a_missing_file_is_refused(folder: Path) -> None:
    (folder / "gifts.yml").unlink()
    with pytest.raises(FileNotFoundError, match=r"gifts\.yml"):
        load_brand(folder)


def test_the_shipped_brand_is_sound(nlu_data: Path) -> None:
    shipped = load_brand(nlu_data / "brand")
    assert len(shipped.shops) >= 12
    assert {shop.calendar.id for shop in shipped.shops.values()} == set(shipped.calendars)
