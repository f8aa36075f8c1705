"""Whether two checkouts answer alike: `python -m index.evaluation.same BEFORE DATA AFTER DATA FILE…`.

Each checkout answers the questions of FILE (as `cdsbot eval answers` takes them) by its own code over
its own data folder; what is shown, cited and decided is compared, question by question.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def answers(checkout: Path, data: Path, questions: Path) -> list[dict[str, Any]]:
    """What `cdsbot ask --batch` of a checkout says over a data folder, in the order of the questions."""
    ours = {"PYTHONPATH": str(checkout.resolve()), "CDSBOT_DATA": str(data.resolve())}
    command = [sys.executable, "-m", "bot.cli", "ask", "--batch", str(questions), "--json"]
    with tempfile.TemporaryDirectory() as elsewhere:  # where no .env and no package of ours lies
        done = subprocess.run(
            command, cwd=elsewhere, env={**os.environ, **ours}, stdout=subprocess.PIPE, check=True
        )
    return [json.loads(line) for line in done.stdout.splitlines()]


def shown(answer: dict[str, Any]) -> tuple[Any, ...]:
    """What a person sees of an answer: whether there is one, its words, and where they stand."""
    quotes = (
        (quote["document"], quote["start"], quote["end"], quote["section"])
        for quote in answer["quotes"]
    )
    return answer["answered"], answer["text"], *quotes


def differing(
    before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The pairs of answers that do not show the same."""
    pairs = zip(before, after, strict=True)
    return [(one, other) for one, other in pairs if shown(one) != shown(other)]


def main() -> int:
    """Command line: prints each difference; 1 where there is any."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("before", "data_before", "after", "data_after"):
        parser.add_argument(name, type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    given = parser.parse_args()
    rows = [json.loads(line) for file in given.questions for line in file.read_text().splitlines()]
    asked = [{"id": str(at), "question": row["question"], "turns": row.get("turns", [])}
             for at, row in enumerate(rows)]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        batch = Path(folder) / "questions.jsonl"
        batch.write_text("".join(json.dumps(one) + "\n" for one in asked), "utf-8")
        before = answers(given.before, given.data_before, batch)
        after = answers(given.after, given.data_after, batch)
    found = differing(before, after)
    for one, other in found:
        print(asked[int(one["id"])]["question"], shown(one), shown(other), sep="\n  ")
    print(f"{len(found)} of {len(asked)} answers differ")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
