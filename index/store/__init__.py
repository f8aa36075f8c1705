"""The index on disk: built from the library, verified, switched to, opened."""
