"""Campaigns that run today."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from actions.places import lines
from actions.turn import Asked, Reply, Say
from bot.brand import Brand, Campaign, HolidayCalendar
from bot.dates import DateRange, when
from bot.day_names import date_text
from bot.normalizing import LONGEST
from bot.spelling import plain
from bot.zone import at_home

BARGAINS = re.compile(
    r"(?!.*[券也会])(?!.*(?:会员|生日|两件|再买|什么时候|活动|推荐))(?:.*(?:再|[给帮]我).{0,4}(?:打个?折|便宜|少一?点|抹零|让利)"
    r"|.*(?:打个折|抹个?零|便宜[点些](?!的)|能(?:不能)?打折(?=[吗么呀啊呢?]|$)|议价|讲价|砍价|还价(?!格)|可以少[一]?点|平[啲d]得|折上折)"
    r"|.*\b(?:bargain|haggle|better price|lower the price|any discount for (?:me|us))\b)"
)
"""能不能再打个折 wants a price of one's own."""

TOLD = "utter_promotions"

AHEAD = timedelta(60)
"""Days further away are no question of an offer, 我生日5月3号, but festivals are: 双十一打折不."""


def promotions(brand: Brand, asked: Asked) -> Reply:
    """The campaigns of today that still run on the day asked for; one that is over, or not begun, is never told.

    Who bargains is told first that prices are the same for all.
    """
    now = at_home(asked.time)
    today, day = now.date(), _coming(asked.text, now)
    running = [each for each in brand.campaigns.values() if each.first <= today <= each.last]
    told = _told(running, day, asked.language)
    if BARGAINS.match(plain(asked.text[:LONGEST])) and not day:
        fixed = Say("utter_no_bargaining")
        # Who has just read what is on bargains all the more.
        is_known = asked.has_just_heard(TOLD) and not asked.said("product_category")
        told = (fixed,) if is_known or not running else (fixed, *told)
    return Reply(told, {"subject": None, "awaiting": None})


def _told(running: Sequence[Campaign], day: DateRange | None, language: str) -> tuple[Say, ...]:
    lasting = [each for each in running if day is None or each.last >= day.first]
    if not running:
        return (Say("utter_no_promotion"),)
    if lasting or day is None:
        return (_listed(lasting, language),)
    later = Say("utter_promotions_later", {"day": day.label(language)})
    return (later, _listed(running, language))


def _listed(campaigns: Sequence[Campaign], language: str) -> Say:
    told = ((each.names[language], each.text[language]) for each in campaigns)
    until = date_text(min(each.last for each in campaigns), language)
    return Say(TOLD, {"campaigns": lines(told, language), "until": until})


def _coming(text: str, now: datetime) -> DateRange | None:
    """The day after today that the message names: 圣诞有活动吗."""
    day = when(text, now, HolidayCalendar("none"))
    if day is None or day.first <= now.date():
        return None
    return day if day.names or day.first <= now.date() + AHEAD else None
