"""Whether a document is in force, in words: beside every document and every quotation shown."""

from __future__ import annotations

from datetime import date, timedelta

from bot.texts import Texts
from knowledge.document import Metadata, Stands


def standing(metadata: Metadata, texts: Texts, day: date | None = None) -> str:
    """In a few words; empty where nothing is known. As of `day`, today unless given."""
    day = day or date.today()
    now = metadata.stands(day)
    if now == "expired" and metadata.expires and metadata.expires < day.isoformat():
        first = date.fromisoformat(metadata.expires) + timedelta(days=1)
        return texts.expired_since.format(date=f"{first:%d/%m/%Y}")
    if now == "not yet":
        first = date.fromisoformat(metadata.effective)
        return texts.not_yet.format(date=f"{first:%d/%m/%Y}")
    if now == "unknown":
        return texts.newer.format(document=metadata.replaced_by) if metadata.replaced_by else ""
    return texts.status[now]


def warning(metadata: Metadata, texts: Texts, day: date | None = None) -> str:
    """A sentence of its own where a reader could be led astray, and what counts instead."""
    said = texts.warnings.get(metadata.stands(day or date.today()), "")
    if said and metadata.replaced_by:
        said += " " + texts.replaced_by.format(document=metadata.replaced_by)
    return said


def aside(stands: Stands, texts: Texts) -> str:
    """Behind a title in a list: that its document is out of force; else nothing."""
    return f" ({texts.status[stands].lower()})" if stands in texts.warnings else ""
