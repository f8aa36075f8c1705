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

from bot.screens.standing import aside, difference, standing, warning
from bot.screens.texts import Texts, refusal
from index.result import Answer, Quote
from knowledge.document import Metadata
from knowledge.split import sentences

PAGE = 3500  # visible units on a page, of the 4096 that Telegram allows
QUOTED = 1800  # of one quotation; a longer one goes on in the next frame
_MEANT = 250
_ENTITIES = 60  # on a page; Telegram ignores those past 100
_CONTROL = dict.fromkeys((*range(9), *range(11, 32), 127))
_ADDRESS = re.compile(r"(https?://[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?)((?:[/?#].*)?)")
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s*")
_HASHES = re.compile(r"^#{1,6} +", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Screen:
    """One message as it is seen: HTML and buttons."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """HTML that stays together on a page; `entities` counts its tags."""

    html: str

    @property
    def units(self) -> int:
        return units(html.unescape(_TAG.sub("", self.html)))

    @property
    def entities(self) -> int:
        return self.html.count("</")


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def escape(text: str) -> str:
    """Any text as HTML that shows exactly it, less the control characters no phone shows."""
    return html.escape(text.translate(_CONTROL), quote=False)


def without_markup(markup: str) -> str:
    """The words of an HTML message, as HTML without tags."""
    return escape(html.unescape(_TAG.sub("", markup)))


def shortened(text: str, limit: int) -> str:
    """`text` on one line, cut at a word with an ellipsis where it is longer than `limit`."""
    line = " ".join(text.split())
    if units(line) <= limit:
        return line
    kept = _prefix(line, limit - 1)
    if line[len(kept)] != " " and " " in kept[limit // 2 :]:
        kept = kept[: kept.rfind(" ")]
    return kept.rstrip(" ,;:.") + "…"


def cut(text: str, limit: int) -> Iterator[str]:
    """`text` in stretches of at most `limit` units, whole sentences where they fit."""
    held = ""
    for sentence in _sentences(text):
        for stretch in _hard_cut(sentence, limit):
            if held and units(held) + units(stretch) > limit:
                yield held.strip("\n ")
                held = ""
            held += stretch
    if held.strip():
        yield held.strip("\n ")


def _sentences(text: str) -> Iterator[str]:
    """Sentences with the white space after them, so that together they are `text`."""
    begin = 0
    for _, end in sentences(text, 0, len(text)):
        after = _SPACE.match(text, end).end()  # type: ignore[union-attr]  # matches "" too
        if after > begin:
            yield text[begin:after]
            begin = after
    if begin < len(text):
        yield text[begin:]


def _hard_cut(text: str, limit: int) -> Iterator[str]:
    while units(text) > limit:
        head = _prefix(text, limit)
        space = max(head.rfind(" "), head.rfind("\n")) + 1
        head = head[:space] if space > limit // 2 else head
        yield head
        text = text[len(head) :]
    yield text


def _prefix(text: str, limit: int) -> str:
    """The longest start of `text` that is at most `limit` units."""
    taken = text[:limit]
    while units(taken) > limit:
        taken = taken[:-1]
    return taken


def quoted(text: str, folded: bool = False, limit: int = QUOTED) -> list[Piece]:
    """Verbatim text in frames; `folded` ones open at a tap."""
    tag = "blockquote expandable" if folded else "blockquote"
    return [Piece(f"<{tag}>{escape(part)}</blockquote>") for part in cut(text, limit)]


def date_of(iso: str) -> str:
    """31/12/2020 for 2020-12-31; what is no full date stays as it is."""
    parts = iso.split("-")
    return "/".join(reversed(parts)) if 1 < len(parts) <= 3 else iso


def title_of(metadata: Metadata, limit: int = 200) -> str:
    """A document's title in bold, leading to the official page where there is one."""
    title = f"<b>{escape(shortened(metadata.title, limit))}</b>"
    address = official_page(metadata)
    return f'<a href="{html.escape(address)}">{title}</a>' if address else title


def official_page(metadata: Metadata) -> str:
    """The address of a document's page as Telegram takes it behind words and buttons, or "".

    One address that it refuses costs the whole message: quotes and spaces go in as percents.
    """
    known = _ADDRESS.fullmatch(metadata.url.strip())
    return known[1] + url_quote(known[2], safe="%/:?#@!$&()*+,;=~[]") if known else ""


def source_of(quote: Quote, texts: Texts, folded: bool = False) -> Piece:
    page = f"{texts.page} {quote.page}" if quote.page else ""
    read = f"{texts.scanned}, {page}" if quote.scanned else page
    return source(quote.metadata, quote.section, read, texts, folded)


def source(
    metadata: Metadata, section: str, page: str, texts: Texts, folded: bool = False
) -> Piece:
    """Where words come from: title, number, date, Điều and khoản, page, validity."""
    facts = [
        f"{texts.number} {metadata.number}" if metadata.number else "",
        date_of(metadata.date),
        shortened(_within(section, metadata.title), 150),
        page,
        shortened(standing(metadata, texts), 150),
    ]
    line = escape(" · ".join(fact for fact in facts if fact))
    warned = "" if folded else escape(shortened(warning(metadata, texts), 250))
    return Piece("\n".join(part for part in (f"📄 {title_of(metadata)}", line, warned) if part))


def _within(section: str, title: str) -> str:
    """A section's label without the document's own title, which stands above it already."""
    own = f"“{title}”"
    return section.removeprefix(own).removeprefix(", ") if section.startswith(own) else section


def answer_pages(
    answer: Answer, texts: Texts, contact: str = "", context: str = "", notes: str = ""
) -> tuple[str, ...]:
    """The pages of an answer, the answer itself first on the first.

    `context` is the text around the first quote, shown folded where it says more.
    """
    if answer.parts:
        pieces = [
            piece
            for n, part in enumerate(answer.parts, 1)
            for piece in (_part_heading(n, part, texts), *_pieces(part, texts, contact, ""))
        ]
    else:
        pieces = list(_pieces(answer, texts, contact, context))
    if answer.meant:
        said = texts.meant.format(question=escape(shortened(answer.meant, _MEANT)))
        pieces.append(Piece(f"<i>{said}</i>"))
    if notes:
        pieces.append(Piece(notes))
    return pages(pieces)


def _part_heading(number: int, part: Answer, texts: Texts) -> Piece:
    question = escape(shortened(part.question, 200))
    return Piece(f"<b>{texts.part.format(number=number, question=question)}</b>")


def _pieces(answer: Answer, texts: Texts, contact: str, context: str) -> Iterator[Piece]:
    if answer.quotes and answer.answered:
        yield from _quotes(answer, texts, context)
        return
    yield from _no_answer(answer, texts, contact)
    for quote in answer.quotes:
        yield from quoted(quote.text.lstrip("# "))
        yield source_of(quote, texts)
    if contact and answer.outcome in ("absent", "nonexistent"):
        yield Piece(texts.contact.format(contact=escape(shortened(contact, 500))))


def _quotes(answer: Answer, texts: Texts, context: str) -> Iterator[Piece]:
    """The answer in a frame with its source; below it, folded, the rest and what stands around.

    Where sources differ, that comes first, and the quotes that do stay open.
    """
    if answer.differing:
        yield Piece(escape(shortened(difference(answer, texts), 1000)))
    first, *others = answer.quotes
    if answer.phrased:
        yield Piece(f"{texts.phrased}\n{escape(answer.phrased)}")
        for number, quote in enumerate(answer.quotes, 1):  # as the phrasing cites them
            yield from quoted(quote.text.lstrip("# "))
            cited = source_of(quote, texts)
            yield Piece(f"[{number}] {cited.html}")
        return
    for quote in [first, *(q for q in others[:1] if _cited(q) == _cited(first))]:
        yield from quoted(quote.text.lstrip("# "))
        others = [other for other in others if other is not quote]
    if answer.outcome == "uncertain":
        yield Piece(texts.uncertain)
    yield source_of(first, texts)
    for quote in others[: len(answer.differing[1:])]:
        yield from quoted(quote.text.lstrip("# "))
        yield source_of(quote, texts)
        others = others[1:]
    if len(context.strip()) > len(first.text.strip()):
        yield from quoted(readable(context), folded=True)
        others = [q for q in others if q.document != first.document or q.text not in context]
    for quote in others:
        yield from quoted(quote.text.lstrip("# "), folded=True)
        yield source_of(quote, texts, folded=True)


def readable(text: str) -> str:
    """Canonical text without the hashes that Markdown puts before a heading."""
    return _HASHES.sub("", text)


def _cited(quote: Quote) -> tuple[str, str, int | None]:
    return (quote.document, quote.section, quote.page)


def _no_answer(answer: Answer, texts: Texts, contact: str) -> Iterator[Piece]:
    if answer.outcome == "refused":
        said = refusal(answer.refused or "offtopic", texts, contact)
        yield Piece(escape(shortened(said, 1500)))
        return
    # what the answerer says is Vietnamese and knows more: which Điều is missing, which is nearest
    known = answer.text if answer.outcome == "nonexistent" and texts.language == "vi" else ""
    own = texts.nonexistent if answer.outcome == "nonexistent" else texts.absent
    yield Piece(escape(shortened(known, 1500)) if known else own)
    nearest = nearest_documents(answer, texts).values()
    if nearest:
        titles = "\n".join(f"{number}. {escape(title)}" for number, title in enumerate(nearest, 1))
        yield Piece(f"{texts.absent_nearest}\n{titles}")


def nearest_documents(answer: Answer, texts: Texts) -> dict[str, str]:
    """Paths of the three documents nearest to a question, and how they are named."""
    named = {
        one.document: shortened(one.title, 150) + aside(one.stands, texts)
        for one in answer.candidates
    }
    return dict(list(named.items())[:3])


def pages(pieces: Iterable[Piece], limit: int = PAGE) -> tuple[str, ...]:
    """Pieces one below the other, on as few pages as hold them."""
    done: list[str] = []
    held: list[Piece] = []
    for piece in pieces:
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
