"""Rasa components of ours: understanding, answers, channel, tracker store. Python 3.10 only."""
