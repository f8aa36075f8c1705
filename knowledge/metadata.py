"""What is known of a document besides its words, and who says so.

Field by field, the first that knows wins: the sidecar `NAME.yaml`, the front matter, the text's own
heading, hints of the format (a page's title), and for the title the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import yaml

from knowledge.canonical import canonical
from knowledge.document import Metadata
from knowledge.errors import Rejected
from knowledge.heading import (
    effective_date,
    heading_of,
    introduction_of,
    iso_date,
    kind_in,
    passed_on,
)
from knowledge.numbers import kind_and_issuer
from knowledge.vietnamese import fold

SIDECAR_SUFFIXES: Final = (".yaml", ".yml")
_FIELDS: Final = frozenset(field.name for field in fields(Metadata))
_DATES: Final = ("date", "effective", "expires")
_STATUSES: Final = {
    "in force": "in force",
    "con hieu luc": "in force",
    "amended": "amended",
    "het hieu luc mot phan": "amended",
    "duoc sua doi": "amended",
    "da sua doi": "amended",
    "expired": "expired",
    "het hieu luc": "expired",
    "draft": "draft",
    "du thao": "draft",
    "unknown": "unknown",
    "khong ro": "unknown",
    "chua ro": "unknown",
}
_LONGEST_HEADER: Final = 60  # lines; a rule further down is the text's own
_LONGEST_SIDECAR: Final = 65_536  # bytes
_MOST_NESTED: Final = 100
_FENCE: Final = re.compile(r"(?:---|\.\.\.)\s*$")
_PAIR: Final = re.compile(r"([A-Za-z_]+)\s*:(?:\s+(.*)|$)")


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The header below a first line `---`, and the text after it.

    Real headers are lenient YAML at best: values with colons, no closing line. Two rules with no
    field of ours between them are the text's own.
    """
    lines = text.split("\n")
    if lines[0] != "---":
        return {}, text
    window = range(1, min(len(lines), _LONGEST_HEADER))
    closing = next((index for index in window if _FENCE.match(lines[index])), None)
    end = closing
    if end is None:
        end = next((index for index in window if not _PAIR.match(lines[index])), len(lines))
    header = _fields_of("\n".join(lines[1:end]))
    if not header:
        return {}, text
    return header, "\n".join(lines[end if closing is None else end + 1 :])


def sidecar_beside(file: Path) -> dict[str, str]:
    """The fields of a file's sidecar; a broken one is the maintainer's to mend."""
    sidecar = sidecar_of(file)
    return _checked(sidecar) if sidecar else {}


def sidecar_of(file: Path) -> Path | None:
    """`plan.pdf.yaml` or `plan.yaml` beside `plan.pdf`, where there is one."""
    beside = (file.with_name(name + suffix)
              for name in (file.name, file.stem) for suffix in SIDECAR_SUFFIXES)  # fmt: skip
    here = (
        file.parent.resolve()
    )  # a link may lead out of the library, as those of documents may not
    return next(
        (one for one in beside if one != file and one.is_file() and one.resolve().parent == here),
        None,
    )


def metadata_of(
    name: str,
    text: str,
    sidecar: Mapping[str, str],
    header: Mapping[str, str],
    hints: Mapping[str, str],
) -> Metadata:
    """All that is known of `text`, whose file is called `name`."""
    formal = heading_of(text)
    told = _present(header)
    if "title" in told and formal.get("title") and _only_numbers(told["title"], formal):
        del told["title"]  # the heading tells the subject, too
    given = {**told, **_present(sidecar)}
    own = formal or introduction_of(text)
    number = given.get("number")
    # Another document's heading: of one attached, or of one that a summary is about.
    if number:
        others = own.get("number") not in (None, *number.split("; "))
    else:
        others = "title" in given and not formal
    if others:
        own = {}
    known = {"title": name, **_present(hints), **own, **given}
    if _of_another_year(known.get("number", ""), known.get("date", "")):
        del known["date"]  # of the document that this one carries out, as likely as not
    kind, issuer = kind_and_issuer(known.get("number", "").split(";")[0])
    if fold(known.get("source", "")).startswith("bai bao"):
        kind = "Bài báo"
    known = {"kind": kind, "issuer": issuer, **known}
    known["kind"] = known["kind"] or kind_in(known["title"])
    known["date"] = known.get("date") or (passed_on(text) if known["issuer"] == "Quốc hội" else "")
    known["effective"] = known.get("effective") or effective_date(
        text, known["kind"], known["date"]
    )
    known["status"] = _STATUSES.get(fold(known.get("status", "")), "unknown")
    return Metadata(**known)  # type: ignore[arg-type]  # status is one of _STATUSES


