"""What is kept, over real servers."""
