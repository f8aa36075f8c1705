"""Logging that never shows a secret, whatever library writes it and at whatever level."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Literal

from bot.watching.incidents import incident
from knowledge.calendar import VIETNAM

# the update being dealt with: the same number before and after a restart, and nobody's
concerning: ContextVar[str] = ContextVar("concerning", default="")
_HIDDEN = "***"
_QUIET = ("httpx", "httpcore", "tornado.access")  # they log addresses, and ours hold the token


class Redaction:
    """Replaces secrets in every log record as it is made, before any handler sees it."""

    def __init__(self, secrets: Sequence[str]) -> None:
        # an address may carry the token with its colon quoted
        forms = {s for secret in secrets for s in (secret, secret.replace(":", "%3A"))}
        self.secrets = sorted(filter(None, forms), key=len, reverse=True)
        self._make = logging.getLogRecordFactory()

    def hide(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, _HIDDEN)
        return text

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._make(*args, **kwargs)
        try:
            message = record.getMessage()
        except Exception:  # the handler would report it with its arguments, secrets and all
            message = f"A record that cannot be written out, of {record.pathname}:{record.lineno}"
            record.msg, record.args = message, None
        if self.hide(message) != message:
            record.msg, record.args = self.hide(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = self.hide(logging.Formatter().formatException(record.exc_info))
        return record


def protect_logs(secrets: Sequence[str]) -> None:
    """From now on no log record of this process holds one of `secrets`."""
    current = logging.getLogRecordFactory()
    if isinstance(current, Redaction):
        secrets = [*current.secrets, *secrets]
        logging.setLogRecordFactory(current._make)
    logging.setLogRecordFactory(Redaction(secrets))
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """A record as one line of JSON. What may not be shown is hidden already: see Redaction."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, VIETNAM).isoformat("T", "milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "question": concerning.get(),
            "message": record.getMessage(),
        }
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["trace"] = record.exc_text
        return json.dumps({key: value for key, value in line.items() if value}, ensure_ascii=False)


def start_logging(level: str, form: Literal["text", "json"] = "text") -> None:
    """Log to standard error, by Vietnam's clock, from this level up."""
    logging.Formatter.converter = staticmethod(vietnamese_time)
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.setLevel(level)
    # a warning may be an incident, which is written down whatever the log shows
    logging.getLogger("bot").setLevel(min(logging.getLogger().level, logging.WARNING))
    if form == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonLines())


def vietnamese_time(seconds: float | None) -> time.struct_time:
    """The clock of the people who read the log, for `logging.Formatter.converter`."""
    return datetime.fromtimestamp(seconds or 0.0, VIETNAM).timetuple()


def log_fault(logger: logging.Logger, error: BaseException, doing: str) -> None:
    """A fault with where it happened, but not its message: that may carry what somebody wrote."""
    where = "".join(traceback.format_tb(error.__traceback__))
    name = type(error).__name__
    logger.error(
        "%s while %s\n%s", name, doing, where, extra=incident("fault", error=name, doing=doing)
    )
    logger.debug("The fault in full", exc_info=error)
