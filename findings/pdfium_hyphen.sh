#!/bin/sh
# pypdfium2 5.15.2 (PDFium): a hyphen at the end of a printed line comes as U+0002 from
# get_text_bounded() and as U+FFFE from get_text_range(), and the line break after it is gone. Readers
# that drop control characters turn decision "1234/QĐ-UBND" into "1234/QĐUBND", another number.
# Needs python3 with venv and a package index; fails when the behaviour changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pypdfium2==5.15.2 reportlab==5.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import io

import pypdfium2
from reportlab.pdfgen.canvas import Canvas

stream = io.BytesIO()
canvas = Canvas(stream)
canvas.drawString(72, 700, "according to Decision 1234/QD-")
canvas.drawString(72, 682, "UBND of 5 March 2026")
canvas.save()
page = pypdfium2.PdfDocument(stream.getvalue())[0].get_textpage()
bounded, ranged = page.get_text_bounded(), page.get_text_range()
print("pypdfium2", pypdfium2.version.PYPDFIUM_INFO)
print("get_text_bounded:", ascii(bounded))
print("get_text_range:  ", ascii(ranged))
assert "QD\x02UBND" in bounded, "the hyphen is no longer U+0002 without a break"
assert "QD\ufffeUBND" in ranged, "the hyphen is no longer U+FFFE without a break"
PYTHON
