"""What the answer to one message depends on."""

from dataclasses import dataclass, field

from bot.ai_label import Labelling
from bot.desk.reception import HumanDesk, Reception
from bot.messages import Inbound
from bot.pace import Pace
from bot.ports import NoShops, Notices, Shops
from bot.turn import Turn


@dataclass(frozen=True)
class Situation:
    """All that the answer to one message depends on. ``place`` is the follower's in the queue of the team (1 = next);

    ``is_passive`` says whether WeChat still waits for the reply to this message; ``labelling`` what is marked as made
    by a machine; ``bubbles`` are the messages that it was joined from, where there are several; ``pace`` is the
    follower's with this message, ``is_over`` whether that is too much; ``reception`` is the desk as it is now, and
    ``human_desk`` whose it is.
    """

    message: Inbound
    turn: Turn | None
    notices: Notices
    place: int
    now: float
    is_passive: bool
    shops: Shops = field(default_factory=NoShops)
    labelling: Labelling = "generated"
    bubbles: tuple[Inbound, ...] = ()
    pace: Pace | None = None
    is_over: bool = False
    reception: Reception = field(default_factory=Reception)
    human_desk: HumanDesk = "bida"
