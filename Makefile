# `make run`: máy mới -> trợ lý trả lời được. `make test`: máy mới -> bộ kiểm thử xanh.
PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
# a terminal sees pip's progress, a log only what went wrong
QUIET := $(shell [ -t 2 ] || echo -qq)
# bytecode is made as modules are imported: 300 MB less, most of which would never be read
INSTALL := $(PY) -m pip --disable-pip-version-check install --no-compile $(QUIET)

.PHONY: run test lint model bench-library clean

run: $(VENV)/.run
	@$(PY) -m bot.cli reindex </dev/null || $(PY) -m bot.cli library >/dev/null
	@if [ -n "$$CDSBOT_TELEGRAM_TOKEN" ] || grep -qs '^ *CDSBOT_TELEGRAM_TOKEN *= *[^ ]' .env; \
	  then exec $(PY) -m bot.cli run; \
	elif [ -t 0 ]; then exec $(PY) -m bot.cli try; \
	else exec $(PY) -m bot.cli chat; fi

test: $(VENV)/.dev
	$(PY) -m pytest

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

# make model DATA=<training data> WORK=<a folder for the steps>; see docs/model.md
model: $(VENV)/.model
	$(PY) -m index.training all $(DATA) $(WORK)

# make bench-library DOCUMENTS=<text files> WORK=<a folder with 15 GB of room>; see docs/benchmarks.md
bench-library: $(VENV)/.dev
	$(PY) -m index.evaluation.library $(DOCUMENTS) $(WORK)

clean:
	rm -rf $(VENV)

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Cần Python 3.11 trở lên / Python 3.11 or later is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Thiếu mô-đun venv / the venv module is missing (Debian, Ubuntu: apt install python3-venv)"; exit 1; }

# PyTorch's own index has the CPU build; the registry's build for Linux carries gigabytes of CUDA.
# Where it cannot be reached, the lock file below takes the registry's.
$(VENV)/.run: requirements.lock pyproject.toml | $(PY)
	@echo "Đang cài đặt, lần đầu mất vài phút… / Installing, a few minutes the first time…"
	@$(INSTALL) --no-deps --retries 1 --timeout 15 \
	  --index-url https://download.pytorch.org/whl/cpu "$$(grep '^torch==' requirements.lock)" 2>/dev/null || \
	  echo "Không tới được kho của PyTorch, dùng bản chung / PyTorch's index is out of reach, taking the registry's build."
	@$(INSTALL) -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

$(VENV)/.model: requirements-model.lock $(VENV)/.dev
	@$(INSTALL) -r requirements-model.lock
	@touch $@
