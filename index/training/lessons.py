"""What the encoder learns from: texts and questions made of them, none of a public set.

Each text is kept in a bank, which is where the wrong answers to a question about another are found.
"""

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.training.noise import Disturbing
from index.training.texts import Article, Paragraph, read_articles, read_paragraphs

WRITTEN = Path(__file__).with_name("questions.jsonl")
REPEATED = 3  # how often a written question is asked, disturbed anew each time

TEXT_LENGTHS = (500, 900, 1400)
BEFORE_WRITERS = 1500  # as much of a text as those who wrote questions about it had before them
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
    written: bool = False


@dataclass(frozen=True, slots=True)
class Lessons:
    """The bank of texts, those of law first, and the questions about them."""

    bank: tuple[str, ...]
    legal: int
    examples: tuple[Example, ...]


def lessons(data: Path, seed: int) -> Lessons:
    """Lessons on the legal articles and encyclopaedic paragraphs, and the written questions."""
    rng = random.Random(seed)
    disturbing = Disturbing(rng)
    written = written_questions()
    bank: list[str] = []
    examples: list[Example] = []

    def add(name: str, whole: str, made: tuple[str, Sequence[str]]) -> None:
        text, questions = made
        if name in written:
            text, questions = whole[:BEFORE_WRITERS], ()  # these are made about another part of it
        asked = [q for q in questions if len(q.split()) >= _FEWEST_WORDS]
        asked = [_terse(" ".join(question.split()[:_MOST_WORDS]), rng) for question in asked]
        examples.extend(Example(disturbing(question), len(bank)) for question in asked)
        for question in written.get(name, ()) * REPEATED:
            examples.append(Example(disturbing(question), len(bank), written=True))
        bank.append(text)

    articles = [(f"L{n}", a) for n, a in enumerate(read_articles(data)) if len(a.text) >= 150]
    headings = Counter(article.heading for _, article in articles)
    for name, article in articles:
        if headings[article.heading] <= _MOST_NAMESAKES or name in written:
            whole = f"{article.law}\n{article.heading}\n{article.text}"
            add(name, whole, _about_article(article, rng))
    legal = len(bank)
    for n, paragraph in enumerate(read_paragraphs(data)):
        whole = f"{paragraph.title}\n{paragraph.text}"
        add(f"W{n}", whole, _about_paragraph(paragraph, rng))
    rng.shuffle(examples)
    return Lessons(tuple(bank), legal, tuple(examples))


def written_questions() -> dict[str, tuple[str, ...]]:
    """Questions written for the lessons, by the text that answers: L or W and its line in the data."""
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for line in WRITTEN.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["text"]] += (row["question"],)
    return found


def _about_article(article: Article, rng: random.Random) -> tuple[str, Sequence[str]]:
    """The article's text, under its heading or without it, and questions it answers."""
    sentences = _window(sentences_of(_REFERENCE.sub("", article.text)), rng)
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
    if under_heading:
        text = f"{heading}\n{text}"
    return (f"{article.law}\n{text}" if rng.random() < 0.6 else text), questions


def _about_paragraph(paragraph: Paragraph, rng: random.Random) -> tuple[str, Sequence[str]]:
    """The paragraph, under its page's title or without it, and questions it answers."""
    sentences = _window(sentences_of(paragraph.text), rng)
    text, questions = _told_and_asked(sentences, rng)
    titled = rng.random() < 0.5
    return (f"{paragraph.title}\n{text}" if titled else text), questions


def _terse(question: str, rng: random.Random) -> str:
    """Some questions without a part of their words: nobody asks in the words of the text."""
    words = question.split()
    if rng.random() < 0.5 or len(words) < 2 * _FEWEST_WORDS:
        return question
    return " ".join(word for word in words if "?" in word or rng.random() > 0.25)


def _window(sentences: Sequence[str], rng: random.Random) -> list[str]:
    """Some of the sentences in a row: a long text is searched in pieces."""
    length = rng.choice(TEXT_LENGTHS)
    total = sum(map(len, sentences))
    first = rng.randrange(len(sentences)) if total > length and rng.random() < 0.5 else 0
    kept: list[str] = []
    for sentence in sentences[first:]:
        if kept and length < len(sentence):
            break
        kept.append(sentence[:length])
        length -= len(sentence)
    return kept


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
