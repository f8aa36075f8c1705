"""Which sentences of the passages found answer the question: features, and one linear score of them."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.evidence.focus import Focus, uncited
from index.evidence.stretches import head_of, is_row, opens_list, section_at
from index.evidence.weights import Asked, Words
from index.question.amounts import SPELT
from index.question.kind import AnswerKind
from index.question.understand import Understanding
from index.retrieval.search import Ranking
from index.store.generation import Generation
from knowledge.document import Section
from knowledge.lines import line_end
from knowledge.people import BODY
from knowledge.places import provinces_in
from knowledge.vietnamese import fold, syllables

Floats = NDArray[np.float32]

FEATURES = (
    "passage",  # fused score of its passage, less the best candidate's
    "cosine",  # of question and sentence, less the candidates' mean
    "late",  # how well its tokens answer the question's, less the candidates' mean
    "folded",  # share of the question's weight in the sentence, without diacritics
    "marked",  # the same with diacritics
    "pairs",  # the same for neighbouring words
    "section",  # share in the sentence with the titles and list heads above it
    "context",  # share in the sentence with its headings and passage
    "kind",  # holds a thing of the kind asked for, which the question does not
    "heading",  # a title rather than a statement
    "short",  # hardly a sentence
    "wanted",  # holds what the question's own words call for: a percentage, a sum, a duration
    "named",  # a person, a company or a commune by name, where one is asked for
    "counted",  # holds a number of the thing counted
    "focus",  # names what is asked of
    "opens",  # announces a list
    "defines",  # the definition of the term asked about, or the clause on the effect asked about
    "mentions",  # names the document asked about, which the library does not hold
    "numbers",  # with the titles and list heads above it, the numbers the question states
    "recital",  # grounds of a document, or where a codified article comes from
    "elsewhere",  # neither its passage nor its document is of a province asked about
)
FARTHEST = -3.0  # a short document's best passage may stand alone; its others are still near
WEIGHED = 96  # sentences of a question: half of all have fewer, and a right one is among them
# before a body that does not do it: "phối hợp với", "tham mưu", "Chủ tịch"
_BESIDE = re.compile(
    r"(?:,|\b(?:hợp|với|và|cùng|của|cho|theo|từ|tại|về|đến|trong|mưu|trình|giúp|gửi|cáo|tịch|trưởng|đốc))\s*$"
)
_MARKS = re.compile(r"[\s#*_]*")
_OF_BODY = re.compile(
    rf"{BODY.pattern}|\b(?:[Tt]rách nhiệm|[Nn]hiệm vụ|[Qq]uyền)(?:,? \w+){{0,4}} của\b"
)
_ABOVE_ARTICLES = ("chapter", "division", "part")
WEIGHTS = Path(__file__).with_name("sentences.json")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence considered: its passage's row, offsets in its document, cosine, features, score.

    The score is the reader's log odds with a share of the line's; those not read come after.
    """

    passage: int
    document: str
    start: int
    end: int
    cosine: float  # of question and sentence
    features: tuple[float, ...]
    score: float
    chance: float = 0.0  # that it answers, of all that were read and "none of them"
    crossed: float | None = None  # log odds that it answers, against none, where it was read again
    astray: float = 0.0  # taken from both: off what a talk is about, or of another office

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end

    def feature(self, name: str) -> float:
        """That of FEATURES."""
        return self.features[FEATURES.index(name)]

    def text_in(self, generation: Generation) -> str:
        return generation.document(self.document).text[self.start : self.end]


@lru_cache(maxsize=1)
def weights() -> Floats:
    """Fitted by `python -m index.training.answers`; one number a feature."""
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return np.array([stored["weights"][name] for name in FEATURES], np.float32)


