"""What the desk keeps in Redis beside the conversations: teams, presence and the like."""
