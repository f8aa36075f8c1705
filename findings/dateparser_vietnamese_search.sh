#!/bin/sh
# dateparser 1.5.0: parse() reads "ngày 22 tháng 12 năm 2024" rightly, and search_dates() finds it after
# "có hiệu lực từ". But behind a document's number, and behind "trước" (before), the same words come back
# as three dates: "22 tháng" (22 months ago), "12 năm" (12 years ago) and 2024, none of them the day that stands there.
# These two are where decrees write their days. Nothing tells such an answer from a right one.
# Needs python3 with venv and a package index; fails when the behaviour changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install dateparser==1.5.0
"$folder/venv/bin/python" - <<'PYTHON'
import datetime
from importlib.metadata import version

from dateparser import parse
from dateparser.search import search_dates

DAY = datetime.datetime(2024, 12, 22)
WRITTEN = "ngày 22 tháng 12 năm 2024"
BASE = {"RELATIVE_BASE": datetime.datetime(2026, 1, 1)}


def found(text: str) -> list[tuple[str, datetime.datetime]]:
    dates = search_dates(text, languages=["vi"], settings=BASE) or []
    print(text, "=>", [(words, f"{day:%Y-%m-%d}") for words, day in dates])
    return dates


print("dateparser", version("dateparser"))
assert parse(WRITTEN, languages=["vi"]) == DAY
assert found(f"Luật này có hiệu lực từ {WRITTEN}") == [(WRITTEN, DAY)]
for text in (f"Nghị quyết số 57-NQ/TW {WRITTEN} của Bộ Chính trị", f"hoàn thành trước {WRITTEN}"):
    dates = found(text)
    assert [words for words, _ in dates] == ["22 tháng", "12 năm", "2024"], "cut otherwise now"
    assert DAY not in [day for _, day in dates], "the day is found now"
PYTHON
