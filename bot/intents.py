"""The intents that the house itself knows by name; all others are the trainers'."""

FALLBACK = "nlu_fallback"
"""Given to a message that the model is not sure about; no example teaches it."""

OUT_OF_SCOPE = "out_of_scope"
"""What has nothing to do with the brand."""

DENY = "deny"
"""What refuses, whatever it is about."""

QUIET = frozenset(
    {"greet", "thanks", "goodbye", "affirm", DENY, "inform", "bot_challenge", OUT_OF_SCOPE}
)
"""Intents that ask nothing by themselves: beside a question they are its manners or its background."""

CALLS = frozenset({"human_agent", "complaint"})
"""Intents that are taken at their word."""

LEANING = 0.75
"""After a rule was told an intent below this confidence may as well be a question about that rule."""

DOUBTFUL = 0.6
"""In the middle of a talk an intent below this confidence gives way to what the talk can use."""
