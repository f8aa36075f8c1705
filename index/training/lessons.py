"""What the encoder learns from: texts and questions made of them, none of a public set.

Each text is kept in a bank; all others in the bank are the wrong answers to a question about it.
Whole laws and whole Wikipedia pages are taken, so that the hardest wrong answers, the neighbours
in the same law or on the same page, are always among them.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from index.training.noise import disturbed
from index.training.texts import Article, Paragraph, read_articles, read_paragraphs

Source = TypeVar("Source")

DISTURBED = 0.2
TEXT_LENGTH = 600
_FEWEST_WORDS, _MOST_WORDS = 5, 24
# "Phạm vi điều chỉnh" heads 1,674 articles, and they say much the same: a question about one of
# them has many right answers.
_MOST_NAMESAKES = 3
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n+")
_NUMBERING = re.compile(r"^(?:[a-zđ]\)|\d+(?:\.\d+)*[.)]|[-+*•])\s*")
_REFERENCE = re.compile(r"\s*\([^()]*\)")

# What a sentence says, the question word that asks for it; the first that fits is used.
_ASKED = (
    (re.compile(r"\bnăm \d{4}\b"), "năm nào"),
    (re.compile(r"\bngày \d{1,2}(?: tháng \d{1,2}(?: năm \d{4})?|/\d+/\d+)"), "ngày nào"),
    (re.compile(r"\b\d+(?:[.,]\d+)*\s*(?:%|phần trăm)"), "bao nhiêu phần trăm"),
    (re.compile(r"\b\d+(?:[.,]\d+)*(?= [a-zđà-ỹ])"), "bao nhiêu"),
    (re.compile(r"(?<= là )[^,;:]+$"), "gì"),
    (re.compile(r"(?<= gồm )[^;:]+$"), "những gì"),
    (re.compile(r"(?<= bởi )[^,;:]+"), "ai"),
    (re.compile(r"(?<= ở )[^,;:]+"), "đâu"),
    (re.compile(r"(?<= tại )[^,;:]+"), "đâu"),
    (re.compile(r"\b(?:vì|bởi vì|do) [^,;:]+"), "vì sao"),
    (re.compile(r"(?<= để )[^,;:]+"), "làm gì"),
)
_FORMS_OF_HEADING = (
    "{}",
    "{}?",
    "{} được quy định như thế nào?",
    "{} gồm những gì?",
    "Quy định về {}",
    "cho tôi hỏi về {}",
)


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the place in the bank of the text that answers it."""

    question: str
    place: int


@dataclass(frozen=True, slots=True)
class Lessons:
    """The bank of texts and the questions about them."""

    bank: tuple[str, ...]
    examples: tuple[Example, ...]


def lessons(data: Path, legal: int, encyclopaedic: int, seed: int) -> Lessons:
    """Lessons on about so many legal articles and encyclopaedic paragraphs."""
    rng = random.Random(seed)
    articles = [a for a in read_articles(data) if a.law and len(a.text) >= 150]
    headings = Counter(article.heading for article in articles)
    articles = [a for a in articles if headings[a.heading] <= _MOST_NAMESAKES]
    bank: list[str] = []
    examples: list[Example] = []
    for article in _whole_groups([(a.law, a) for a in articles], legal, rng):
        _add(bank, examples, _about_article(article, rng), rng)
    paragraphs = ((p.title, p) for p in read_paragraphs(data))
    for paragraph in _whole_groups(paragraphs, encyclopaedic, rng):
        _add(bank, examples, _about_paragraph(paragraph, rng), rng)
    rng.shuffle(examples)
    return Lessons(tuple(bank), tuple(examples))


def _add(
    bank: list[str],
    examples: list[Example],
    made: tuple[str, Sequence[str]],
    rng: random.Random,
) -> None:
    text, questions = made
    for question in questions:
        if len(question.split()) < _FEWEST_WORDS:
            continue
        asked = " ".join(question.split()[:_MOST_WORDS])
        if rng.random() < DISTURBED:
            asked = disturbed(asked, rng)
        examples.append(Example(asked, len(bank)))
    bank.append(text)


