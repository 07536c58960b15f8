"""What to give: three gifts that fit recipient, occasion and budget."""

from collections.abc import Callable, Iterable, Sequence

from actions.products import shown, shown_lately
from actions.tastes import describes, wants_others
from actions.turn import Asked, Reply, Say
from actions.wishes import Wish, kept_wish, read_wish, says_nothing_new, suits_sex
from bot.brand import Brand, Gift
from bot.budget import Range

IDEAS = 3
"""How many gifts are proposed at once."""

CHILDREN = frozenset({"child", "newborn_family", "daughter", "son", "sister", "brother"})

ENGLISH = {"recipient": "for {}", "occasion": "({})"}
"""How a wish is put into an English sentence: ``for mum (birthday) about ¥1,000``."""


def gift_ideas(brand: Brand, asked: Asked) -> Reply:
    """Three ideas; asks for the recipient only if nothing at all is known, and only once."""
    wish = read_wish(brand, asked)
    if wish.is_empty and not shown(brand, asked) and asked.kept("awaiting") != "recipient":
        slots = {"subject": "gift_ideas", "awaiting": "recipient"}
        return Reply((Say("utter_ask_recipient"),), slots)
    return Reply((_ideas(brand, wish, asked),), kept_wish(wish, "gift_ideas"))


# --- choosing ---


def choose(brand: Brand, wish: Wish, without: Sequence[Gift] = ()) -> list[Gift]:
    """The gifts within the budget that fit the recipient, the best fit first."""
    left = _with_trait(wish, [gift for gift in _fitting(brand, wish) if gift not in without])
    if wish.extreme:
        return _by_price(_those_of_kind(wish, left) or left, wish)
    if wish.budget is None:
        return _over_all_prices(_those_of_kind(wish, left) or left, wish)
    affordable = [gift for gift in left if gift.price in wish.budget]
    most = wish.budget.high if wish.budget.about else None
    # A scarf for less is nearer to the wish than something else for the sum.
    cheaper = [gift for gift in _those_of_kind(wish, left) if most and gift.price <= most]
    affordable = _those_of_kind(wish, affordable) or cheaper or affordable
    return sorted(affordable, key=_worst_last(wish))[:IDEAS]


def _by_price(gifts: list[Gift], wish: Wish) -> list[Gift]:
    affordable = [gift for gift in gifts if wish.budget is None or gift.price in wish.budget]
    is_down = wish.extreme == "dearest"
    return sorted(affordable, key=lambda gift: gift.price, reverse=is_down)[:IDEAS]


def _fitting(brand: Brand, wish: Wish) -> list[Gift]:
    return [
        gift
        for gift in brand.gifts.values()
        if _fits(wish.recipient, gift.recipients)
        and suits_sex(wish, gift)
        and _suits_age(wish, gift)
        and not any(kind.covers(gift.category) for kind in wish.unwanted)
    ]


def _suits_age(wish: Wish, gift: Gift) -> bool:
    """What is for children alone is given on their occasions: no baby's spoon to a daughter who graduates."""
    is_for_children = bool(gift.recipients) and gift.recipients <= CHILDREN
    return not is_for_children or _fits(wish.occasion, gift.occasions)


def _with_trait(wish: Wish, gifts: list[Gift]) -> list[Gift]:
    """Those that have the trait, and have not the unwanted one; all, if that leaves none."""
    wanted, unwanted = wish.trait, wish.unwanted_trait
    left = [gift for gift in gifts if not (unwanted and describes(unwanted, gift))] or gifts
    return [gift for gift in left if wanted and describes(wanted, gift)] or left


def _fits(wanted: str | None, suits: frozenset[str]) -> bool:
    return wanted is None or not suits or wanted in suits


def _worst_last(wish: Wish) -> Callable[[Gift], tuple[bool, bool, float]]:
    """Category first, then occasion, then how near the price is to what they have in mind."""

    def misfit(gift: Gift) -> tuple[bool, bool, float]:
        return *_misses(wish, gift), _far(gift.price, wish.budget)

    return misfit


def _far(price: int, budget: Range | None) -> float:
    """How far from what they have in mind: what is dearer than a plain 预算300 counts twice."""
    if budget is None:
        return 0.0
    over = price - budget.target
    return over * 2 if over > 0 and budget.is_plain else abs(over)


def _misses(wish: Wish, gift: Gift) -> tuple[bool, bool]:
    is_other = wish.category is not None and not wish.category.covers(gift.category)
    return is_other, not _fits(wish.occasion, gift.occasions)


