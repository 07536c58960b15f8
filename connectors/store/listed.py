"""The hash of all who want people, as the desk's lists read it."""

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
