"""What the bot would answer, for an agent to send: its texts, and of shops the brand's facts in its own words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from actions.parking import parking
from actions.store_contact import store_contact
from actions.store_hours import store_hours
from actions.store_location import store_location
from actions.turn import Asked, Reply, say
from bot.answers import AnswerBook, UnknownAnswer
from bot.brand import Brand
from bot.conversation import Conversation
from bot.entries import LANGUAGES
from connectors.desk.views.suggesting import Question
from connectors.desk.views.times import day_number

OF_SHOPS: Mapping[str, Callable[[Brand, Asked], Reply]] = {
    "store_hours": store_hours,
    "store_location": store_location,
    "store_contact": store_contact,
    "parking": parking,
}
"""Intents whose answers depend on the place, and the actions that know it."""


@dataclass(frozen=True)
class BotWords:
    """The bot's answers to one question."""

    answers: AnswerBook
    brand: Brand
    asked: Asked

    def to(self, intent: str) -> str:
        """What answers the question if it means this; empty where more has to be known, or a person is fetched."""
        if intent in OF_SHOPS:
            reply = OF_SHOPS[intent](self.brand, replace(self.asked, intent=intent))
        else:
            reply = say(f"utter_{intent}")
        language, text = self.asked.language, self.asked.text
        try:
            told = [
                self.answers.speak(each.name, language, text, **each.values) for each in reply.says
            ]
        except UnknownAnswer:
            return ""
        is_answer = all(each.kind == "answer" for each in told)
        return "\n\n".join(each.text for each in told) if is_answer else ""


def as_asked(question: Question, conversation: Conversation, now: float) -> Asked:
    """The question as the bot's actions take it. If it is of another day, its "tomorrow" is that day's."""
    entities: dict[str, tuple[str, ...]] = {}
    for kind, value in question.entities:
        entities[kind] = (*entities.get(kind, ()), value)
    return Asked(
        question.text,
        now if day_number(now) == day_number(question.at) else question.at,
        conversation.language or LANGUAGES[0],
        entities=entities,
        slots={"city": conversation.city or None, "store": conversation.shop or None},
    )
