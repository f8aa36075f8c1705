"""Passages into something searchable. Knows nothing of Telegram."""

import os

# Before numpy is imported. A question's products are too small to be worth a second thread, which
# spins while it waits: twice the processor time for no answer sooner.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Before onnxruntime and huggingface_hub are imported, which happens in this package only. The first
# writes to Microsoft a few seconds after a model is opened and keeps a number for this machine in
# the home folder (its Privacy.md); the second counts who uses it when a hub's model is fetched.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
