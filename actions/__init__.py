"""Rasa's custom actions: one module a subject; what is decided is plain code, ``server`` speaks to Rasa."""
