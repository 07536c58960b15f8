"""What the desk looks up beside a transcript: kinds of files, what can still be taken back or came too late."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.conversation import Conversation
from bot.messages import Delivery
from connectors.desk.followers import Follower
from connectors.desk.views.naming import city_names, intent_names
from connectors.desk.views.transcript import Beside
from connectors.store.conversations import Told
from connectors.store.late import LateAnswer, LateAnswers
from connectors.store.media import Record, State
from connectors.wechat.media import MediaKeeper, type_of_file


async def beside_lines(
    follower: Follower,
    conversation: Conversation,
    told: Sequence[Told],
    language: str,
    mode: str,
) -> Beside:
    """All of it for these lines; only who replies can take something back."""
    parts = follower.parts
    named = {each.line.details.get("media", "") for each in told} - {""}
    records = await parts.media.shelf.all_of(follower.openid) if named else {}
    files = {key: await _shown(parts.media, records.get(key)) for key in named}
    leaves = _leaving(conversation) if mode == "reply" else {}
    cities = city_names(parts.shops.brand.value, language)
    return Beside(
        intent_names(parts.answers, language), lambda id: cities.get(id, id), files, leaves
    )


async def late_answers(follower: Follower, told: Sequence[Told]) -> list[LateAnswer]:
    """The bot's answers that came too late for questions since a person's last word, the newest first."""
    parts, messages = follower.parts, []
    for each in reversed(told):
        if each.line.author == "agent" and each.delivery is not Delivery.WITHDRAWN:
            break
        if exchange := each.line.details.get("exchange"):
            messages.append(exchange)
    return await LateAnswers(parts.connection).of(parts.settings.wechat_app_id, messages)


def _leaving(conversation: Conversation) -> Mapping[str, float]:
    """The agent's bubbles that have not left."""
    waiting = conversation.bubbles(Delivery.QUEUED, Delivery.HELD)
    return {
        bubble.id: bubble.since if bubble.state is Delivery.QUEUED else 0.0
        for bubble in waiting
        if bubble.author == "agent"
    }


async def _shown(keeper: MediaKeeper, record: Record | None) -> str:
    """How a file is shown; its kind is what its bytes say. One whose record is over is gone."""
    if record is None or record.state is State.FAILED:
        return "failed"
    if record.state is State.WANTED:
        return "wanted"
    if record.kind == "image":
        return "picture"
    if record.kind != "voice":
        return "video"
    try:
        kind = await asyncio.to_thread(type_of_file, keeper.path(record.file))
    except OSError:
        return "failed"
    return "sound" if kind == "audio/mpeg" else "voice"
