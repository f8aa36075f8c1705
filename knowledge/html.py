"""Web pages: the main text without menus, its lists numbered as a browser shows them."""

from __future__ import annotations

import codecs
import re
from typing import Any

import lxml.html
import trafilatura

from knowledge.errors import Rejected
from knowledge.plain import decoded
from knowledge.reading import Reading, as_heading, letter, roman

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", re.I)
_LISTED = "⁂"  # marks a number we wrote, so that the reader's own "- " before it can go
_BULLET = re.compile(rf"^\s*- {_LISTED}", re.MULTILINE)
_RULE = re.compile(r"^\|(?:-+\|)+\s*$\n?", re.MULTILINE)  # under the head of a table
_ROW = re.compile(r"^\| (.*?)\s*\|?\s*$", re.MULTILINE)
_ARTICLE = re.compile(r"^Điều \d+", re.MULTILINE)
_LITTLE = 250
_BLOCKS = ("p", "div", "br", "li", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section")
_FURNITURE = ("script", "style", "noscript", "nav", "header", "footer", "aside", "form", "head")


def read_html(data: bytes) -> Reading:
    page = _page(_decoded_html(data))
    if page is None:
        raise Rejected("tệp HTML không có nội dung. Hãy lưu lại trang từ trình duyệt rồi thêm lại.")
    _number_lists(page)
    for heading in page.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        heading.text = as_heading((heading.text or "").lstrip(), int(heading.tag[1]))
    found: Any = trafilatura.bare_extraction(
        lxml.html.tostring(page, encoding="unicode"),
        include_comments=False,
        favor_recall=True,
        with_metadata=True,
    )
    text = _ROW.sub(r"\1", _RULE.sub("", _BULLET.sub("", found.text or ""))) if found else ""
    whole = _all_blocks(page)
    lost_articles = len(_ARTICLE.findall(whole)) > len(_ARTICLE.findall(text))
    if len(whole) > len(text) and (len(text) < _LITTLE or lost_articles):
        text = whole
    hints = {
        "title": ((found and found.title) or "").lstrip("# "),
        "date": (found and found.date) or "",
        "url": (found and found.url) or "",
        "kind": "Bài báo" if found and found.pagetype == "article" else "",
    }
    return Reading(text.replace(_LISTED, ""), hints=hints)


def _decoded_html(data: bytes) -> str:
    """As declared where that is not UTF-8: pages older than 2010 often are not."""
    declared = _CHARSET.search(data[:2048])
    try:
        codec = codecs.lookup(declared[1].decode()).name if declared else "utf-8"
        return decoded(data) if codec == "utf-8" else data.decode(codec)
    except (LookupError, UnicodeError):
        return decoded(data)


def _page(source: str) -> Any:
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    encoded = source.encode("utf-8", "replace")
    return lxml.html.document_fromstring(encoded, parser=parser) if encoded.strip() else None


def _number_lists(page: Any) -> None:
    """Browsers number `<ol>` themselves; written out, the numbers survive extraction."""
    for ordered in page.iter("ol"):
        start = ordered.get("start", "1")
        number = int(start) if re.fullmatch(r"\d{1,6}", start) else 1
        for item in ordered.iterchildren("li"):
            if re.fullmatch(r"\d{1,6}", item.get("value", "")):
                number = int(item.get("value"))
            item.text = f"{_LISTED}{_label(ordered, number)} {(item.text or '').lstrip()}"
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


def _all_blocks(page: Any) -> str:
    """Everything a reader sees but menus and frames, block by block; spends `page`."""
    for element in page.xpath("|".join(f"//{tag}" for tag in _FURNITURE)):
        element.drop_tree()
    for element in page.iter():
        element.text = re.sub(r"\s+", " ", element.text or "")
        element.tail = re.sub(r"\s+", " ", element.tail or "")
    for element in page.iter(*_BLOCKS):
        element.text, element.tail = "\n" + element.text, "\n" + element.tail
    for cell in page.iter("td", "th"):
        if cell.getnext() is not None:
            cell.tail = " | " + cell.tail
    lines = (line.strip() for line in page.text_content().split("\n"))
    return "\n".join(line for line in lines if line)
