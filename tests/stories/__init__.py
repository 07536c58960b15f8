"""Failure stories that public bots have lived through, each as a test of its own."""
