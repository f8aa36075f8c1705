# Two images: `full`, which is built where no target is named, and `slim`, without torch and without
# reading scans, for whoever stays with the model that ships: docker build --target slim -t cdsbot .
FROM python:3.11-slim AS base

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_NO_COMPILE=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /app

# The index and the bot's memory outlive the container in /data; documents are mounted where
# CDSBOT_LIBRARY says (none: the starter documents).
RUN useradd --create-home cdsbot && mkdir /data && chown cdsbot /data
ENV CDSBOT_DATA=/data
VOLUME /data

# /healthz also notices when the bot has stopped taking messages in
HEALTHCHECK --interval=1m --timeout=5s --start-period=10m CMD ["python", "-c", \
  "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ.get('CDSBOT_WEBHOOK_PORT') or 8443}/healthz\", timeout=4)"]
# a reindex that fails, or asks first, leaves the old index: the bot answers from that
CMD ["sh", "-c", "cdsbot reindex; exec cdsbot run"]

FROM base AS wheel
COPY requirements.lock ./
RUN pip install $(grep -E '^(hatchling|packaging|pathspec|pluggy|trove-classifiers)==' requirements.lock)
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY bot bot
COPY knowledge knowledge
COPY index index
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheel .

FROM base AS slim
COPY requirements-slim.lock requirements-postgres.lock ./
RUN pip install --no-deps -r requirements-slim.lock $(grep '^psycopg' requirements-postgres.lock)
COPY --from=wheel /wheel /wheel
RUN pip install --no-deps /wheel/*.whl && rm -r /wheel
USER cdsbot
WORKDIR /data

FROM base AS full
# Dependencies first: this layer is made again only when the lock file changes.
# PyTorch's own index has the CPU build; where it is out of reach, the registry's is taken.
COPY requirements.lock requirements-ocr.lock requirements-postgres.lock ./
RUN pip install --no-deps --retries 1 --timeout 15 \
      --index-url https://download.pytorch.org/whl/cpu "$(grep '^torch==' requirements.lock)" \
      || echo "PyTorch's index is out of reach, taking the registry's build"; \
    pip install -r requirements-ocr.lock -r requirements-postgres.lock

# Vietnamese for reading scans.
RUN apt-get update && apt-get install -y --no-install-recommends tesseract-ocr-vie \
    && rm -rf /var/lib/apt/lists/*

COPY --from=wheel /wheel /wheel
RUN pip install --no-deps /wheel/*.whl && rm -r /wheel
USER cdsbot
WORKDIR /data
