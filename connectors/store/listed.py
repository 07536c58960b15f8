"""The hash of all who want people, as the desk's lists read it, and their order in the queue."""

import json

from pydantic import TypeAdapter

from bot.conversation import Conversation
from bot.desk.listing import Listed, listed
from connectors.store.keys import Keys

LISTED = TypeAdapter(Listed)


def listed_command(keys: Keys, conversation: Conversation) -> list[str]:
    """What the hash is told of a conversation, as a Redis command."""
    shown = listed(conversation)
    if shown is None:
        return ["HDEL", keys.listed(), conversation.openid]
    written = LISTED.dump_json(shown, exclude_defaults=True).decode()
    return ["HSET", keys.listed(), conversation.openid, written]


def order_of(conversation: Conversation) -> float | None:
    """Where it stands among those who wait, the smallest first; None for one that does not."""
    shown = listed(conversation) if conversation.is_queued else None
    return shown.order if shown else None


def team_in_json(team: str) -> str:
    """How a team stands in the JSON of those listed, and nothing else can: quotes within values are escaped."""
    return f'"team":{json.dumps(team, ensure_ascii=False)}'
