"""Web pages: the main text without menus, its lists numbered as a browser shows them."""

from __future__ import annotations

import codecs
import re
import sys
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, NoReturn

import lxml.etree
import lxml.html

from knowledge.errors import Rejected
from knowledge.plain import decoded
from knowledge.raised import raised
from knowledge.reading import Reading, as_heading, letter, roman
from knowledge.table import Cell, table_lines

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", re.I)
_META = re.compile(r"<meta\b[^>]{0,500}>", re.I)
_DAY_OF_PAGE = re.compile(
    r"(?:name|property|itemprop)\s*=\s*[\"'](?:article:published_time|datePublished|pubdate|publishdate|publish-date"
    r"|DC\.date(?:\.issued)?|dcterms\.(?:date|issued)|date)[\"']",
    re.I,
)
_DAY_IN_DATA = re.compile(r"\"datePublished\"\s*:\s*\"(\d{4}-\d\d-\d\d)")
_FURNITURE = ("nav", "header", "footer", "aside")
_UNSEEN = ("script", "style", "noscript", "head", "select", "button", "textarea", "template", "del")
_BLOCKS = (
    *("p", "div", "br", "li", "ol", "ul", "tr", "table", "blockquote", "section", "article", "pre"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "figcaption", "caption", "hr", "main"),
)
_TOP_HEADING = re.compile(r"#+ (.+)")  # names the page, where its title names the portal's form
_LITTLE = 250
_MOST_ELEMENTS = 20_000
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]+")
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")
_SAMPLED = 60  # lines are enough to tell where the text stands


def read_html(data: bytes) -> Reading:
    """trafilatura finds where the main text stands; all that stands there is then read.

    Its own text is not used: it loses numbers of lists, line breaks in cells, at times a table.
    """
    source = _decoded_html(data)
    page = _page(source)
    if page is None:
        raise Rejected("tệp HTML không có nội dung. Hãy lưu lại trang từ trình duyệt rồi thêm lại.")
    found: Any = None
    if sum(1 for _ in page.iter()) < _MOST_ELEMENTS:  # its time grows with their square
        found = _trafilatura().bare_extraction(
            _page(source), include_comments=False, favor_recall=True, with_metadata=True
        )
    text = (found and found.text) or ""
    main = _main_element(page, text if len(text) >= _LITTLE else "")
    _number_lists(main)
    for heading in main.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        heading.text = as_heading((heading.text or "").lstrip(), int(heading.tag[1]))
    text = _lines(main)
    top = None if page.find(".//h1") is not None else _TOP_HEADING.match(text)
    hints = {
        "title": top[1] if top else (found and found.title) or "",
        "date": _published(source),
        "url": (found and found.url) or "",
        "kind": "Bài báo" if found and found.pagetype == "article" else "",
    }
    return Reading(text, hints=hints)


@cache
def _trafilatura() -> Any:
    """The package. courlan, which it brings, tells languages of addresses by Babel's 31 MB of locales;
    no address is asked about here, so Babel need not be installed."""
    try:
        import_module("babel")
    except ImportError:
        unknown = ModuleType("babel")
        unknown.__dict__.update(Locale=_NoLocale, UnknownLocaleError=LookupError)
        sys.modules["babel"] = unknown
    import trafilatura

    return trafilatura


class _NoLocale:
    """Babel's class for whoever has no Babel: every language is unknown."""

    @staticmethod
    def parse(*_: object, **__: object) -> NoReturn:
        raise LookupError


def _published(source: str) -> str:
    """The day the page itself gives as its own; what stands in its text is about something else."""
    for tag in _META.findall(source):
        if _DAY_OF_PAGE.search(tag) and (
            day := re.search(r"content\s*=\s*[\"'](\d{4}-\d\d-\d\d)", tag)
        ):
            return day[1]
    stated = _DAY_IN_DATA.search(source)
    return stated[1] if stated else ""


def _decoded_html(data: bytes) -> str:
    """As declared where that is not UTF-8: pages older than 2010 often are not."""
    declared = _CHARSET.search(data[:2048])
    try:
        codec = codecs.lookup(declared[1].decode()).name if declared else "utf-8"
        return decoded(data) if codec == "utf-8" else data.decode(codec)
    except (LookupError, UnicodeError):
        return decoded(data)


