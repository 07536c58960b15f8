"""The shops nearest to where a follower is."""

from pathlib import Path

import pytest

from bot.brand_files import live_brand
from bot.messages import Position
from bot.nearby import NearestShops, distance, metres_between, nearest

BUND = Position(31.2397, 121.4905)


def test_a_degree_on_the_equator_is_111_kilometres() -> None:
    assert metres_between(Position(0, 0), Position(0, 1)) == pytest.approx(111_195, rel=1e-3)
    assert metres_between(Position(31, 121), Position(31, 121)) == 0
    assert metres_between(Position(0, 179.5), Position(0, -179.5)) == pytest.approx(
        111_195, rel=1e-3
    )
    assert metres_between(Position(90, 0), Position(-90, 0)) == pytest.approx(20_015_087, rel=1e-3)


def test_near_shops_come_in_order_and_those_of_other_cities_do_not(nlu_data: Path) -> None:
    found = nearest(live_brand(nlu_data / "brand").value, BUND)
    assert [near.shop.city for near in found] == ["shanghai"] * 3
    assert found[0].shop.id == "shanghai_puchao"
    assert [near.metres for near in found] == sorted(near.metres for near in found)


def test_far_from_all_shops_the_nearest_one_is_told(nlu_data: Path) -> None:
    lhasa = Position(29.65, 91.14)
    found = nearest(live_brand(nlu_data / "brand").value, lhasa)
    assert [near.shop.city for near in found] == ["chengdu"]


@pytest.mark.parametrize(
    ("metres", "language", "expected"),
    [
        (12, "zh-Hans", "约 100 米"),
        (849, "zh-Hans", "约 800 米"),
        (1234, "zh-Hant", "約 1.2 公里"),
        (960, "en", "about 1.0 km"),
        (1_250_400, "en", "about 1,250 km"),
    ],
)
def test_distances_are_rounded(metres: float, language: str, expected: str) -> None:
    assert distance(metres, language) == expected


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en", None])
def test_each_shop_is_a_line_with_address_and_telephone(
    nlu_data: Path, language: str | None
) -> None:
    lines = NearestShops(lambda: live_brand(nlu_data / "brand")).near(BUND, language).splitlines()
    assert len(lines) == 3
    assert "021-0555-0102" in lines[0]
