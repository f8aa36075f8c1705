"""An Answer as messages: HTML that Telegram takes, never too long, never with a broken tag.

Telegram counts a message's length in UTF-16 units after parsing. Text is cut first, between
sentences where it can be, and dressed in tags afterwards, so a cut can't fall inside a tag.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote as url_quote

from telegram import InlineKeyboardMarkup

from bot.screens.cutting import cut, shortened, units
from bot.screens.naming import LETTERHEAD, nearest_documents, within
from bot.screens.opening import LINE, OPEN, TOLD, begun, lines
from bot.screens.rows import opened
from bot.screens.standing import difference, on_record, standing, untold, warning
from bot.screens.texts import Texts, refusal
from bot.screens.words import beside, count, names, said, tidy, title
from index.result import Answer, Quote
from index.wording import on_it
from knowledge.calendar import date_of
from knowledge.document import Metadata
from knowledge.places import HOME
from knowledge.vietnamese import syllables

PAGE = 3500  # visible units on a page, of the 4096 that Telegram allows
QUOTED = 1800  # of one quotation; a longer one goes on in the next frame
_MEANT = 200
_TITLE, _SECTION = 44, 42  # of a source line under an answer: each a line on a phone
_WHOLE = 66  # of a title that is not cut: "… đến năm 2025" and "… 2030" differ at their ends
_TELLING = 5  # syllables of a cut title behind its number; fewer ("phê duyệt Chương…") tell nothing
_FOLD = 60  # words
_SHORT = 30  # words of an answer, beside which one more source finds room
_NEAR = 4000  # characters between a line and an item that it introduces
_TITLE_ENDS = re.compile(r"[^\W_]\s*$")  # in no sign
_UNDATED = ", không rõ ngày"  # in the starter documents
_ENTITIES = 60  # on a page; Telegram ignores those past 100
_CONTROL = dict.fromkeys((*range(9), *range(11, 32), 127))
_SHARED = re.compile(r"(?:UBND|HĐND)$")  # ends numbers that each province and commune gives
_ADDRESS = re.compile(r"(https?://[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?)((?:[/?#].*)?)")
_TAG = re.compile(r"<[^>]*>")
_EMPTY = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Screen:
    """One message as it is seen: HTML and buttons, or a file's name and bytes, or a picture with it."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None
    file: tuple[str, bytes] | None = None
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """HTML that stays together on a page, and what Telegram counts of it."""

    html: str

    @property
    def units(self) -> int:
        return units(html.unescape(_TAG.sub("", self.html)))

    @property
    def entities(self) -> int:
        return self.html.count("</")


def escape(text: str) -> str:
    """Any text as HTML that shows exactly it, less the control characters no phone shows."""
    return html.escape(text.translate(_CONTROL), quote=False)


def without_markup(markup: str) -> str:
    """The words of an HTML message, as HTML without tags."""
    return escape(html.unescape(_TAG.sub("", markup)))


def _label(section: str, limit: int) -> str:
    """A section's label, shortened; a heading that stands in it quoted keeps both its marks."""
    short = shortened(section, limit)
    return short + "”" if short.count("“") > short.count("”") else short


def quoted(text: str, folded: bool = False, limit: int = QUOTED) -> list[Piece]:
    """Verbatim text in frames; `folded` ones open at a tap, and show no more than three lines
    before it: none of them an empty one.
    """
    tag = "blockquote expandable" if folded else "blockquote"
    text = _EMPTY.sub("\n", text) if folded else text
    return [Piece(f"<{tag}>{escape(part)}</blockquote>") for part in cut(text, limit)]


def title_of(metadata: Metadata, limit: int = 200) -> str:
    """A document's title in bold, leading to the official page where there is one."""
    named = f"<b>{escape(_short_title(metadata, limit))}</b>"
    address = official_page(metadata)
    return f'<a href="{html.escape(address)}">{named}</a>' if address else named


