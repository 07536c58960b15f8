"""The platform without I/O: accounts, followers, what may be sent to them, and what they see.

Time comes from a clock that is handed in; identifiers are the same for the same seed.
"""
