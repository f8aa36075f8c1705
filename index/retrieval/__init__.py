"""Texts into vectors and words, and the passages that are nearest to a question."""
