"""The bot did not understand: one clarifying choice of the two likely questions, then a person."""

from collections.abc import Callable

from actions.turn import Asked, Reply, Say

LEAST = 0.15
"""Below this confidence an intent is no guess worth offering."""

ENDINGS = frozenset({"thanks", "goodbye"})
LIKELY = 0.3
"""A polite word is answered as such from this confidence on."""

Label = Callable[[str, str], str | None]
"""How an intent is called in a language; None if it has no name to offer."""


def unsure(label: Label, asked: Asked) -> Reply:
    """Offer the two best guesses once; after that, or without two guesses, bring a person in.

    Where one was called just before, what is not understood is for that person, too.
    """
    if any(intent in ENDINGS and sure >= LIKELY for intent, sure in asked.guesses[:1]):
        # Nobody is asked back whether they said thanks or goodbye.
        return Reply((Say(f"utter_{asked.guesses[0][0]}"),))
    if asked.awaits_person:
        return Reply((Say("utter_noted"),), {"clarified": None, "awaiting": None})
    guesses = [
        (intent, name)
        for intent, confidence in asked.ranking
        if confidence >= LEAST and (name := label(intent, asked.language))
    ][:2]
    if len(guesses) < 2 or was_clarified(asked):
        return Reply((Say("utter_unsure"),), {"clarified": None, "awaiting": None})
    (first, first_name), (second, second_name) = guesses
    values = {"first": first_name, "second": second_name}
    return Reply((Say("utter_clarify", values, (first, second)),), {"clarified": True})


def was_clarified(asked: Asked) -> bool:
    """Whether the bot's last answer was a clarifying question already."""
    return bool(asked.slots.get("clarified")) and asked.was_last("clarify")
