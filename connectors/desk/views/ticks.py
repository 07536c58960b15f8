"""What can be ticked in forms: groups of ids with their names; a group without a title stands alone."""

from collections.abc import Sequence

from bot.desk.subjects import SUBJECTS, Subject
from bot.entries import LANGUAGES
from connectors.desk.views.naming import intent_names
from connectors.desk.words import say
from connectors.parts import Parts

Group = tuple[str, Sequence[tuple[str, str]]]


def subject_groups(parts: Parts, language: str) -> list[Group]:
    """What enquiries may be about, small talk left out."""
    named = intent_names(parts.answers, language)
    return [
        (
            say(language, f"subject_{subject}"),
            [(id, named(id)) for id in SUBJECTS if SUBJECTS[id] is subject],
        )
        for subject in Subject
        if subject is not Subject.OTHER
    ]


def language_group(language: str) -> Group:
    """The languages of followers."""
    return "", [(id, say(language, id)) for id in LANGUAGES]
