"""A loose name finds the product that it is most like."""

import pytest

from bot.product_likeness import ENOUGH, Likeness

NAMES = {
    "bangle": ("18K 金手镯", "18K 金手鐲", "18K gold bangle"),
    "pendant": ("18K 金弯月吊坠", "18K 金彎月吊墜", "18K gold crescent pendant"),
    "baby": ("宝宝足银小手镯", "寶寶足銀小手鐲", "Silver baby bangle"),
    "charm": ("小月兔包挂", "小月兔包掛", "Moon rabbit charm"),
    "purse": ("小月兔零钱包", "小月兔零錢包", "Moon rabbit coin purse"),
    "lan": ("「澜」女士香水 50 毫升", "「瀾」女士香水 50 毫升", "Lan eau de parfum, 50 ml"),
    "tote": ("澜月托特包", "瀾月托特包", "Lunelle tote"),
    "spray": ("桂花室内香氛", "桂花室內香氛", "Osmanthus room spray"),
    "studs": ("钻石耳钉", "鑽石耳釘", "Diamond studs"),
    "frame": ("月牙银边相框", "月牙銀邊相框", "Silver-edged photo frame"),
    "clock": ("月相座钟", "月相座鐘", "Moon-phase desk clock"),
    "throw": ("羊绒盖毯", "羊絨蓋毯", "Cashmere throw"),
}
LIKENESS = Likeness.of(NAMES, ["手镯", "吊坠", "pendant"])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("18K那只金镯是实心还是空心", ["bangle"]),
        ("嗰隻18k金鐲幾錢", ["bangle"]),
        ("the rabbit one how much again", ["charm", "purse"]),
        ("桂花那个室内喷雾多少钱", ["spray"]),
        ("澜闻起来甜吗", ["lan"]),
        ("手镯多少钱", []),
        ("澜月的托特包", ["tote"]),
        ("diamond stud each how big", ["studs"]),
        ("多少钱", []),
        ("你们几点关门", []),
        ("", []),
    ],
)
def test_the_likeliest_products(text: str, meant: list[str]) -> None:
    assert LIKENESS.likeliest(text, NAMES) == meant


def test_between_few_a_single_character_tells_enough() -> None:
    text = "那个兔的"
    assert LIKENESS.likeliest(text, NAMES) == []
    assert LIKENESS.likeliest(text, ["charm", "spray"], ENOUGH / 2) == ["charm"]
