"""What things cost."""

from dataclasses import replace

from actions.gift_ideas import choose, described
from actions.product_info import told
from actions.products import spoken_of
from actions.turn import Asked, Reply, Say
from actions.wishes import read_wish
from bot.brand import Brand
from bot.budget import budget


def product_price(brand: Brand, asked: Asked) -> Reply:
    """The prices of the products spoken of; else a low, a middle and a high one of the category named.

    How prices are found, where nothing is named.
    """
    if spoken := spoken_of(brand, asked):
        return told(spoken, asked)
    said = budget(asked.text)
    wish = replace(read_wish(brand, asked), recipient=None, occasion=None, budget=said)
    category = wish.category
    products = [each for each in choose(brand, wish) if category and category.covers(each.category)]
    if not category or not products:
        slots = {"subject": "product_price", "awaiting": "product_category"}
        return Reply((Say("utter_product_price_general"),), slots)
    values = {
        "category": category.names[asked.language],
        "products": described(products, asked.language),
    }
    kept = {"subject": "product_price", "awaiting": None, "product_category": category.id}
    return Reply((Say("utter_product_price", values),), kept)
