"""Which parts of a product's name it has for itself."""

from bot.product_names import unique_parts

NAMES = {
    "earrings": {"zh-Hans": "Akoya 珍珠耳坠", "en": "Akoya pearl earrings"},
    "necklace": {"zh-Hans": "单颗珍珠项链", "en": "Single pearl necklace"},
    "strand": {"zh-Hans": "海水珠长链", "en": "Strand of sea pearls"},
    "pillowcases": {"zh-Hans": "真丝枕套一对", "en": "Pair of silk pillowcases"},
}


def parts_of(id: str) -> set[str]:
    """The parts that mean this product."""
    return {part for part, owner in unique_parts(NAMES, taken={"项链"}).items() if owner == id}


def test_the_end_of_a_name_will_do_and_what_is_counted_is_left_out() -> None:
    assert {"耳坠", "珍珠耳坠", "earrings", "akoya pearl"} <= parts_of("earrings")
    assert {"枕套", "真丝枕套", "pillowcases"} <= parts_of("pillowcases")
    assert "一对" not in parts_of("pillowcases")


def test_what_others_have_or_mean_is_no_part() -> None:
    parts = parts_of("necklace")
    assert "珍珠项链" in parts
    assert not {"项链", "珍珠", "pearl"} & parts


def test_the_plural_of_what_others_have_is_no_part() -> None:
    """Anything with pearls? means no strand."""
    assert "pearls" not in parts_of("strand")
    assert "sea pearls" in parts_of("strand")


def test_a_latin_word_is_not_cut() -> None:
    """``ya `` would be found in pinyin: 好的 ya 谢谢."""
    assert not [part for part in parts_of("earrings") if part != part.strip()]
    assert not {"ya 珍", "oya 珍珠"} & parts_of("earrings")
