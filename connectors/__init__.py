"""The outside world, one package a side: followers, agents, the brain, the store, the terminal."""
