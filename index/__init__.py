"""Passages into something searchable. Knows nothing of Telegram."""

import os

# Before numpy is imported. A question's products are too small to be worth a second thread, which
# spins while it waits: twice the processor time for no answer sooner.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
