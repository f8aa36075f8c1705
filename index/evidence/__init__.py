"""Which sentences of the passages found answer, how much of them is shown, and how sure that is."""