def _short_title(metadata: Metadata, limit: int) -> str:
    """Cut at a word, or behind the number where next to nothing else would find room."""
    whole = title(metadata.title)
    short = shortened(whole, limit)
    named, number, rest = short.partition(metadata.number or short)
    telling = short == whole or not rest or len(rest.split()) >= _TELLING
    return short if telling else named + number


def official_page(metadata: Metadata) -> str:
    """The address of a document's page as Telegram takes it behind words and buttons, or "".

    One address that it refuses costs the whole message: quotes and spaces go in as percents.
    """
    known = _ADDRESS.fullmatch(metadata.url.strip())
    return known[1] + url_quote(known[2], safe="%/:?#@!$&()*+,;=~[]") if known else ""


def source_of(quote: Quote, texts: Texts, folded: bool = False, named: bool = False) -> Piece:
    """`named` where the document's title stands above already."""
    page = f"{texts.page} {quote.page}" if quote.page else ""
    read = f"{texts.scanned}, {page}" if quote.scanned else page
    if named:
        where = within(quote.section, quote.metadata.title)
        line = " · ".join(part for part in (_label(where, _SECTION), read) if part)
        return Piece(f"📄 {escape(line)}" if line else "")
    limit = _WHOLE if units(title(quote.metadata.title)) <= _WHOLE else _TITLE
    return source(quote.metadata, quote.section, read, texts, folded, quote.origin, limit)


def source(
    metadata: Metadata,
    section: str,
    page: str,
    texts: Texts,
    folded: bool = False,
    origin: str = "",
    limit: int = 200,
) -> Piece:
    """Where words come from: title, number, date, Điều and khoản, page, validity.

    A summary's `origin` of a statement stands for the day it was written.
    """
    where = within(section, metadata.title)
    facts = [
        "" if metadata.number in metadata.title else f"{texts.number} {metadata.number}",
        _origin(origin, texts) if origin else date_of(metadata.date),
        _whose(metadata, limit),
        _label(where, _SECTION if limit < 200 else 150),
        page,
        shortened(standing(metadata, texts), 150),
    ]
    line = escape(" · ".join(fact for fact in facts if fact))
    warned = "" if folded else escape(shortened(warning(metadata, texts), 250))
    named = f"📄 {title_of(metadata, limit)}"
    return Piece("\n".join(part for part in (named, line, warned) if part))


def _origin(origin: str, texts: Texts) -> str:
    """Sites and dates, as many as a line holds; that a date is unknown shows in there being none."""
    return shortened(texts.origin.format(origin=origin.replace(_UNDATED, "")), LINE)


def _whose(metadata: Metadata, limit: int) -> str:
    """Whose a document is, where neither its number nor the title as shown tells: "144/KH-UBND"."""
    if not _SHARED.search(metadata.number):
        return ""
    named = {*syllables(shortened(title(metadata.title), limit)), *LETTERHEAD, *syllables(HOME)}
    short = metadata.issuer.replace("Ủy ban nhân dân", "UBND").replace("Hội đồng nhân dân", "HĐND")
    return "" if {*syllables(metadata.issuer)} <= named else shortened(short, 60)


def answer_pages(
    answer: Answer, texts: Texts, contact: str = "", context: str = "", notes: str = ""
) -> tuple[str, ...]:
    """The pages of an answer, the answer itself first on the first.

    `context` is the text around the first quote, shown folded where it says more.
    """
    if answer.parts:
        pieces = list(_parts(answer.parts, texts, contact))
    else:
        pieces = list(_pieces(answer, texts, contact, context))
    if answer.meant:
        meant = texts.meant.format(question=escape(shortened(answer.meant, _MEANT)))
        pieces.append(Piece(f"<i>{meant}</i>"))
    if notes:
        pieces.append(Piece(notes))
    return pages(pieces)


def _parts(parts: Sequence[Answer], texts: Texts, contact: str) -> Iterator[Piece]:
    """Each question above its answer; those that the same words answer above it together."""
    groups: dict[object, list[tuple[int, Answer]]] = {}
    for number, part in enumerate(parts, 1):
        first = Shown.of(part).first if part.quotes and part.answered else ()
        same = tuple((quote.document, quote.start, quote.end) for quote in first)
        groups.setdefault(same or number, []).append((number, part))
    for group in groups.values():
        yield from (_part_heading(number, part, texts) for number, part in group)
        least_sure = min((part for _, part in group), key=lambda part: part.outcome == "answered")
        yield from _pieces(least_sure, texts, contact, "")


