"""Which conversations a list shows: a tab and further wishes, as they stand in the page's address."""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Literal, get_args
from urllib.parse import urlencode

from bot.desk.listing import Listed
from connectors.desk.pages.frame import number

Tab = Literal["all", "mine", "team", "waiting"]
TABS: tuple[Tab, ...] = get_args(Tab)

PAGE = 50
"""So many cards of a list are shown at once."""


@dataclass(frozen=True)
class Viewer:
    """Who looks: ``teams`` are those whose conversations are the agent's business."""

    name: str
    teams: Set[str]


@dataclass(frozen=True)
class Filter:
    """What is wanted: a tab, and of its conversations those with this reason, city, hurry or delay; ``pages`` of each.

    An empty reason or city means any.
    """

    tab: Tab = "all"
    reason: str = ""
    city: str = ""
    is_vip: bool = False
    is_overdue: bool = False
    pages: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filter":
        """The filter of a page's address; what makes no sense there is passed over."""
        tab = query.get("tab", "")
        return cls(
            next((each for each in TABS if each == tab), "all"),
            query.get("reason", "")[:64],
            query.get("city", "")[:64],
            query.get("vip") == "1",
            query.get("overdue") == "1",
            min(20, max(1, number(query.get("pages", ""), 1))),
        )

    def query(self, **changes: object) -> str:
        """The address's query for this filter with some changes; empty where nothing is chosen."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        told = {
            "tab": "" if changed.tab == "all" else changed.tab,
            "reason": changed.reason,
            "city": changed.city,
            "vip": "1" if changed.is_vip else "",
            "overdue": "1" if changed.is_overdue else "",
            "pages": "" if changed.pages == 1 else str(changed.pages),
        }
        chosen = urlencode({name: value for name, value in told.items() if value})
        return f"?{chosen}" if chosen else ""

    @property
    def is_narrow(self) -> bool:
        """Whether more than a tab is chosen."""
        return bool(self.reason or self.city or self.is_vip or self.is_overdue)

    @property
    def most(self) -> int:
        """How many cards of each list are shown."""
        return self.pages * PAGE

    def fits(self, each: Listed, viewer: Viewer, now: float) -> bool:
        """Whether a conversation is wanted."""
        return (
            in_tab(self.tab, each, viewer)
            and self.reason in ("", each.reason)
            and self.city in ("", each.city)
            and (each.is_vip or not self.is_vip)
            and (is_overdue(each, now) or not self.is_overdue)
        )


def in_tab(tab: Tab, each: Listed, viewer: Viewer) -> bool:
    """Whether a conversation stands under a tab."""
    if tab == "mine":
        return each.agent == viewer.name or each.offered == viewer.name
    if tab == "team":
        return each.team in viewer.teams
    return each.is_waiting if tab == "waiting" else True


def is_overdue(each: Listed, now: float) -> bool:
    """Whether a word was promised by now and has not come."""
    return 0 < each.due_at < now


def counts(every: Iterable[Listed], viewer: Viewer) -> Mapping[Tab, int]:
    """How many conversations stand under each tab."""
    return Counter(tab for each in every for tab in TABS if in_tab(tab, each, viewer))