def _page(source: str) -> Any:
    """The page's tree, blanks as a browser shows them; None where there is nothing in it."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    encoded = source.encode("utf-8", "replace")
    try:
        page = lxml.html.document_fromstring(encoded, parser=parser)
    except lxml.etree.ParserError:
        return None
    preformatted = {element for pre in page.iter("pre") for element in pre.iter()}
    for element in page.iter():
        blanks = _CONTROLS if element in preformatted else _BLANKS
        element.text = blanks.sub(" ", element.text or "")
        element.tail = _BLANKS.sub(" ", element.tail or "")
    return page


def _main_element(page: Any, text: str) -> Any:
    """The innermost element that holds nearly all of `text`; menus and frames without it go."""
    needles = [key for line in text.split("\n") if (key := _letters(line))]
    needles = needles[:: len(needles) // _SAMPLED + 1]
    for element in page.xpath("|".join(f"//{tag}" for tag in _FURNITURE)):
        held = _letters(element.text_content())
        if not any(needle in held for needle in needles):
            element.drop_tree()
    for element in page.xpath("|".join(f"//{tag}" for tag in _UNSEEN)):
        element.drop_tree()
    whole = len(_letters(text))  # a line repeated must not pass for the page
    enough = 0.95 * sum(map(len, needles))
    while needles:
        for child in page:
            held = _letters(child.text_content())
            shared = sum(len(needle) for needle in needles if needle in held)
            if shared >= enough and 2 * len(held) >= whole:
                page = child
                break
        else:
            break
    return page


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _number_lists(page: Any) -> None:
    """Browsers number `<ol>` themselves; written out, the numbers survive extraction."""
    for ordered in page.iter("ol"):
        start = ordered.get("start", "1")
        number = int(start) if re.fullmatch(r"\d{1,6}", start) else 1
        for item in ordered.iterchildren("li"):
            if re.fullmatch(r"\d{1,6}", item.get("value", "")):
                number = int(item.get("value"))
            item.text = f"{_label(ordered, number)} {(item.text or '').lstrip()}"
            number += 1


def _label(ordered: Any, number: int) -> str:
    style = ordered.get("type", "") or ordered.get("style", "")
    if style == "a" or re.search("lower-(alpha|latin)", style):
        return f"{letter(number)})"
    if style == "A" or re.search("upper-(alpha|latin)", style):
        return f"{letter(number).upper()}."
    if style in ("i", "I") or "roman" in style:
        return f"{roman(number).upper() if 'I' in style or 'upper' in style else roman(number)}."
    return f"{number}."


def _lines(main: Any) -> str:
    """One line for each block and table row."""
    _mark_notes(main)
    for element in main.iter(*_BLOCKS):
        element.text, element.tail = "\n" + element.text, "\n" + element.tail
    for table in reversed(list(main.iter("table"))):  # the innermost first
        found = list(table.iter("tr"))
        rows = [[_cell(cell) for cell in row.iterchildren("td", "th")] for row in found]
        heads = next((at for at, row in enumerate(found) if row.find("td") is not None), 0)
        captions = [caption.text_content() for caption in table.iterchildren("caption")]
        table.clear(keep_tail=True)
        table.text = "\n".join(("", *captions, *table_lines(rows, heads or None), ""))
    lines = (" ".join(line.split()) for line in main.text_content().split("\n"))
    return "\n".join(line for line in lines if line)


def _mark_notes(main: Any) -> None:
    for mark in list(main.iter("sup")):
        above, words, tail = mark.getprevious(), mark.text_content(), mark.tail
        before = mark.getparent().text if above is None else above.text_content() + above.tail
        mark.clear()
        mark.text, mark.tail = raised(words, before), tail


def _cell(cell: Any) -> Cell:
    across, down = (
        int(number) if re.fullmatch(r"\d{1,3}", number := cell.get(span, "1")) else 1
        for span in ("colspan", "rowspan")
    )
    return Cell(cell.text_content().split("\n"), across, down)