def _part_heading(number: int, part: Answer, texts: Texts) -> Piece:
    question = escape(shortened(part.question, 200))
    return Piece(f"<b>{texts.part.format(number=number, question=question)}</b>")


def _pieces(answer: Answer, texts: Texts, contact: str, context: str) -> Iterator[Piece]:
    if answer.listed and answer.answered:
        yield from _documents(answer, texts)
        return
    if answer.quotes and answer.answered:
        yield from _quotes(answer, texts, context)
        return
    yield from _no_answer(answer, texts, contact)
    for quote in answer.quotes:
        yield from quoted(tidy(quote.text))
        yield source_of(quote, texts)
    if contact and answer.outcome in ("absent", "nonexistent"):
        yield Piece(texts.contact.format(contact=escape(shortened(contact, 500))))


def _documents(answer: Answer, texts: Texts) -> Iterator[Piece]:
    """The documents that were asked for by what they are, numbered, each with its source line."""
    shown = len(answer.quotes)
    told = texts.listed if shown == answer.listed else texts.listed_newest
    yield Piece(told.format(count=answer.listed, shown=shown))
    for number, quote in enumerate(answer.quotes, 1):
        named = source(quote.metadata, "", "", texts, limit=_WHOLE)
        yield Piece(f"<b>{number}.</b> {named.html}")


def _quotes(answer: Answer, texts: Texts, context: str) -> Iterator[Piece]:
    """The answer in a frame with its source; below it, folded, a little more that was not shown.

    Where sources differ, that comes first, and the quotes that do stay open.
    """
    if answer.differing:
        yield Piece(escape(shortened(difference(answer, texts), 1000)))
    if answer.phrased:
        yield Piece(f"{texts.phrased}\n{escape(answer.phrased)}")
        for number, quote in enumerate(answer.quotes, 1):  # as the phrasing cites them
            yield from quoted(tidy(quote.text))
            cited = source_of(quote, texts)
            yield Piece(f"[{number}] {cited.html}")
        return
    if told := on_record(answer, texts):
        yield Piece(escape(told))
    shown = Shown.of(answer)
    framed = [piece for quote in shown.first for piece in _framed(quote, answer.understood)]
    # where it fills more than a page, the first page says whose words these are
    opening = 1 if sum(piece.units for piece in framed) > PAGE else len(framed)
    yield from framed[:opening]
    if answer.outcome == "uncertain":
        yield Piece(texts.uncertain)
    yield source_of(shown.first[-1], texts)  # the item, not the line above it
    if unsure := untold(answer, texts):
        yield Piece(unsure)
    yield from framed[opening:]
    for quote in shown.against:
        yield from quoted(tidy(quote.text))
        yield source_of(quote, texts)
    for quote in shown.folded:
        yield from quoted(said(quote.text) if quote.origin else tidy(quote.text), folded=True)
        if _cited(quote) != _cited(shown.first[-1]):
            yield source_of(quote, texts, True, quote.document == shown.first[-1].document)
    if not shown.folded and shown.lines <= OPEN:
        rest = beside(context, [quote.text for quote in shown.first], _FOLD)
        yield from quoted(tidy(rest), folded=True)


def _framed(quote: Quote, question: str) -> Iterator[Piece]:
    """What answers, open as far as a phone's screen holds it; the rest of it at a tap."""
    first, other = opened(quote.text, question, (TOLD + 1) * LINE) or (quote.text, "")
    plain = said if quote.origin else tidy
    text, told = plain(first), tidy(quote.told)
    start, rest = begun(text, told if told in text else plain(told), question)
    yield from quoted(plain(start))
    yield from quoted("\n".join(filter(None, (rest, tidy(other)))), folded=True)


