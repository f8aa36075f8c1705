"""Whether a document is in force, and that two of them differ, in words.

Stands beside every document and every quotation shown.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.screens.texts import Texts
from index.law.asked_effect import asks_standing
from index.law.effect import called
from index.result import Answer
from knowledge.calendar import date_of, today
from knowledge.document import Metadata, Stands
from knowledge.vietnamese import fold

_BEGINS = re.compile(r"\bnày (?:\w+ ){0,2}có hiệu lực\b")


def standing(metadata: Metadata, texts: Texts, day: date | None = None) -> str:
    """In a few words; empty where nothing is known. As of `day`, today unless given."""
    day = day or today()
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
    said = texts.warnings.get(metadata.stands(day or today()), "")
    if said and metadata.replaced_by:
        said += " " + texts.replaced_by.format(document=metadata.replaced_by)
    return said


def untold(answer: Answer, texts: Texts) -> str:
    """That it is not known whether a document is in force still, where just that was asked and all
    that answers is from when it was; else nothing.
    """
    if not answer.quotes:
        return ""
    quote = answer.quotes[0]
    known = quote.metadata.stands(today()) != "unknown" or quote.metadata.replaced_by
    asked = asks_standing(fold(answer.understood).rstrip(" ?.!"))
    return texts.untold if asked and not known and _BEGINS.search(quote.text) else ""


def on_record(answer: Answer, texts: Texts) -> str:
    """What the maintainers wrote down of a document's effect, where it is asked and it does not say."""
    if not answer.recorded:
        return ""
    about = answer.quotes[0].metadata
    stands = about.stands(today())
    facts = [
        texts.effective.format(date=date_of(about.effective)) if about.effective else "",
        texts.last_day.format(date=date_of(about.expires)) if about.expires else "",
        texts.status[stands] if stands != "unknown" else "",
    ]
    told = "; ".join(f"{one[:1].lower()}{one[1:]}" for one in facts if one)
    return texts.recorded.format(facts=told)


def aside(stands: Stands, texts: Texts) -> str:
    """Behind a title in a list: that its document is out of force; else nothing."""
    return f" ({texts.status[stands].lower()})" if stands in texts.warnings else ""


def difference(answer: Answer, texts: Texts) -> str:
    """That sources differ: what each says, its number and date, and which to go by; else nothing."""
    if not answer.differing:
        return ""
    dates = {answer.quotes[claim.quote].metadata.date for claim in answer.differing}
    claims = []
    for claim in answer.differing:
        about = answer.quotes[claim.quote].metadata
        said = [standing(about, texts)] if about.stands(today()) != "unknown" else []
        said += [texts.later] if len(dates) > 1 and about.date == max(dates) else []
        notes = ", ".join(f"{note[:1].lower()}{note[1:]}" for note in said)
        named = texts.claim.format(document=_dated(about, texts), value=claim.value)
        claims.append(f"{named} ({notes})" if notes else named)
    return texts.differ.format(claims="; ".join(claims))


def _dated(about: Metadata, texts: Texts) -> str:
    name = called(about) if about.number else f"“{about.title}”"
    if not about.date:
        return name
    return texts.dated.format(document=name, date=date_of(about.date))
