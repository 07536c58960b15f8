"""Whether a turn is what a talk expects of it."""

from collections.abc import Iterator

from bot.corpus import Step
from bot.turn import Turn


def differences(step: Step, turn: Turn) -> Iterator[str]:
    """What is not as written, each in a few words; nothing if all is."""
    names = [reply.name for reply in turn.replies]
    text = "\n".join(reply.text for reply in turn.replies)
    if turn.trouble:
        yield f"the brain failed ({turn.trouble})"
        return
    if step.intent and turn.intent != step.intent:
        yield f"understood {turn.intent} ({turn.confidence:.2f}), not {step.intent}"
    if step.answers and not set(step.answers) & set(names):
        yield f"answered {', '.join(names)}, not {' or '.join(step.answers)}"
    for words in step.contains:
        if words.casefold() not in text.casefold():
            yield f"the answer lacks {words}"
    if step.hand_over and turn.hand_over != step.hand_over:
        yield f"fetched a person for {turn.hand_over or 'nothing'}, not for {step.hand_over}"
