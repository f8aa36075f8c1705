"""Whether a question that stands alone is answered as it is without what was asked before.

    python -m index.evaluation.turns DATA ALONE.jsonl

DATA is a data folder with an index; each line of ALONE.jsonl has a question and earlier `turns` that
have nothing to do with it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.evaluation.answers import Ask
from index.evaluation.lines import json_lines
from index.result import Answer
from index.retrieval.encoder import open_encoder
from index.serving import Serving


def changed(rows: Sequence[dict[str, Any]], ask: Ask) -> dict[str, Any]:
    """How many outcomes and first quotations earlier turns left as they were, and which not."""
    pairs = [(row, ask(row["question"], ()), ask(row["question"], row["turns"])) for row in rows]
    outcomes = [row for row, alone, after in pairs if alone.outcome != after.outcome]
    quotes = [row for row, alone, after in pairs if _first(alone) != _first(after)]
    return {
        "questions": len(rows),
        "outcome unchanged": round(1 - len(outcomes) / len(rows), 4),
        "first quotation unchanged": round(1 - len(quotes) / len(rows), 4),
        "changed": [{"turns": row["turns"], "question": row["question"]} for row in quotes],
    }


def _first(answer: Answer) -> tuple[str, int] | None:
    return (answer.quotes[0].document, answer.quotes[0].start) if answer.quotes else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("alone", type=Path)
    given = parser.parse_args()
    answerer = Serving(given.data, open_encoder(""), "").answerer()
    rows = json_lines(given.alone)
    print(json.dumps(changed(rows, answerer.answer), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