# longer than a screen: one feature of a sentence a line, in the order of FEATURES
def sentences_of(
    generation: Generation,
    understanding: Understanding,
    ranking: Ranking,
    passages: Sequence[int],
    asked: Asked,
    focus: Focus,
    defined: Container[tuple[str, int]] = (),
    mention: re.Pattern[str] | None = None,
    within: tuple[int, int] | None = None,
) -> list[Sentence]:
    """Sentences of `passages` (rows), best first; only those inside `within`, where given.

    `defined` are the places where the term asked about is defined, or its effect stated. Of many, only
    the nearest to the question are weighed: each costs a quarter of a millisecond.
    """
    rows: list[tuple[int, int, int]] = []
    vectors, late_of = [], []
    for passage in passages:
        spans, own = generation.sentences_of(passage)
        inside = [at for at, (start, end, *_) in enumerate(spans.tolist())
                  if within is None or (start >= within[0] and end <= within[1])]  # fmt: skip
        rows += [(passage, int(spans[at, 0]), int(spans[at, 1])) for at in inside]
        vectors.append(own[inside])
        late_of.append(_late(generation, ranking, passage, spans[inside, 2:]))
    if not rows:
        return []
    cosine = np.concatenate(vectors).astype(np.float32) @ ranking.query.vector
    late = np.concatenate(late_of)
    near = np.stack([cosine - cosine.mean(), late - late.mean()], axis=1)
    if within is None:
        nearest = set(np.argsort(-near.sum(axis=1), kind="stable")[:WEIGHED].tolist())
        kept = [
            at
            for at, (passage, start, _) in enumerate(rows)
            if at in nearest or (generation.passages[passage].document, start) in defined
        ]
        rows, near, cosine = [rows[at] for at in kept], near[kept], cosine[kept]
    best = max(float(ranking.fused[passage]) for passage in passages)
    read = {passage for passage, *_ in rows}
    contexts = {passage: set(syllables(_headed(generation, passage))) for passage in read}
    above: dict[str, set[str]] = {}  # words of titles, which many sentences stand under
    elsewhere = {passage: _is_elsewhere(generation, passage, understanding) for passage in read}
    recited = not _ASKS_GROUNDS.search(fold(understanding.cleaned))
    of_question = _things(understanding.cleaned, understanding.answer_kind)
    found = np.empty((len(rows), len(FEATURES)), np.float32)
    for at, (passage, start, end) in enumerate(rows):
        path = generation.passages[passage].document
        text = generation.document(path).text[start:end]
        words = Words.of(text)
        titles = titles_above(generation, path, start)
        if titles not in above:
            above[titles] = set(syllables(titles))
        head = needed_head(generation, path, (start, end), understanding)
        headed = f"{generation.document(path).text[slice(*head)]}\n{text}" if head else text
        found[at] = (
            max(FARTHEST, float(ranking.fused[passage]) - best),
            *near[at].tolist(),
            *asked.coverage(words),
            asked.share(words.folded, above[titles]),
            asked.share(words.folded, contexts[passage]),
            _holds_kind(headed, understanding.answer_kind, of_question),
            _is_heading(text),
            len(text.split()) < 5,
            *focus.settled(headed),
            focus.about(f"{titles}\n{text}"),
            opens_list(text),
            (path, start) in defined,
            mention is not None and mention.search(fold(text)) is not None,
            focus.stated(f"{titles}\n{text}"),
            recited and _RECITAL.match(text) is not None,
            elsewhere[passage],
        )
    scores = found @ weights()
    order = np.argsort(-scores, kind="stable")
    return [
        Sentence(
            passage, generation.passages[passage].document, start, end,
            float(cosine[at]), tuple(map(float, found[at])), float(scores[at]),
        )
        for at in order
        for passage, start, end in (rows[at],)
    ]  # fmt: skip


def _late(
    generation: Generation, ranking: Ranking, passage: int, spans: NDArray[np.int32]
) -> Floats:
    """How well the tokens of a passage's sentences, [sentences, 2], answer the question's."""
    words = ranking.query.words
    if words is None or not len(spans):
        return np.zeros(len(spans), np.float32)
    return words.within(words.similarity(generation.vectors.tokens_of(passage)), spans)


def needed_head(
    generation: Generation, path: str, span: tuple[int, int], understanding: Understanding
) -> tuple[int, int] | None:
    """The line that opens the list of an item, where it and not the item tells what is asked.

    "Phạt tiền từ … đồng đối với một trong các hành vi sau:" tells the sum for each act below it, and
    "3. Sở Tài chính" above them who does what.
    """
    kind = understanding.answer_kind
    document, outline = generation.document(path), generation.outline(path)
    if is_row(outline, span[0]):
        return head_of(document, outline, span)
    of_body = kind in ("list", "other", "yesno") and BODY.search(understanding.dense)
    if kind in ("body", "person") or of_body:
        whose = _whose(document.text, outline, span)
        if whose or kind != "yesno":
            return whose
    if kind not in ("number", "date", "yesno", "validity"):
        return None
    head = head_of(document, outline, span)
    if head is None:
        return None
    opening, of_question = document.text[slice(*head)], _things(understanding.cleaned, kind)
    item = document.text[slice(*span)]
    told = _holds_kind(opening, kind, of_question) > _holds_kind(item, kind, of_question)
    return head if told else None


