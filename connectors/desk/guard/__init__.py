"""Who may come in, what they may do, and what is written down of it."""
