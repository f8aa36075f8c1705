"""Flips one bit at a time in every file of a generation, and in each part of larger ones.

python -m tests.flip_run [--flips 100] [--seed 1]: after each, `verify` must name it, what is asked may show
nothing that is not in the documents, and the next reindex must make it whole. Prints what did not hold.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tqdm import tqdm

from bot.settings import STARTER_DOCUMENTS
from index.retrieval.encoder import Encoder, open_encoder
from index.serving import Serving
from index.store.build import reindex
from index.store.generation import open_serving, serving_folder, verify
from knowledge.document import Section
from knowledge.errors import CdsbotError
from tests.running_bot import GOAL, STARTERS, regulation

LARGE = 500  # bytes; of a larger file each part is hit: its head, its quarters, its end
_QUESTIONS = (GOAL, "trả hồ sơ trong bao nhiêu ngày?")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`shown`: flips after which an answer held a word or a title that no document has."""

    flips: int
    files: int
    unseen: tuple[str, ...]
    shown: tuple[str, ...]
    unmended: tuple[str, ...]
    answered: int  # questions, in spite of the flip
    refused: int  # questions that were told that the index is damaged
    broken: tuple[str, ...]  # errors of another kind


@dataclass(frozen=True, slots=True)
class Truth:
    """What may be shown: texts and metadata, by path."""

    known: dict[str, tuple[str, object]]
    labels: dict[str, tuple[Section, ...]]

    @classmethod
    def of(cls, data: Path, encoder: Encoder) -> Truth:
        opened = open_serving(data, encoder.fingerprint)
        return cls({
            path: (opened.document(path).text, opened.metadata(path)) for path in opened.entry
        }, {path: opened.outline(path) for path in opened.entry})  # fmt: skip


def places(size: int) -> Iterator[int]:
    """Bytes of a file to be hit, at least one."""
    if size <= LARGE:
        yield size // 2
        return
    yield from (5, 100, size // 4, size // 2, size * 3 // 4, size - 3)


def flip_run(folder: Path, encoder: Encoder, flips: int, seed: int) -> Outcome:
    chance, data = random.Random(seed), folder / "data"
    library = _library(folder / "library")
    reindex(data, [library], encoder)
    truth = Truth.of(data, encoder)
    found: dict[str, list[str]] = {"unseen": [], "shown": [], "unmended": [], "broken": []}
    counts: Counter[str] = Counter()
    hit: set[str] = set()
    targets = _targets(data, chance)
    for name, part in tqdm(targets[:flips] if flips else targets, mininterval=5):
        [file] = (one for one in _files(data) if _plain(data, one) == name)
        content = bytearray(file.read_bytes())
        at = list(places(len(content)))[part] if part < len(list(places(len(content)))) else 0
        content[at] ^= 1 << chance.randrange(8)
        file.write_bytes(content)  # in place, as a disk does it: older generations have it too
        hit.add(name)
        told = f"{name}, byte {at}"
        if verify(data).ok:
            found["unseen"].append(told)
        _ask(data, encoder, truth, told, counts, found)
        try:
            reindex(data, [library], encoder)
            whole = verify(data).ok and Truth.of(data, encoder) == truth
        except CdsbotError:
            whole = False
        if not whole:
            found["unmended"].append(told)
    lists = {kind: tuple(those) for kind, those in found.items()}
    done = len(targets[:flips] if flips else targets)
    return Outcome(done, len(hit), answered=counts["answered"], refused=counts["refused"], **lists)


def _library(folder: Path) -> Path:
    """Small, since all of it is made anew after most flips."""
    folder.mkdir()
    shutil.copy(STARTER_DOCUMENTS / STARTERS[0], folder)
    (folder / "quy-che.md").write_text(regulation(3), encoding="utf-8")
    return folder


def _ask(
    data: Path, encoder: Encoder, truth: Truth, told: str, counts: Counter[str],
    found: dict[str, list[str]],
) -> None:  # fmt: skip
    serving = Serving(data, encoder)
    for question in _QUESTIONS:
        try:
            answer = serving.answerer().answer(question)
        except CdsbotError:
            counts["refused"] += 1
            continue
        except Exception as error:
            found["broken"].append(f"{told}: {type(error).__name__} {error}")
            continue
        counts["answered"] += bool(answer.quotes)
        for quote in answer.quotes:
            text, metadata = truth.known.get(quote.document, ("", None))
            place = not quote.section or any(
                one.label == quote.section and one.start <= quote.start < one.end
                for one in truth.labels.get(quote.document, ())
            )
            words = text[quote.start : quote.end]
            if words != quote.text or quote.metadata != metadata or not place:
                found["shown"].append(f"{told}: {quote.text[:60]}")


def _targets(data: Path, chance: random.Random) -> list[tuple[str, int]]:
    """Every part of every file, by name, the names in an order of their own, their first parts first."""
    parts = [
        (part, _plain(data, file))
        for file in _files(data)
        for part in range(len(list(places(file.stat().st_size))))
    ]
    chance.shuffle(parts)
    return [(name, part) for part, name in sorted(parts, key=lambda one: one[0])]


def _files(data: Path) -> list[Path]:
    return sorted(file for file in serving_folder(data).rglob("*") if file.is_file())


def _plain(data: Path, file: Path) -> str:
    """A file's name without those of its generation and segment, which change."""
    path = file.relative_to(serving_folder(data))
    return path.as_posix() if len(path.parts) == 1 else "/".join(path.parts[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=0, help="0: every part of every file")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable()  # what is damaged is told in the outcome
    with tempfile.TemporaryDirectory() as folder:
        outcome = flip_run(Path(folder), open_encoder(""), given.flips, given.seed)
    print(json.dumps(asdict(outcome), ensure_ascii=False))


if __name__ == "__main__":
    main()