@dataclass(frozen=True, slots=True)
class Shown:
    """Which quotes an answer shows, and how; the others wait among "more passages"."""

    first: tuple[Quote, ...]  # the one that answers, where it needs them with those it introduces
    against: tuple[Quote, ...]  # those that differ from it
    folded: tuple[Quote, ...]  # from the same place, and at most one from another

    @classmethod
    def of(cls, answer: Answer) -> Shown:
        """Of an answer with quotes."""
        quotes = list(answer.quotes)
        if len(quotes) > 1 and _is_named(*quotes[:2]):
            del quotes[0]
        first = [quotes.pop(0)]
        while quotes and _introduces(first[-1], quotes[0]):
            first.append(quotes.pop(0))
        against = [quotes.pop(0) for _ in answer.differing[1:] if quotes]
        folded: list[Quote] = []
        left = 0 if _lines(first) > OPEN else _FOLD
        elsewhere = not against and sum(count(quote.text) for quote in first) <= _SHORT
        for quote in quotes:
            cost, here = count(quote.text), _cited(quote) == _cited(first[-1])
            if cost <= left and (here or elsewhere):
                folded.append(quote)
                break  # one fold: each takes three lines of the screen
        return cls(tuple(first), tuple(against), tuple(folded))

    @property
    def all(self) -> tuple[Quote, ...]:
        return (*self.first, *self.against, *self.folded)

    @property
    def lines(self) -> int:
        """Of what stands open first."""
        return _lines(self.first)


def _lines(quotes: Sequence[Quote]) -> int:
    return sum(lines(tidy(quote.text)) for quote in quotes)


def _introduces(one: Quote, other: Quote) -> bool:
    """Whether the other is an item or a row that says little without the line, or the title, above it."""
    if one.document != other.document or other.start < one.end:
        return False
    within = other.section.startswith(f"{one.section}, ")
    if one.text.rstrip().endswith(":"):
        return within or other.start - one.end <= _NEAR
    title = "\n" not in one.text and _TITLE_ENDS.search(one.text) is not None
    return title and (within or other.section == one.section)


def _is_named(heading: Quote, other: Quote) -> bool:
    """Whether the other's source line says the heading already, as a group of rows is named."""
    same = heading.document == other.document
    within = same and other.section.startswith(f"{heading.section}, ")
    return within and names(heading.section, heading.text)


def _cited(quote: Quote) -> tuple[str, str, int | None]:
    return (quote.document, quote.section, quote.page)


def _no_answer(answer: Answer, texts: Texts, contact: str) -> Iterator[Piece]:
    if answer.outcome == "refused":
        told = refusal(answer, texts, contact)
        yield Piece(escape(shortened(told, 1500)))
        return
    # what the answerer says is Vietnamese and knows more: which Điều is missing, which is nearest
    known = answer.text if answer.outcome == "nonexistent" and texts.language == "vi" else ""
    own = texts.absent_here if on_it(answer.understood, answer.candidates) else texts.absent
    own = texts.nonexistent if answer.outcome == "nonexistent" else own
    yield Piece(escape(shortened(known, 1500)) if known else own)
    nearest = nearest_documents(answer, texts).values()
    if nearest:
        titles = "\n".join(f"{number}. {escape(title)}" for number, title in enumerate(nearest, 1))
        yield Piece(f"{texts.absent_nearest}\n{titles}")


def pages(pieces: Iterable[Piece], limit: int = PAGE) -> tuple[str, ...]:
    """Pieces one below the other, on as few pages as hold them."""
    done: list[str] = []
    held: list[Piece] = []
    for piece in filter(lambda one: one.html, pieces):
        full = sum(p.units + 1 for p in held) + piece.units > limit
        crowded = sum(p.entities for p in held) + piece.entities > _ENTITIES
        if held and (full or crowded):
            done.append(_page(held))
            held = []
        held.append(piece)
    if held or not done:
        done.append(_page(held))
    return tuple(done)


def _page(pieces: Sequence[Piece]) -> str:
    return "\n".join(piece.html for piece in pieces)
