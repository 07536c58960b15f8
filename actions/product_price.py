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
    wish = read_wish(brand, asked)
    category = wish.category
    products = (
        choose(brand, replace(wish, recipient=None, occasion=None, budget=budget(asked.text)))
        if category
        else []
    )
    products = [each for each in products if category and category.covers(each.category)]
    if not category or not products:
        slots = {"subject": "product_price", "awaiting": "product_category"}
        return Reply((Say("utter_product_price_general"),), slots)
    values = {
        "category": category.names[asked.language],
        "products": described(products, asked.language),
    }
    kept = {"subject": "product_price", "awaiting": None, "product_category": category.id}
    return Reply((Say("utter_product_price", values),), kept)
