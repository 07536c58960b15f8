"""What must not be said twice in the same words."""

from actions.turn import Asked, Reply, Say, say
from bot.spoken import PAUSE_SECONDS


def greet(asked: Asked) -> Reply:
    """A welcome; a short word to those who were welcomed a moment ago."""
    again = bool(asked.slots.get("greeted")) and asked.pause < PAUSE_SECONDS
    return Reply((Say("utter_greet_again" if again else "utter_greet"),), {"greeted": True})


def out_of_scope(asked: Asked) -> Reply:
    """The polite line, in other words if it was the last thing said."""
    was_said = any(said.name == "utter_out_of_scope" for said in asked.said_before)
    return say("utter_out_of_scope_again" if was_said else "utter_out_of_scope")
