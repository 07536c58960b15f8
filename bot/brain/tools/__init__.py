"""What developers call on the brain's Python, beside Rasa's own commands."""
