"""Questions whose answering sentence is marked, and a library of the texts they were written on.

The library is a folder of documents like any other, so that what the reader learns from is what it
meets in use: the passages found, and their sentences with their features.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.store.generation import Generation
from index.training.lessons import WRITTEN
from index.training.texts import Article, Paragraph, read_articles, read_paragraphs
from knowledge.vietnamese import nfc

READING = Path(__file__).with_name("reading.jsonl")
PLANS = Path(__file__).with_name(
    "plans.jsonl"
)  # invented plans, reports, news, rules, and who wrote them
HELD_OUT = (6, 17, 18, 26)  # writers: of laws and encyclopaedia, and three of plans, news and rules
# articles that nobody asked about, of the same laws: what may be mistaken for an answer
OTHERS = 900
OTHERS_LETTERS = range(300, 3000)


@dataclass(frozen=True, slots=True)
class Marked:
    """A question on one text; `answer` are offsets in it, none where the text does not say.

    `text` is "L" or "W" and the line of legal.jsonl.gz or wiki.jsonl.gz, or "P" and the number of one of
    `PLANS`. `writer` 0 wrote for the encoder, and the sentence was marked later.
    """

    text: str
    question: str
    writer: int
    answer: tuple[int, int] | None


def read_marked() -> Iterator[Marked]:
    """All of them."""
    for file in (WRITTEN, READING):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if file == WRITTEN and "answer" not in row:
                continue
            span = row.get("answer")
            yield Marked(
                row["text"], row["question"], row.get("writer", 0), tuple(span) if span else None
            )


@dataclass(frozen=True, slots=True)
class Library:
    """Documents of the marked texts: which file holds each, and what stands there, NFC."""

    folder: Path
    file: dict[str, str]
    text: dict[str, str]

    def place(self, marked: Marked, generation: Generation) -> tuple[str, int, int] | None:
        """Where the answer stands in its document, however white space was made: path and offsets."""
        path = self.file[marked.text]
        if marked.answer is None or path not in generation.entry:
            return None
        stretch = nfc(self.text[marked.text][slice(*marked.answer)])
        match = _pattern(stretch).search(generation.document(path).text)
        return (path, *match.span()) if match else None

    def foreign(self, marked: Marked, generation: Generation) -> list[int]:
        """Rows of the invented documents of other writers, where the question is on one of these.

        Each writer's are of provinces of their own, all on the same subjects: what a question that names no
        province asks would be answered by several, and a bot has the documents of one.
        """
        if not marked.text.startswith("P"):
            return []
        own = marked.text[: len("P08")]
        return [
            row
            for text, path in self.file.items()
            if text.startswith("P") and not text.startswith(own) and path in generation.entry
            for row in generation.entry[path].rows
        ]


def _pattern(stretch: str) -> re.Pattern[str]:
    """Its words however white space was made; of a table's row, the line that holds its cells in order."""
    if stretch.startswith("|"):
        cells = [re.escape(cell) for cell in map(str.strip, stretch.strip("|").split("|")) if cell]
        return re.compile(rf"^.*{'.*?'.join(cells)}.*$", re.MULTILINE)
    return re.compile(r"\s+".join(map(re.escape, stretch.split())))


def written(data: Path, folder: Path, marked: Sequence[Marked]) -> Library:
    """Write the documents: one a law, with its articles in order, and one a title of Wikipedia."""
    articles, paragraphs = list(read_articles(data)), list(read_paragraphs(data))
    asked = {one.text for one in marked}
    of_law: dict[str, list[int]] = defaultdict(list)
    for at, article in enumerate(articles):
        if f"L{at}" in asked:
            of_law[article.law].append(at)
    others = [
        at
        for at, article in enumerate(articles)
        if article.law in of_law and f"L{at}" not in asked and len(article.text) in OTHERS_LETTERS
    ]
    for at in random.Random(1).sample(others, min(OTHERS, len(others))):
        of_law[articles[at].law].append(at)
    of_title: dict[str, list[int]] = defaultdict(list)
    for at, paragraph in enumerate(paragraphs):
        if f"W{at}" in asked:
            of_title[paragraph.title].append(at)
    folder.mkdir(parents=True, exist_ok=True)
    file: dict[str, str] = {}
    for number, (law, held) in enumerate(sorted(of_law.items())):
        name = f"l{number:04}.txt"
        parts = [law, *(_article(articles[at]) for at in sorted(held))]
        (folder / name).write_text("\n\n".join(parts) + "\n", encoding="utf-8")
        file.update((f"L{at}", name) for at in held)
    for number, (title, held) in enumerate(sorted(of_title.items())):
        name = f"w{number:04}.txt"
        parts = [title.capitalize(), *(_paragraph(paragraphs[at]) for at in held)]
        (folder / name).write_text("\n\n".join(parts) + "\n", encoding="utf-8")
        file.update((f"W{at}", name) for at in held)
    plans = read_plans()
    for plan, told in plans.items():
        file[plan] = f"{plan.lower()}.txt"
        (folder / file[plan]).write_text(told + "\n", encoding="utf-8")
    text = {one: plans.get(one) or _text(one, articles, paragraphs) for one in asked}
    kept = {"file": file, "text": text}
    (folder.parent / "texts.json").write_text(json.dumps(kept), encoding="utf-8")
    return Library(folder, file, text)


def read_plans() -> dict[str, str]:
    """The invented documents by number: like the bot's own in kind and subject, of places that are not."""
    rows = map(json.loads, PLANS.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row["text"] for row in rows}


def _text(one: str, articles: Sequence[Article], paragraphs: Sequence[Paragraph]) -> str:
    return (articles if one[0] == "L" else paragraphs)[int(one[1:])].text


def written_texts(work: Path) -> Library:
    """What `written` wrote into `work`/library."""
    kept = json.loads((work / "texts.json").read_text(encoding="utf-8"))
    return Library(work / "library", kept["file"], kept["text"])


def _article(article: Article) -> str:
    number = f"Điều {article.number}. " if article.number else ""
    return f"{number}{article.heading}\n{article.text}"


def _paragraph(paragraph: Paragraph) -> str:
    return f"{paragraph.section}\n{paragraph.text}" if paragraph.section else paragraph.text
