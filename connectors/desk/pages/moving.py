"""How a page moves a conversation: the step is applied, and a refusal is a sentence that says who has it."""

from dataclasses import dataclass

from aiohttp import web

from bot.change import Change
from bot.conversation import Conversation, IllegalMove, Speaker
from bot.engine import Step
from connectors.desk.followers import Followers
from connectors.desk.guard.accounts import Accounts
from connectors.desk.pages.frame import language_of
from connectors.desk.words import say

CONFLICT = 409


@dataclass(frozen=True)
class Moving:
    """What all moves of a conversation have in common."""

    followers: Followers
    accounts: Accounts

    async def moved(self, request: web.Request, step: Step) -> web.StreamResponse:
        """Apply a step to the conversation of the address. What the step raises goes out."""
        follower = self.followers.of(request)
        # Nobody can act on a follower who has never been here.
        await self.followers.known(follower)
        await follower.parts.engine.apply(follower.openid, _living(step))
        await follower.parts.inbox.schedule(follower.openid)
        return done(request)

    async def refused(
        self, request: web.Request, refusal: IllegalMove, with_bot: str
    ) -> web.StreamResponse:
        """Say who has the conversation; ``with_bot`` names the sentence for one that the bot has."""
        names = {
            Speaker.AGENT: "taken_already",
            Speaker.WAITING: "not_yours",
            Speaker.BOT: with_bot,
        }
        shown = await self.accounts.shown()
        agent = shown.get(refusal.agent or "", refusal.agent or "")
        return told(request, names[refusal.speaker], agent=agent)


def _living(step: Step) -> Step:
    """The step, unless the follower was forgotten in this moment: it would bring back what was erased."""

    def checked(at: Conversation) -> Change:
        if not at.version:
            raise web.HTTPGone
        return step(at)

    return checked


def told(request: web.Request, name: str, status: int = CONFLICT, **values: object) -> web.Response:
    """One sentence that says why not."""
    return web.Response(status=status, text=say(language_of(request), name, **values))


def done(request: web.Request) -> web.StreamResponse:
    """To our script a word, to a browser without it the conversation."""
    if "text/html" not in request.headers.get("Accept", ""):
        return web.Response(text="ok")
    raise web.HTTPSeeOther(f"/desk/conversations/{request.match_info['openid']}")
