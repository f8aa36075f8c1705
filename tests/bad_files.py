"""Files that break readers, made from sound ones: `python -m tests.bad_files FOLDER` writes them all.

Truncated, with bytes changed at random (seeded), encrypted, under a wrong name, blown up, nested deep, in
loops, of shapes that patterns are slow on, with days that are none, and with odd names.
"""

from __future__ import annotations

import io
import random
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
    yield from _spoilt(sound)
    yield from _shapes()
    yield from _days()
    yield from _letters()
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


def _spoilt(sound: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Bytes changed, left out and put in, the more the higher the number."""
    chance = random.Random(24)
    for suffix, data in sound.items():
        for number in range(10):
            spoilt = bytearray(data)
            for _ in range(2 ** (number + 1)):
                at = chance.randrange(len(spoilt))
                some = chance.randbytes(chance.choice((0, 1, 1, 1, 4)))
                spoilt[at : at + 1] = some
            yield f"spoilt-{number}{suffix}", bytes(spoilt)


SHAPES = {
    "letters": "a" * 200_000,
    "brackets": "(" * 100_000,
    "closing": "a)" * 100_000,
    "numbers": "1." * 100_000,
    "slashes": "1/2/" * 50_000,
    "marks-of-number": "Số: " * 50_000,
    "dashes": "- " * 100_000,
    "dots": "…" * 100_000,
    "quotes": "“" * 100_000,
    "citations": "khoản 1 Điều 2 Luật số 3/2020/QH14, " * 5_000,
    "tiny-articles": "".join(f"Điều {n}. A\n" for n in range(20_000)),
    "tiny-clauses": "Điều 1. A\n" + "".join(f"{n}. a\n" for n in range(1, 30_000)),
    "points": "Điều 1. A\n1. B\n" + "a) c\n" * 40_000,
    "law": "".join(
        f"Điều {n}. Phạm vi\n1. Cơ quan thực hiện trong {n} ngày.\na) Nội dung;\n" for n in range(20_000)
    ),
    "blank-lines": "a\n\n" * 100_000,
    "capitals": "CHUYỂN ĐỔI SỐ " * 20_000,
    "signatures": "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n(Đã ký)\n" * 5_000,
    "rows": "| a | b |\n" * 30_000,
    "terms": "“a” là b; " * 20_000,
}  # fmt: skip


def _shapes() -> Iterator[tuple[str, bytes]]:
    for name, text in SHAPES.items():
        yield f"shape-{name}.txt", text.encode()
        yield f"shape-{name}.html", f"<p>{text}</p>".replace("\n", "</p><p>").encode()


def _days() -> Iterator[tuple[str, bytes]]:
    for number, day in enumerate(
        ("2026-13-45", "0000-00-00", "99999-01-01", "2026-02-30", "[2026, 1]", "{a: b}", "null")
    ):
        yield f"day-{number}.md", f"---\ntitle: A\ndate: {day}\n---\n{_SENTENCE}".encode()
    for number, day in enumerate(
        ("ngày 31 tháng 02 năm 2026", "ngày 45 tháng 13 năm 0000", "ngày 1 tháng 1 năm 99999")
    ):
        head = f"ỦY BAN NHÂN DÂN\nSố: 1/QĐ-UBND\nThái Nguyên, {day}\nQUYẾT ĐỊNH\n"
        effect = f"Quyết định này có hiệu lực kể từ {day} và sau 99999999 ngày.\n"
        yield f"written-day-{number}.txt", (head + _SENTENCE + effect).encode()


def _letters() -> Iterator[tuple[str, bytes]]:
    for encoding in ("utf-16", "utf-32", "utf-7", "cp1258"):
        yield f"letters-{encoding}.txt", (_SENTENCE * 20).encode(encoding, "replace")
    yield "letters-lone.txt", b"\xed\xa0\x80 " * 2_000 + _SENTENCE.encode()
    yield "letters-nul.txt", b"\x00a" * 20_000
    yield "letters-noise.txt", random.Random(5).randbytes(200_000)
    yield "letters-hooks.md", ("e" + "\u0302\u0301\u0323\u0309" * 20).encode() * 3_000
    yield "letters-right-to-left.txt", ("\u202e\u2067" * 50_000 + _SENTENCE).encode()
    yield "letters-joined.txt", ("\u200d\u2060" * 50_000 + _SENTENCE).encode()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in bad_files():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
