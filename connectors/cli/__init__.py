"""``bida``: the command line. What is wrong is said in one sentence, and what to do next in another."""
