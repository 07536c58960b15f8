"""The engine: what happens to a follower's enquiry. No package of the outside world is imported here."""
