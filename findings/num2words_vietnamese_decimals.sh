#!/bin/sh
# num2words 0.5.14: in Vietnamese a decimal is rounded to two places without a word, and what is left is
# read as a whole number: 0.05 is "không phẩy năm", which is how people say 0.5 (that becomes "không phẩy năm
# mươi"), 3.005 is "ba" (three). In English all digits are read. Indices such as DTI are
# published with four decimals; whoever reads them aloud for people who cannot see says another figure.
# Needs python3 with venv and a package index; fails when the behaviour changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install num2words==0.5.14
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from num2words import num2words

SEEN = {
    0.05: "không phẩy năm",
    0.5: "không phẩy năm mươi",
    0.6961: "không phẩy bảy mươi",
    3.005: "ba",
    99.999: "một trăm",
}
print("num2words", version("num2words"))
for figure, words in SEEN.items():
    said = num2words(figure, lang="vi")
    print(figure, "|", said, "|", num2words(figure, lang="en"))
    assert said == words, f"{figure} is read otherwise now"
assert num2words(0.6961, lang="en") == "zero point six nine six one"
PYTHON