def _of_another_year(number: str, date: str) -> bool:
    """Whether a document's number tells another year than its date."""
    year = re.search(r"/((?:19|20)\d\d)(?:/|$)", number)
    return bool(date and year and ";" not in number and year[1] != date[:4])


def _only_numbers(title: str, own: Mapping[str, str]) -> bool:
    """Whether a title says kind and number, and nothing of the subject."""
    rest = fold(title)
    for said in (own.get("kind", ""), own.get("number", "")):
        rest = rest.replace(fold(said), " ")
    return not re.search(r"[a-z]{2}", rest)


def _present(values: Mapping[str, str]) -> dict[str, str]:
    """Those that say something; a date that is none says nothing."""
    read = {key: iso_date(value) if key in _DATES else value for key, value in values.items()}
    return {key: value for key, value in read.items() if value}


def _fields_of(block: str) -> dict[str, str]:
    """YAML if it is YAML; else, as people write headers, whatever reads as `key: value`."""
    try:
        loaded = _yaml(block)
    except ValueError:
        pairs = (_PAIR.match(line) for line in block.split("\n"))
        loaded = {pair[1]: (pair[2] or "").strip(" \"'") for pair in pairs if pair}
    return {key: loaded[key] for key in loaded if key in _FIELDS}


def _yaml(block: str) -> dict[str, str]:
    """A mapping of plain values, each as written: `number: 01` is not the integer 1."""
    if block.count("[") + block.count("{") > _MOST_NESTED:
        raise ValueError("dấu ngoặc")  # only strings are wanted; deep nesting costs seconds
    try:
        loaded = yaml.load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise ValueError(f"dòng {mark.line + 1}" if mark else "nội dung") from error
    if not isinstance(loaded, dict):
        raise ValueError("nội dung, không có dạng “tên: giá trị”")
    return {
        str(key): " ".join(canonical(value).split())
        for key, value in loaded.items()
        if isinstance(value, str)
    }


def _checked(sidecar: Path) -> dict[str, str]:
    try:
        if sidecar.stat().st_size > _LONGEST_SIDECAR:
            raise Rejected(f"tệp thông tin {sidecar.name} quá lớn để là vài dòng thông tin.")
        values = _yaml(sidecar.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Rejected(f"tệp thông tin {sidecar.name} không dùng mã UTF-8.") from error
    except OSError as error:
        raise Rejected(f"không đọc được tệp thông tin {sidecar.name}.") from error
    except ValueError as error:
        raise Rejected(
            f"tệp thông tin {sidecar.name} sai cú pháp ở {error}. "
            "Mỗi dòng viết “tên: giá trị”; giá trị có dấu hai chấm thì đặt trong ngoặc kép."
        ) from error
    for key in values:
        if key not in _FIELDS:
            near = get_close_matches(key.lower(), _FIELDS, 1)
            cure = (
                f"Có phải bạn định viết “{near[0]}”? Hãy sửa lại tên mục."
                if near
                else f"Hãy dùng một trong: {', '.join(sorted(_FIELDS))}."
            )
            raise Rejected(f"tệp thông tin {sidecar.name}: không có mục “{key}”. {cure}")
    known = dict(values)
    for key in _DATES:
        if known.get(key) and not iso_date(known[key]):
            raise Rejected(
                f"tệp thông tin {sidecar.name}: “{key}: {known[key]}” không phải ngày. "
                "Hãy viết như 2026-06-24."
            )
    if known.get("status") and fold(known["status"]) not in _STATUSES:
        raise Rejected(
            f"tệp thông tin {sidecar.name}: không hiểu “status: {known['status']}”. Hãy viết "
            "“còn hiệu lực”, “hết hiệu lực một phần”, “hết hiệu lực” hoặc “dự thảo”."
        )
    return known
