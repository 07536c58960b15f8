"""The pages: each module reads what it needs, checks who asks, and renders."""
