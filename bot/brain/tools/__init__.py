"""What developers call on the brain's Python, beside Rasa's own commands."""

# Puts the house on the path, as for Rasa itself.
import components  # noqa: F401