def _whose(text: str, outline: Sequence[Section], span: tuple[int, int]) -> tuple[int, int] | None:
    """The title of the section that an item stands in, if that and not the item names who does it."""
    named = (_BESIDE.search(text, span[0], body.start()) for body in BODY.finditer(text, *span))
    number = section_at(outline, span[0]) if all(named) else -1
    while number >= 0 and outline[number].kind not in _ABOVE_ARTICLES:
        section = outline[number]
        begins = _MARKS.match(text, section.start).end()  # type: ignore[union-attr]  # matches "" too
        title = begins, line_end(text, begins, section.end)
        if title[1] <= span[0] and _OF_BODY.search(text, *title):
            return title
        number = section.parent
    return None


def titles_above(generation: Generation, path: str, at: int) -> str:
    """Titles and first lines of the sections that hold offset `at`, Điều and below."""
    outline = generation.outline(path)
    number = section_at(outline, at)
    titles: list[str] = []
    while number >= 0 and outline[number].kind not in _ABOVE_ARTICLES:
        titles.append(outline[number].title[:300])
        number = outline[number].parent
    return "\n".join(titles)


def with_titles(generation: Generation, one: Sentence) -> str:
    """A sentence under the titles of the sections that hold it."""
    titles = titles_above(generation, one.document, one.start)
    return f"{titles}\n{one.text_in(generation)}"


def _is_elsewhere(generation: Generation, passage: int, understanding: Understanding) -> bool:
    own = generation.provinces[generation.passages[passage].document]
    asked = understanding.provinces_for(own)
    if not asked or asked & own:
        return False
    return not asked & provinces_in(_headed(generation, passage))


def _headed(generation: Generation, passage: int) -> str:
    return f"{generation.passages[passage].heading}\n{generation.text_of(passage)}"


_THINGS: dict[AnswerKind, re.Pattern[str]] = {
    "number": re.compile(rf"\d[\d.,/]*\s*%?|\b(?:{'|'.join(SPELT)})\b"),
    "date": re.compile(r"\bngay \d|\d{1,2}/\d{1,2}(?:/\d+)?|\bthang \d|\bnam \d{4}|\b(?:quy|hang|dinh ky)\b"
                       r"|\bngay ky\b|\d+ (?:gio|ngay|thang)"),
    "validity": re.compile(r"hieu luc (?:thi hanh )?(?:ke )?tu|thay the|bai bo|het hieu luc|ap dung (?:tu|den) ngay"),
    "body": re.compile(r"\b(?:bo|so|uy ban|chinh phu|thu tuong|cuc|tong cuc|van phong|hoi dong|trung tam|co quan"
                       r"|don vi|doanh nghiep|chu quan|ban chi dao|to chuc)\b"),
    "person": re.compile(r"\b(?:bo truong|chu tich|giam doc|bi thu|thu tuong|thu truong|nguoi dung dau|ong|ba|dong chi"
                         r"|truong ban|chu quan|tong bi thu|lanh dao)\b"),
    "place": re.compile(r"\b(?:dia chi|duong|phuong|xa|so \d+|https?|www|\w+\.(?:vn|com)|tai)\b"),
    "reason": re.compile(r"\b(?:do|vi|nham|boi|nguyen nhan|de)\b"),
    "yesno": re.compile(r"\b(?:khong|duoc|phai|co the|cam|nghiem cam|bat buoc|co quyen)\b"),
    "list": re.compile(r":$|\b(?:gom|bao gom|nhu sau|sau day)\b"),
}  # fmt: skip


def _things(text: str, kind: AnswerKind) -> frozenset[str]:
    pattern = _THINGS.get(kind)
    return frozenset(pattern.findall(uncited(fold(text)))) if pattern else frozenset()


def _holds_kind(text: str, kind: AnswerKind, of_question: frozenset[str]) -> float:
    """1 when the text holds a thing of the kind asked for that the question does not already say."""
    found = _things(text, kind)
    repeats = kind in ("number", "date", "place")
    return float(bool(found - of_question if repeats else found))


_RECITAL = re.compile(
    r"\W*(?:Căn cứ (?:Luật|Bộ luật|Hiến pháp|Nghị|Thông tư|Quyết định|Chỉ thị|Công văn)|Theo đề nghị của"
    r"|Xét (?:đề nghị|[Tt]ờ trình|[Bb]áo cáo))\b|\(Điều \d[^()]*có hiệu lực thi hành[^()]*\)\W*$"
)
_ASKS_GROUNDS = re.compile(r"\b(?:can cu|to trinh|de nghi|dua (?:tren|vao)|co so phap ly)\b")
_ATTACHED = re.compile(r"\W*(?:Ban hành )?[Kk]èm theo\b")


def _is_heading(text: str) -> bool:
    if text.startswith(("#", "Điều ", "Chương ", "CHƯƠNG ", "Mục ", "PHỤ LỤC")):
        return len(text) < 200 and not text.endswith((".", ";", ":"))
    if _ATTACHED.match(text):
        return True
    return text == text.upper() and text != text.lower()
