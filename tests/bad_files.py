"""Files that break readers, made from sound ones: `python -m tests.bad_files FOLDER` writes them all.

Truncated, encrypted, under a wrong name, blown up, nested deep, in loops, and with odd names.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SENTENCE = "Điều 1. Chuyển đổi số là việc của mọi người dân.\n"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def bad_files() -> Iterator[tuple[str, bytes]]:
    """Names and contents, each name once."""
    sound = _sound()
    for suffix, data in sound.items():
        for tenths in (1, 4, 7, 9):
            yield f"cut-{tenths}{suffix}", data[: len(data) * tenths // 10]
    for suffix, data in sound.items():
        for other in (".docx", ".pdf", ".xlsx", ".pptx", ".rtf", ".txt"):
            if other != suffix:
                yield f"named-{suffix[1:]}{other}", data
    yield from _locked()
    yield from _blown_up()
    yield from _nested()
    yield from _loops()
    for name in ("khoảng trắng  hai.txt", "%20%00.md", "\u202egnp.txt", "🙂.md", "a" * 200 + ".txt", "-rf.txt",
                 "a.b.c.txt", "CON.txt"):  # fmt: skip
        yield name, _SENTENCE.encode()
    yield "xuống\ndòng.txt", _SENTENCE.encode()


def _sound() -> dict[str, bytes]:
    word, book = docx.Document(), openpyxl.Workbook()
    for _ in range(40):
        word.add_paragraph(_SENTENCE)
        book.active.append(["Năm", "Hạng", _SENTENCE])
    streams = io.BytesIO(), io.BytesIO(), io.BytesIO()
    word.save(streams[0])
    book.save(streams[1])
    canvas = Canvas(streams[2])
    canvas.drawString(72, 700, "Dieu 1. Chuyen doi so la viec cua moi nguoi dan.")
    canvas.save()
    slide = (
        f'<p:sld xmlns:p="p" xmlns:a="{_A}"><a:p><a:r><a:t>{_SENTENCE}</a:t></a:r></a:p></p:sld>'
    )
    return {
        ".docx": streams[0].getvalue(),
        ".xlsx": streams[1].getvalue(),
        ".pdf": streams[2].getvalue(),
        ".pptx": _zip({"ppt/slides/slide1.xml": slide.encode()}),
        ".rtf": rb"{\rtf1\ansi " + rb"\u272?i\u7873?u 1. Ph\u7841?m vi\par " * 40 + b"}",
        ".html": f"<html><body><p>{_SENTENCE * 40}</p></body></html>".encode(),
    }


def _zip(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return stream.getvalue()


def _word(body: str, **parts: str) -> bytes:
    related = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>' for name in parts
    )
    main = (
        f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="a" Type="{_OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    document = f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    named = {
        f"word/{name}.xml": f'<w:{name} xmlns:w="{_W}">{xml}</w:{name}>'.encode()
        for name, xml in parts.items()
    }
    relations = f'<Relationships xmlns="{_PACKAGE}">{related}</Relationships>'
    return _zip(
        {"_rels/.rels": main.encode(), "word/document.xml": document.encode(),
         "word/_rels/document.xml.rels": relations.encode(), **named}
    )  # fmt: skip


def _locked() -> Iterator[tuple[str, bytes]]:
    package = _OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(4096)
    for suffix in (".docx", ".xlsx", ".pptx", ".doc", ".xls", ".ppt"):
        yield f"locked{suffix}", package
    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=StandardEncryption("mật khẩu".encode().hex()))
    canvas.drawString(72, 700, "bi mat")
    canvas.save()
    yield "locked.pdf", stream.getvalue()


def _blown_up() -> Iterator[tuple[str, bytes]]:
    blank = b" " * (140 * 1024 * 1024)
    yield "bomb-word.docx", _zip({"word/document.xml": blank})
    yield "bomb-sheet.xlsx", _zip({"xl/workbook.xml": blank, "xl/worksheets/sheet1.xml": blank})
    yield "bomb-slides.pptx", _zip({"ppt/slides/slide1.xml": blank})
    yield "bomb-in-bomb.docx", _zip({"word/document.xml": _zip({"a": blank})})
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    entity = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{laughs}]><w:document xmlns:w="{_W}"><w:body>&l9;</w:body></w:document>'
    yield "laughs.docx", _zip({"_rels/.rels": b"<a/>", "word/document.xml": entity.encode()})
    yield "laughs.pptx", _zip({"ppt/slides/slide1.xml": entity.encode()})
    book = openpyxl.Workbook()
    book.active.cell(1_048_576, 16_384).value = "xa"
    stream = io.BytesIO()
    book.save(stream)
    yield "endless.xlsx", stream.getvalue()
    yield "marks.txt", b"a" + "\u0301".encode() * 100_000
    yield "line.txt", "Điều 1. ".encode() * 60_000
    yield "blanks.md", b" " * 500_000 + b"x"
    yield "bars.md", b"| " * 200_000
    yield "stars.md", b"*a" * 100_000
    yield "table.md", b"|a" * 20_000 + b"|\n" + b"|-" * 20_000 + b"|\n|x|\n"
    yield (
        "spans.html",
        ("<table>" + "<tr><td rowspan=999 colspan=999>a</td></tr>" * 300 + "</table>").encode(),
    )


def _nested() -> Iterator[tuple[str, bytes]]:
    for depth in (50, 3_000):
        cell = "<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth
        yield f"tables-{depth}.docx", _word(cell)
        inner = "<w:sdt><w:sdtContent>" * depth + "<w:p/>" + "</w:sdtContent></w:sdt>" * depth
        yield f"controls-{depth}.docx", _word(inner)
        yield f"div-{depth}.html", ("<div>" * depth + _SENTENCE + "</div>" * depth).encode()
        yield f"table-{depth}.html", ("<table><tr><td>" * depth + _SENTENCE).encode()
        yield f"list-{depth}.html", ("<ol><li>" * depth + _SENTENCE).encode()
        yield f"braces-{depth}.rtf", b"{\\rtf1 " + b"{" * depth + b"a" + b"}" * depth + b"}"
        slide = "<a:g>" * depth + "<a:p><a:r><a:t>a b c</a:t></a:r></a:p>" + "</a:g>" * depth
        xml = f'<p:sld xmlns:p="p" xmlns:a="{_A}">{slide}</p:sld>'
        yield f"groups-{depth}.pptx", _zip({"ppt/slides/slide1.xml": xml.encode()})
        yield f"quotes-{depth}.md", b"> " * depth + _SENTENCE.encode()
    yield "header.md", b"---\ntitle: " + b"[" * 50_000 + b"\n---\n" + _SENTENCE.encode()


def _loops() -> Iterator[tuple[str, bytes]]:
    mark = '<w:p><w:r><w:t>a</w:t><w:footnoteReference w:id="1"/></w:r></w:p>'
    yield "note-in-itself.docx", _word(mark, footnotes=f'<w:footnote w:id="1">{mark}</w:footnote>')
    style = '<w:style w:type="paragraph" w:styleId="{0}"><w:basedOn w:val="{1}"/></w:style>'
    yield (
        "style-on-itself.docx",
        _word(
            '<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>Điều 1.</w:t></w:r></w:p>',
            styles=style.format("A", "B") + style.format("B", "A"),
        ),
    )


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in bad_files():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
