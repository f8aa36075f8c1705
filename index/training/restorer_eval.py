"""Measures the diacritics restorer: `python -m index.training.restorer_eval EVAL_FOLDER…`.

Each folder holds `questions.jsonl`. The figures are kept in docs/evaluations/restorer.json.
"""

import argparse
import json
import random
import re
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.question.diacritics import SHIPPED, Restorer, is_bare, normal

RESULTS = Path("docs/evaluations/restorer.json")
_WORD = re.compile(r"[^\W\d_]+")
REPEATS = 3  # the shortest of so many runs: the machine has other work


@dataclass(frozen=True, slots=True)
class Figures:
    """One set's result; shares in percent, times in milliseconds of processor time."""

    questions: int
    syllables: int
    exact: float  # every syllable as typed
    restored: float  # the same, hoà and hòa taken as one
    half_bare: float  # every second syllable stripped, by chance
    as_typed: float  # nothing stripped: what survives unchanged
    seen_as_bare: float
    mean_ms: float
    p95_ms: float


def stripped(text: str) -> str:
    """The text as somebody without a Vietnamese keyboard types it."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def half_stripped(text: str, chance: random.Random) -> str:
    """The text with every second syllable stripped, by chance."""
    return _WORD.sub(lambda m: stripped(m[0]) if chance.random() < 0.5 else m[0], text)


def right(wanted: str, given: str) -> tuple[int, int, int]:
    """Syllables, those exactly as wanted, and those which differ in tone placement at most."""
    pairs = list(zip(_WORD.findall(wanted), _WORD.findall(given), strict=True))
    return (
        len(pairs),
        sum(a == b for a, b in pairs),
        sum(normal(a) == normal(b) for a, b in pairs),
    )


def measure(restorer: Restorer, questions: Sequence[str]) -> Figures:
    """Restore each question from several states of undress."""
    chance = random.Random(1)
    bare = [stripped(question) for question in questions]
    half = [half_stripped(question, chance) for question in questions]
    times = [min(_seconds(restorer, question) for _ in range(REPEATS)) for question in bare]

    def share(given: Sequence[str], exact: bool = False) -> float:
        counts = [right(q, restorer.restore(g)) for q, g in zip(questions, given, strict=True)]
        return round(100 * sum(c[1 if exact else 2] for c in counts) / sum(c[0] for c in counts), 2)

    return Figures(
        questions=len(questions),
        syllables=sum(right(question, question)[0] for question in questions),
        exact=share(bare, exact=True),
        restored=share(bare),
        half_bare=share(half),
        as_typed=share(questions),
        seen_as_bare=round(100 * sum(map(is_bare, bare)) / len(bare), 2),
        mean_ms=round(1000 * sum(times) / len(times), 2),
        p95_ms=round(1000 * sorted(times)[int(0.95 * len(times))], 2),
    )


def _seconds(restorer: Restorer, question: str) -> float:
    begun = time.process_time()
    restorer.restore(question)
    return time.process_time() - begun


def read(folder: Path) -> list[str]:
    """The questions of a set, composed."""
    with (folder / "questions.jsonl").open(encoding="utf-8") as lines:
        return [unicodedata.normalize("NFC", json.loads(line)["question"]) for line in lines]


def main() -> None:
    """Print a line a set, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    begun = time.process_time()
    restorer = Restorer.open(arguments.model)
    opened = round(1000 * (time.process_time() - begun), 1)
    print(f"{arguments.model.stat().st_size:,} bytes, opened in {opened} ms")
    sets = {}
    for folder in arguments.folders:
        figures = measure(restorer, read(folder))
        sets[folder.name] = asdict(figures)
        print(
            f"{folder.name:12} restored {figures.restored:5.2f} % (exact {figures.exact:5.2f}), "
            f"half bare {figures.half_bare:5.2f}, as typed {figures.as_typed:6.2f}, "
            f"seen as bare {figures.seen_as_bare:6.2f}, {figures.mean_ms:.2f} ms, "
            f"p95 {figures.p95_ms:.2f} ms"
        )
    record = {"bytes": arguments.model.stat().st_size, "open_ms": opened, "sets": sets}
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
