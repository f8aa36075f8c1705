"""How much of each document's metadata is found in its words alone.

`python -m tests.measure_metadata FOLDER` reads every document of FOLDER twice, with its front matter
and sidecar and without, and compares what both say. Documents whose words state no number at all
(a codified text without its heading) are counted apart: nothing could be found in them.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from knowledge.heading import heading_of, introduction_of
from knowledge.load import documents_under, read_document
from knowledge.metadata import metadata_of
from knowledge.vietnamese import fold, syllables

_FIELDS = ("number", "date", "issuer", "kind")


def main(folder: Path) -> None:
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    silent = 0
    for file in documents_under(folder):
        document = read_document(file, folder)
        own = metadata_of(file.stem, document.text, {}, {}, {})
        if not (heading_of(document.text) or introduction_of(document.text)):
            silent += 1
            continue
        for field in _FIELDS:
            stated, found = getattr(document.metadata, field), getattr(own, field)
            if stated:
                asked[field] += 1
                right[field] += fold(found) == fold(stated.split("; ")[0])
        asked["title"] += 1  # headers name documents in ways of their own: that one is found counts
        right["title"] += own.title != file.stem and len(syllables(own.title)) > 2
    for field in (*_FIELDS, "title"):
        print(
            f"{field:8} {right[field]}/{asked[field]} = {right[field] / max(1, asked[field]):.3f}"
        )
    print(f"without a heading in their words: {silent}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