def _over_all_prices(gifts: list[Gift], wish: Wish) -> list[Gift]:
    """A low, a middle and a high price among those that fit best."""
    best = sorted(gifts, key=lambda gift: _misses(wish, gift))
    fitting = [gift for gift in best if not any(_misses(wish, gift))]
    pool = sorted(fitting if len(fitting) >= IDEAS else best[:IDEAS], key=lambda gift: gift.price)
    if len(pool) <= IDEAS:
        return pool
    return [pool[len(pool) * (2 * step + 1) // (2 * IDEAS)] for step in range(IDEAS)]


def _nearest(brand: Brand, wish: Wish, without: Sequence[Gift]) -> list[Gift]:
    """Fitting gifts just outside the budget."""
    target = wish.budget.target if wish.budget else 0
    of_kind = [gift for gift in _of_kind(brand, wish) if gift not in without]
    fitting = of_kind or [gift for gift in _fitting(brand, wish) if gift not in without]
    fitting = _with_trait(wish, fitting)
    return sorted(fitting, key=lambda gift: abs(gift.price - target))[:IDEAS]


def _of_kind(brand: Brand, wish: Wish) -> list[Gift]:
    """The fitting gifts of the kind that is wished for."""
    return _those_of_kind(wish, _fitting(brand, wish))


def _those_of_kind(wish: Wish, gifts: Iterable[Gift]) -> list[Gift]:
    kind = wish.category
    return [gift for gift in gifts if kind and kind.covers(gift.category)]


def _is_missed(brand: Brand, wish: Wish, gifts: Sequence[Gift]) -> bool:
    """Whether there is none within the budget of the kind that is wished for, but others of it."""
    kinds = _of_kind(brand, wish)
    return bool(kinds) and not any(gift in kinds for gift in gifts)


# --- saying ---


def proposed(brand: Brand, wish: Wish, asked: Asked) -> list[Gift]:
    """What fits the wish; not what was just shown, if they ask for others. Empty if nothing is in the budget."""
    at_hand = shown_lately(brand, asked) if wants_others(asked) else shown(brand, asked)
    before = at_hand if wants_others(asked) or says_nothing_new(asked) else []
    # Whoever asks for silk may have been shown some.
    left_out = [gift for gift in before if not (wish.trait and describes(wish.trait, gift))]
    gifts = choose(brand, wish, left_out) or choose(brand, wish)
    if gifts != at_hand:
        return gifts
    # Whoever tells more of a wish wants to see something else than the same once more, if it is of the kind.
    others = choose(brand, wish, at_hand)
    is_of_kind = wish.category is None or bool(_those_of_kind(wish, others))
    return others if others and is_of_kind else gifts


def _ideas(brand: Brand, wish: Wish, asked: Asked) -> Say:
    gifts, language = proposed(brand, wish, asked), asked.language
    at_hand = shown_lately(brand, asked) if wants_others(asked) else []
    is_missed = not at_hand and _is_missed(brand, wish, gifts)
    if wish.budget and (is_missed or all(gift in at_hand for gift in gifts)):
        nearest = described(_nearest(brand, wish, at_hand), language)
        name = "utter_gift_no_others" if at_hand and gifts else "utter_gift_none_in_budget"
        return Say(name, {"budget": wish.budget.label(language), "gifts": nearest})
    values = {**_wish_words(brand, wish, language), "gifts": described(gifts, language)}
    if wish.recipient:
        return Say("utter_gift_ideas", values)
    return Say("utter_gift_ideas_within" if wish.budget else "utter_gift_ideas_general", values)


def _wish_words(brand: Brand, wish: Wish, language: str) -> dict[str, str]:
    """The wish in words, empty where nothing is known; in English with what joins them."""
    words = {
        "recipient": brand.recipient[wish.recipient].names[language] if wish.recipient else "",
        "occasion": brand.occasion[wish.occasion].names[language] if wish.occasion else "",
        "budget": wish.budget.label(language) if wish.budget else "",
    }
    joins = ENGLISH if language == "en" else {}
    return {
        name: joins.get(name, "{}").format(word) if word else "" for name, word in words.items()
    }


def described(gifts: Iterable[Gift], language: str) -> str:
    """A line for each gift: name, price and a note; numbered, if there are several."""
    colon = ": " if language == "en" else "："
    each = [f"{gift.names[language]} ¥{gift.price:,}{colon}{gift.note[language]}" for gift in gifts]
    numbered = [f"{number}. {line}" for number, line in enumerate(each, 1)]
    return "\n".join(numbered if len(each) > 1 else each)
