"""What every page of the desk knows: whose it is, in which language, and the token of its forms."""

import re
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.desk.presence import CHOICES
from connectors.desk.guard.access import AGENT, ALLOWED
from connectors.desk.guard.security import TOKEN
from connectors.desk.presence import CHOSEN
from connectors.desk.views.times import Times
from connectors.desk.words import LANGUAGES, say

Context = dict[str, Any]

CLOCK = web.AppKey("clock", Clock)
"""What time it is at the desk; tests and simulators move it."""

LANGUAGE_COOKIE = "bida_desk_language"
THEME_COOKIE = "bida_desk_theme"
THEMES = ("auto", "light", "dark")


def language_of(request: web.Request) -> str:
    """The language chosen in this browser, else the one the browser asks for; ``zh`` or ``en``."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    accepted = request.headers.get("Accept-Language", "zh")
    return "zh" if accepted.lower().startswith("zh") else "en"


def theme_of(request: web.Request) -> str:
    """The look chosen in this browser, else that of the system."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def page(request: web.Request) -> Context:
    """What the templates' frame needs."""
    language = language_of(request)
    agent = request.get(AGENT)
    return {
        "language": language,
        "theme": theme_of(request),
        "themes": THEMES,
        "say": lambda name, **values: say(language, name, **values),
        "csrf": request.get(TOKEN, ""),
        "may": lambda name: agent is not None and agent.role in ALLOWED.get(name, ()),
        "here": request.path,
        "agent": agent,
        "presence": request.get(CHOSEN),
        "presences": CHOICES,
        "openid": "",
    }


def number(told: str, otherwise: int) -> int:
    """A number out of an address; ``otherwise`` for what is none, or is longer than anything that is counted here."""
    return int(told) if re.fullmatch(r"[0-9]{1,9}", told) else otherwise


def times(request: web.Request) -> Times:
    """The present moment in the page's language."""
    return Times(language_of(request), request.config_dict[CLOCK].now())
