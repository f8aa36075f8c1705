"""Measures of parts of the product that need other programs; not installed with it."""
