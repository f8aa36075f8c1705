"""Slides as they are shown: in their order, each below its title, lists with their numbers."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from knowledge.raised import raised
from knowledge.reading import Reading, as_heading, letter, roman, titled
from knowledge.table import Cell, table_lines

_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_EITHER: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_TRUE: Final = ("1", "true")
_TITLES: Final = ("title", "ctrTitle")
_FURNITURE: Final = ("sldNum", "ftr", "dt", "hdr")
_NUMBERED: Final = re.compile(
    r"(arabic|alphaLc|alphaUc|romanLc|romanUc)(Period|ParenR|ParenBoth|Plain)"
)
_FORMS: Final = {"Period": "{}.", "ParenR": "{})", "ParenBoth": "({})", "Plain": "{}"}


def slides_of(package: zipfile.ZipFile) -> Reading | None:
    """None where there is no slide; hidden slides and notes are left out."""
    names = _in_order(package)
    if not names:
        return None
    title = ""
    lines: list[str] = []
    for number, name in enumerate(names, 1):
        slide = ElementTree.fromstring(package.read(name))
        if slide.get("show") in ("0", "false"):
            continue
        for either in list(slide.iter(_EITHER)):
            del either[1:]  # the same for older programs
        heads = [shape for shape in slide.iter(_P + "sp") if _holds(shape) in _TITLES]
        head = " ".join(" ".join(line for shape in heads for line in _lines(shape)).split())
        body = list(_lines(slide))
        title = title or head
        if head or body:  # one without a title is none of the slide before
            lines += [as_heading(head or f"Trang {number}", 2 if lines else 1), *body, ""]
    return titled("\n".join(lines), title)


def _in_order(package: zipfile.ZipFile) -> list[str]:
    """As the presentation lists its slides; where it does not, by their numbers."""
    try:
        shown = ElementTree.fromstring(package.read("ppt/presentation.xml"))
        related = ElementTree.fromstring(package.read("ppt/_rels/presentation.xml.rels"))
    except KeyError:
        found = [re.fullmatch(r"ppt/slides/slide(\d+)\.xml", name) for name in package.namelist()]
        return [name[0] for name in sorted(filter(None, found), key=lambda name: int(name[1]))]
    targets = {
        one.get("Id"): posixpath.normpath(posixpath.join("/ppt", one.get("Target", "")))[1:]
        for one in related.iter(_RELATION)
    }
    listed = [targets.get(slide.get(_R + "id")) for slide in shown.iter(_P + "sldId")]
    return [name for name in listed if name]


def _holds(shape: Element) -> str:
    """What a placeholder is for."""
    placeholder = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
    return "" if placeholder is None else placeholder.get("type", "")


def _lines(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag == _A + "tbl":
            yield from table_lines(list(map(_row, child.iter(_A + "tr"))))
        elif child.tag in (_P + "txBody", _A + "txBody"):
            yield from _paragraphs(child)
        elif child.tag != _P + "sp" or _holds(child) not in (*_TITLES, *_FURNITURE):
            yield from _lines(child)


def _paragraphs(body: Element) -> Iterator[str]:
    """Those with words; numbered where slides number them."""
    counted: dict[int, tuple[str, int]] = {}  # by level: how, and up to which number
    for paragraph in body.findall(_A + "p"):
        words = ""
        for run in paragraph.iter():
            if run.tag == _A + "br":
                words += "\n"
            elif run.tag in (_A + "r", _A + "fld"):
                words += _words(run, words)
        if not words.strip():
            continue
        properties = paragraph.find(_A + "pPr")
        level = _whole(properties.get("lvl"), 0) if properties is not None else 0
        scheme = properties.find(_A + "buAutoNum") if properties is not None else None
        counted = {deep: last for deep, last in counted.items() if deep <= level}
        how, last = counted.pop(level, ("", 0))
        if scheme is not None:
            kind = scheme.get("type", "")
            number = last + 1 if kind == how else _whole(scheme.get("startAt"), 1)
            counted[level] = (kind, number)
            words = f"{_label(kind, number)} {words}"
        yield words


def _words(run: Element, before: str) -> str:
    words, properties = run.findtext(_A + "t") or "", run.find(_A + "rPr")
    lifted = properties is not None and properties.get("baseline", "0")[:1] not in "-0"
    return raised(words, before) if lifted else words


def _label(kind: str, number: int) -> str:
    found = _NUMBERED.fullmatch(kind)
    if not found:
        return f"{number}."
    counted: dict[str, Callable[[int], str]] = {"alpha": letter, "roman": roman}
    small = counted.get(found[1][:5], str)(number)
    return _FORMS[found[2]].format(small.upper() if found[1].endswith("Uc") else small)


def _row(row: Element) -> list[Cell]:
    return [
        Cell(list(_lines(cell)), _whole(cell.get("gridSpan"), 1), _whole(cell.get("rowSpan"), 1))
        for cell in row.findall(_A + "tc")
        if cell.get("hMerge") not in _TRUE and cell.get("vMerge") not in _TRUE
    ]


def _whole(written: str | None, otherwise: int) -> int:
    return int(written) if written and re.fullmatch(r"\d{1,3}", written) else otherwise
