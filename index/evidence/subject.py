"""What a document is about: its own statement of that, its heading, or a sentence of its beginning."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.evidence.stretches import list_around, opens_list
from index.evidence.weights import Words
from index.law.appendix import NAMED as APPENDIX
from index.law.appendix import PART
from index.question.follow import content
from index.question.understand import Understanding
from index.store.generation import Generation
from knowledge.heading import subject_in
from knowledge.lines import line_end
from knowledge.numbers import KINDS as SPELLINGS
from knowledge.vietnamese import fold, syllables

BEGINNING = 6  # passages in which a document says what it is about
ENOUGH = 0.5  # of its title's words
FEWEST = 3  # words of a title that tells more than kind and number
RELATED = 0.25  # of them, where a heading is the document's own
PRICE = 0.004  # of that share, for each word that the sentence has beside them

POLITE = frozenset("cho biet hoi minh toi em a anh chi vay ad oi xin con the thi".split())  # folded
ASKED = POLITE | frozenset(
    "ve viec gi noi dung cai chinh la van ban nay quy dinh ban hanh de lam cua nhung chu yeu tom tat nhu the"
    " nao muc dich bao gom co cac dieu ra sao do trong".split()
)  # folded words of a question that asks what a document is about, and nothing besides
KINDS = (*dict.fromkeys(SPELLINGS.values()), "Luật")
_STATES = r" này (?:quy định|hướng dẫn|ban hành|công bố|phê duyệt|điều chỉnh|đề ra|xác định)\b"
_GROUNDS = re.compile(r"\W*(?:Căn cứ|Theo đề nghị|Xét đề nghị)\b|.*\bcó hiệu lực\b", re.DOTALL)
_NAMING = frozenset("so ve viec ban hanh quy dinh cua".split())
WHAT = frozenset({"gi"})  # asks what a document is about
_ASKS = frozenset({"gi", "dung", "tat"})  # gì, nội dung, tóm tắt
_THEME = frozenset({"chu", "de"})  # chủ đề, which a document states in so many words


def asks_subject(words: frozenset[str]) -> bool:
    """Whether `words`, beside the document's name, ask what it is about, and nothing besides."""
    return words <= ASKED and bool(words & _ASKS) and not words >= _THEME


def beside_references(understanding: Understanding) -> frozenset[str]:
    """The folded words of a question that are in none of the references it makes."""
    rest, at = "", 0
    for reference in sorted(understanding.references, key=lambda one: one.span):
        rest += understanding.cleaned[at : reference.span[0]] + " "
        at = reference.span[1]
    rest = PART.sub(" ", rest + understanding.cleaned[at:])
    return frozenset(syllables(APPENDIX.sub(" ", fold(rest))))


def unborne(asked: Understanding, paths: Sequence[str], generation: Generation) -> frozenset[str]:
    """Of what stands as a name behind a document's number, the folded words that none of the documents
    at `paths` bears: "khởi công" in "Kế hoạch 597 của Đồng Tháp khởi công ngày nào?"."""
    borne = [*_NAMING]
    for path in paths:
        about = generation.metadata(path)
        borne += [about.kind, about.number, about.title, about.issuer, *generation.provinces[path]]
    names = " ".join(one.name for one in asked.references if one.number)
    # an abbreviation has been spelt out there
    said = frozenset(syllables(fold(asked.alone)))
    return frozenset(content(names)) & said - frozenset(syllables(fold(" ".join(borne))))


def named_alone(asked: Understanding, words: frozenset[str]) -> bool:
    """Whether a question is a document's number, with no `words` beside it that ask."""
    folded = fold(asked.cleaned)
    numbered = any(one.number for one in asked.references) and asked.follows != "yes"
    return numbered and words <= POLITE and not (PART.search(folded) or APPENDIX.search(folded))


def subject_of(generation: Generation, path: str, kind: str = "") -> tuple[int, int] | None:
    """Offsets of where a document says what it is about; None where it does not.

    `kind` is what it was called, of several documents in one file: "Nghị định".
    """
    entry = generation.entry[path]
    about, text = entry.metadata, generation.document(path).text
    kind = (kind or about.kind).removesuffix(" liên tịch")  # calls itself "Thông tư này"
    states = re.compile(rf"\W*(?:1\. )?{kind or '(?!)'}{_STATES}")
    sentences = [
        (start, end)
        for row in entry.rows[:BEGINNING]
        for start, end, *_ in generation.sentences_of(row)[0].tolist()
    ]
    stated = next((span for span in sentences if states.match(text, *span)), None)
    if stated and not opens_list(text[slice(*stated)]):
        return stated
    title = Words.of(about.title).folded - Words.of(f"{about.kind} {about.number}").folded - _NAMING
    told = len(title) >= FEWEST  # the title says what it is about
    heading = subject_in(text)
    if heading and not (told and _says(title, text[slice(*heading)]) < RELATED):
        return heading
    if stated:
        return list_around(generation.document(path), generation.outline(path), stated) or stated
    return _entitled(title, text, sentences) if told else None


def _entitled(
    title: frozenset[str], text: str, sentences: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """The sentence that says most of what the title says, if one does."""
    best, found = ENOUGH, None
    for start, end in sentences:
        sentence = text[start:end]
        heading = sentence.startswith(("Điều ", "#")) or sentence.isupper()
        if heading or " | " in sentence or _GROUNDS.match(sentence):
            continue
        share = _says(title, sentence)
        if share > best:
            best, found = share, (start, end)
    return found


def _says(title: frozenset[str], text: str) -> float:
    """The share of the title's words that a text has, less a little for each other word of it."""
    words = Words.of(text).folded
    return len(title & words) / len(title) - PRICE * len(words - title)


def named_first(generation: Generation, path: str) -> tuple[int, int]:
    """Offsets of a document's first line."""
    text = generation.document(path).text
    start = len(text) - len(text.lstrip())
    return start, line_end(text, start)
