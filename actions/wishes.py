"""What is known of the gift or product that is looked for, read from a message and from what was said before."""

from dataclasses import dataclass, replace

from actions.products import shown
from actions.recipients import MEN, WOMEN, occasion_in, recipient_in, sex_in
from actions.spending import budget_in, extreme_in, varies_price
from actions.tastes import kinds_in, traits_in
from actions.turn import Asked
from bot.brand import Brand, Gift, Word
from bot.budget import Range, budget


@dataclass(frozen=True)
class Wish:
    """What is known of the gift that is looked for; recipient and occasion by the ids of the brand's words.

    ``unwanted``: the categories that are not to be proposed; ``trait``, ``unwanted_trait``: words of a gift's
    name or note, which is looked for, and which is not to be proposed; ``sex``: she or he, where the recipient may be
    either; ``extreme``: whether the cheapest or the dearest are wanted.
    """

    recipient: str | None = None
    occasion: str | None = None
    category: Word | None = None
    budget: Range | None = None
    unwanted: tuple[Word, ...] = ()
    trait: str | None = None
    unwanted_trait: str | None = None
    sex: str | None = None
    extreme: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known that a gift could be chosen by."""
        return replace(self, sex=None) == Wish()


def read_wish(brand: Brand, asked: Asked) -> Wish:
    """What the message says over what was said before."""
    trait, unwanted_trait = traits_in(brand, asked)
    category, unwanted = kinds_in(brand, asked)
    return Wish(
        trait=trait,
        unwanted_trait=unwanted_trait,
        recipient=recipient_in(brand, asked),
        sex=sex_in(asked),
        extreme=extreme_in(asked),
        occasion=occasion_in(brand, asked),
        category=category,
        unwanted=unwanted,
        budget=budget_in(asked, shown(brand, asked)),
    )


def suits_sex(wish: Wish, gift: Gift) -> bool:
    """Whether a gift is not only for the other one: cufflinks for a boss who is a she, unless these are asked for."""
    is_asked_for = wish.category is not None and wish.category.covers(gift.category)
    if wish.sex is None or wish.recipient in WOMEN | MEN or is_asked_for:
        return True
    own, others = (WOMEN, MEN) if wish.sex == "she" else (MEN, WOMEN)
    return bool(own & gift.recipients) or not others & gift.recipients


def kept_wish(wish: Wish, subject: str) -> dict[str, str | None]:
    """The slots that keep a wish of this subject."""
    return {
        "subject": subject,
        "awaiting": None,
        "recipient": wish.recipient,
        "occasion": wish.occasion,
        "product_category": wish.category.id if wish.category else None,
        "unwanted_category": " ".join(word.id for word in wish.unwanted) or None,
        "unwanted_trait": wish.unwanted_trait,
        "sex": wish.sex,
        "budget": wish.budget.label("zh-Hans") if wish.budget else None,
        "product": None,
    }


def says_nothing_new(asked: Asked) -> bool:
    """冬天能围的那种: a wish in words that nobody knows of is better met by other gifts than by the same."""
    is_said = any(map(asked.said, ("recipient", "occasion", "product_category")))
    return not (is_said or budget(asked.text) or varies_price(asked))
