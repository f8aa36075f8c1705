"""Measures of retrieval and answers over question sets, and their reports."""