def _whole_groups(
    members: Iterable[tuple[Hashable, Source]], wanted: int, rng: random.Random
) -> Iterator[Source]:
    """Members of groups drawn by chance, at most twenty neighbours of each."""
    groups: dict[Hashable, list[Source]] = defaultdict(list)
    for key, member in members:
        groups[key].append(member)
    keys = list(groups)
    rng.shuffle(keys)
    drawn = 0
    for key in keys:
        if drawn >= wanted:
            return
        start = rng.randrange(max(1, len(groups[key]) - 19))
        neighbours = groups[key][start : start + 20]
        drawn += len(neighbours)
        yield from neighbours


def _about_article(article: Article, rng: random.Random) -> tuple[str, Sequence[str]]:
    """The article's text, under its heading or without it, and questions it answers."""
    sentences = sentences_of(_REFERENCE.sub("", article.text)[:TEXT_LENGTH])
    under_heading = rng.random() < 0.5
    text, questions = _told_and_asked(sentences, rng)
    if rng.random() < 0.3:
        questions = [
            f"{question.rstrip('?.;,')}, đúng hay sai?" if "?" not in question else question
            for question in questions
        ]
    heading = article.heading.rstrip(". ")
    if not under_heading:
        form = rng.choice(_FORMS_OF_HEADING)
        shown = heading if form.startswith("{") else heading[:1].lower() + heading[1:]
        questions = [form.format(shown), *questions[:1]]
    return (f"{heading}\n\n{text}" if under_heading else text), questions


def _about_paragraph(paragraph: Paragraph, rng: random.Random) -> tuple[str, Sequence[str]]:
    """The paragraph, under its page's title or without it, and questions it answers."""
    sentences = sentences_of(paragraph.text[:TEXT_LENGTH])
    text, questions = _told_and_asked(sentences, rng)
    titled = rng.random() < 0.5
    return (f"{paragraph.title}: {text}" if titled else text), questions


def sentences_of(text: str) -> list[str]:
    """The sentences of `text` without their numbering, the last one perhaps cut short."""
    found = (_NUMBERING.sub("", part.strip()) for part in _SENTENCE.split(text))
    return [sentence for sentence in found if sentence]


def _told_and_asked(sentences: Sequence[str], rng: random.Random) -> tuple[str, list[str]]:
    """A text of the sentences and up to two questions; half the time one sentence is left out.

    A question about a sentence that the text no longer holds cannot be matched word for word.
    """
    long_enough = [sentence for sentence in sentences if len(sentence.split()) >= 6]
    chosen = rng.sample(long_enough, k=min(2, len(long_enough)))
    kept = list(sentences)
    if len(sentences) >= 4 and chosen and rng.random() < 0.5:
        kept.remove(chosen[0])
    return " ".join(kept), [asked_about(sentence, rng) for sentence in chosen]


def asked_about(sentence: str, rng: random.Random) -> str:
    """A question whose answer is in `sentence`, or a piece of it where no rule fits."""
    if rng.random() < 0.75:
        for pattern, word in _ASKED:
            match = pattern.search(sentence)
            if match:
                before, after = sentence[: match.start()], sentence[match.end() :]
                return _around(before, word, after, rng)
    clauses = [clause for clause in re.split(r"(?<=[,;:]) ", sentence) if len(clause.split()) >= 5]
    start = sentence.index(rng.choice(clauses)) if clauses else 0
    return " ".join(sentence[start:].split()[: rng.randint(7, 20)]).rstrip(" .,;:")


def _around(before: str, word: str, after: str, rng: random.Random) -> str:
    """The question word with as much of its surroundings as a person would type."""
    clauses = re.split(r"[;:] ", before)[-1].split(", ")
    left = clauses.pop().split()
    while clauses and len(left) < rng.randint(5, 12):
        left = [*clauses.pop().split(), *left]
    right = re.split(r"[,;:.]", after)[0].split()
    return " ".join([*left[-18:], word, *(right if len(right) <= 8 else [])]).strip() + "?"
