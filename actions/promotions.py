"""Campaigns that run today."""

from datetime import datetime
from zoneinfo import ZoneInfo

from actions.places import lines
from actions.turn import Asked, Reply, Say, say
from bot.brand import Brand
from bot.day_names import date_text

ZONE = ZoneInfo("Asia/Shanghai")
"""Campaigns begin and end at midnight by this clock."""


def promotions(brand: Brand, asked: Asked) -> Reply:
    """The campaigns of today; one that is over, or not begun, is never told."""
    today = datetime.fromtimestamp(asked.time, ZONE).date()
    running = [each for each in brand.campaigns.values() if each.first <= today <= each.last]
    if not running:
        return say("utter_no_promotion")
    language = asked.language
    told = ((each.names[language], each.text[language]) for each in running)
    until = date_text(min(each.last for each in running), language)
    values = {"campaigns": lines(told, language), "until": until}
    return Reply((Say("utter_promotions", values),), {"subject": None, "awaiting": None})
