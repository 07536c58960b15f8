"""The agents' side: the desk, where people answer what the bot could not."""
