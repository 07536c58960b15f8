"""Delivery: the rule, and whether something comes in time for the day that the follower names."""

import re
from datetime import date, datetime, timedelta

from actions.turn import Asked, Reply, say
from bot.answers import AnswerBook
from bot.brand import HolidayCalendar
from bot.dates import DateRange, when
from bot.day_names import day_month
from bot.entries import LANGUAGES
from bot.measures import measured
from bot.spelling import plain
from bot.zone import at_home

RULE = "utter_shipping_delivery"

BY = re.compile(r"之?前|\b(by|before)\b")
"""The day itself is too late, or just in time."""

IN_TIME = re.compile(
    r"(之?前|能|可以|会|可唔可以|得).{0,8}(送|寄|收|拿)?(到|收到|拿到|送达)(?!店|货付|付).{0,8}[吗么嘛不没呢?]|之?前.{0,8}(收到|送到|寄到|拿到|到手|要到)"
    r"|赶[得不][上及]|来[得不]及|\b(arrive|get here|reach|deliver|be here|come)\w*\b.{0,40}\b(by|before|in time|on)\b"
    r"|\b(by|before|in time for)\b.{0,40}\b(arrive|get here|reach|deliver|come)\w*\b"
)
"""24号之前能到吗 asks for a day, not for the rule."""

OTHERWISE = re.compile(
    r"(?<!现在)(?<!今天)(?<!马上)下了?的单|订单|快递|包裹|物流|发票|赠品|查|拍[了的]|付[了的]款|买(了|的(?!话)|咗)|退|钱|还没|没到|没收到|未到"
    r"|(?:明|后)天下单|[周期拜]\S下单|自提|自取|取货|运费|邮费|包邮|刻字|刻名|刻的|定制|订做"
    r"|新疆|西藏|拉萨|青海|偏远|乡下|村|港|澳门|台湾|台北|海外|国外|境外|[美英法德泰韩]国|日本|新加坡|巴黎|澳洲|加拿大|伦敦|纽约|东京"
    r"|\b(my (order|parcel|package)|ordered|bought|paid|refund|return|invoice)\b"
    r"|\b(pick.?up|postage|engrav\w*|abroad|overseas)\b"
    r"|\b(hong kong|macau|taiwan|taipei|london|paris|singapore|new york|tokyo|seoul|usa|uk|canada|australia|america)\b"
    r"|\b(japan|korea|europe|france|germany|thailand|malaysia|italy|spain|tibet|xinjiang)\b"
)
"""An order that is on its way, money that comes back, another way or another country: the rule tells of these."""

LATEST = 60
"""Days that are further away are in time by all means, and not worth a calculation."""


def delivery(answers: AnswerBook, asked: Asked) -> Reply:
    """When what is ordered now arrives, held against the day that the message names; else the rule."""
    now = at_home(asked.time)
    day, span = _day_wanted(asked.text, now), _days_on_the_way(answers)
    if day is None or span is None:
        return say(RULE)
    leaves = now.date() + timedelta(_is_too_late_today(answers, now))
    first, last = (leaves + timedelta(days) for days in span)
    wanted = day.first if BY.search(plain(asked.text)) else day.last
    return say(
        _verdict(wanted, first, last),
        day=day.label(asked.language),
        first=day_month(first, asked.language),
        last=day_month(last, asked.language),
    )


def _verdict(day: date, first: date, last: date) -> str:
    if day > last:
        return "utter_delivery_in_time"
    return "utter_delivery_maybe" if day >= first else "utter_delivery_too_late"


def _day_wanted(text: str, now: datetime) -> DateRange | None:
    """The coming day of 24号之前能寄到深圳吗."""
    spelling = plain(text)
    if not IN_TIME.search(spelling) or OTHERWISE.search(spelling):
        return None
    day = when(text, now, HolidayCalendar("none"))
    is_coming = day and timedelta(0) < day.first - now.date() <= timedelta(LATEST)
    return day if is_coming else None


def _days_on_the_way(answers: AnswerBook) -> tuple[int, int] | None:
    """The days of the fact 2–4 天; None where an editor has written it otherwise."""
    told = [
        int(each) for each in re.findall(r"\d{1,2}", answers.fact("delivery_days", LANGUAGES[0]))
    ]
    return (told[0], told[-1]) if told else None


def _is_too_late_today(answers: AnswerBook, now: datetime) -> bool:
    cutoff = measured("clock", answers.fact("dispatch_cutoff", LANGUAGES[0]))
    return cutoff is not None and now.hour * 60 + now.minute >= cutoff
