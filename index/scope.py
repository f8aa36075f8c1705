"""Where to look: the documents, Điều and clauses a question names, resolved before anything fuzzy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from index.law.amending import changing
from index.law.appendix import (
    appendix_asked,
    appendix_part,
    asks_only_appendix,
    only_appendix,
    part_named,
)
from index.law.closing import (
    SIGNED,
    addressed,
    asked_part,
    closing_part,
    signed_at,
    signs_else,
    words_naming,
)
from index.law.names import DocumentNames, mention_pattern, mention_terms, same_number
from index.law.numbered import SCALES, Numbered, lacks, numbered_in
from index.law.parts import Located, locate, locate_held
from index.law.references import Reference, references_in
from index.question.understand import Understanding
from index.result import Step
from index.store.generation import Generation
from knowledge.document import Metadata, Section
from knowledge.heading import written_day
from knowledge.vietnamese import fold, syllables

REACH = 120  # characters beyond a passage's end in which a name that begins there ends
FEWEST_ARTICLES = 5  # of a text that is read as a law
NAMED = 3.0  # standard deviations in favour of a document named without its number
HINTED = 1.5  # and of one that an earlier turn was about
LOCAL = 0.5  # and of a province's own, where it is asked about
ELSEWHERE = -1.0  # and of another province's own
TELLING = 3  # characters of a number that hardly two documents bear
NEAREST = 3  # passages among whose documents is the one whose signer is asked for
LIKELY_NAMED = 0.5  # of what the question says, that the document's heading must say


@dataclass(frozen=True, slots=True)
class Absent:
    """A thing the question names that is not there: the reference, and the level where it ends."""

    reference: Reference
    document: str = ""  # path of the document that lacks it; empty where the document is unknown
    located: Located | None = None
    thing: str = ""  # what its number names in that document: "cấp độ 7"
    highest: int = 0  # there is of it
    only_mentioned: bool = False  # by other documents: its own Điều are not there
    dated: str = ""  # ISO: the day of that document, which is not the one asked of
    namesake: str = ""  # of another kind, whose number it is: "Quyết định 1893/QĐ-UBND"


@dataclass(frozen=True, slots=True)
class Scope:
    """Rows of the passages to choose from (all, where empty), a span to stay in, rows to favour."""

    rows: tuple[int, ...] = ()
    document: str = ""  # that `span` counts in
    span: tuple[int, int] | None = None
    bonus: NDArray[np.float32] | None = None
    absent: Absent | None = None
    mention: re.Pattern[str] | None = None  # of a document that others name but none is
    documents: tuple[str, ...] = ()  # named and found
    closing: bool = False  # `span` is where a document says who signed it, or who receives it
    changed: tuple[tuple[str, int, int], ...] = ()  # where others change what stands in `span`
    likely: float = 1.0  # that `document` is the one meant, where it was found by its words
    steps: tuple[Step, ...] = ()


def scope_of(understanding: Understanding, generation: Generation, names: DocumentNames) -> Scope:
    """The scope of one question; `absent` is set when what it names does not exist."""
    own = _whole([one for one in understanding.references if one.names_document])
    scope = Scope(bonus=_local(understanding, generation))
    for reference in own or list(_inherited(understanding, generation, names)):
        bound = reference in own or understanding.follows == "yes"
        scope = _narrowed(scope, reference, understanding, generation, names, bound)
        if scope.absent:
            return scope
    return _with_its_things(scope, understanding, generation)


def _inherited(
    understanding: Understanding, generation: Generation, names: DocumentNames
) -> Iterator[Reference]:
    """The documents spoken of before, but not another province's: "còn Bắc Ninh thì sao?"."""
    asked = understanding.provinces
    for reference in (one for one in understanding.inherited if one.names_document):
        own = [generation.provinces[path] for path in names.resolve(reference)]
        if not (asked and own and all(one and not one & asked for one in own)):
            yield reference


def _whole(references: list[Reference]) -> list[Reference]:
    """Without "khoản 1" beside "khoản 2 Điều 6": it is of that Điều, and what is asked of, not where."""
    if not any(one.article for one in references):
        return references
    return [one for one in references if one.article or not (one.clause or one.point)]


def _with_its_things(scope: Scope, understanding: Understanding, generation: Generation) -> Scope:
    """Absent is what a question names by a number that none of its documents reaches, or none at all."""
    for thing in numbered_in(understanding.alone):
        texts = [generation.document(path).text for path in scope.documents]
        if not texts and thing.noun in SCALES:
            texts = [_numbering(thing, generation)]
        highest = [lacks(text, thing) for text in texts]
        if highest and all(highest):
            reference = understanding.references[0] if understanding.references else Reference()
            path = next(iter(scope.documents), "")
            return replace(scope, absent=Absent(reference, path, None, thing.typed, max(highest)))
    return scope


def _numbering(thing: Numbered, generation: Generation) -> str:
    """The passages that may number such things."""
    last = fold(thing.noun).split()[-1]
    rows = [generation.lexical.having(f"{last}_{number}") for number in range(1, 10)]
    return "\n".join(map(generation.text_of, np.unique(np.concatenate(rows)).tolist()))


def _local(understanding: Understanding, generation: Generation) -> NDArray[np.float32] | None:
    """For the documents of the provinces asked about, against those of others."""
    if not (understanding.provinces or understanding.at_home):
        return None
    bonus = np.zeros(len(generation.passages), np.float32)
    for path, own in generation.provinces.items():
        asked = understanding.provinces_for(own)
        if own:
            bonus[generation.entry[path].rows] = LOCAL if own & asked else ELSEWHERE
    return bonus


def _narrowed(
    scope: Scope, reference: Reference, understanding: Understanding, generation: Generation,
    names: DocumentNames, bound: bool,
) -> Scope:  # fmt: skip
    paths = names.resolve(reference, understanding.years)
    part = reference.article or reference.clause or reference.point
    apart = scope.span and not part  # a part of another document is asked for: no rows beside it
    if apart or not paths:
        named = reference.number and not scope.span
        return _mentioned(scope, reference, generation) if named else scope
    known, paths = paths[0], _of_day(reference, paths, generation)
    if not paths:
        absent = Absent(reference, known, dated=generation.metadata(known).date)
        return replace(scope, absent=absent, rows=tuple(generation.entry[known].rows))
    step = Step("scope", ", ".join(paths))
    scope = replace(scope, documents=(*scope.documents, *paths), steps=(*scope.steps, step))
    if part:
        hint = reference not in understanding.references
        inside = _part(scope, reference, paths, generation, understanding.alone, hint)
    else:
        inside = _appendix(scope, paths, understanding, generation)
        if not inside and reference.number:
            inside = _closing(scope, paths, understanding, generation)
    if inside:
        return inside
    rows = [row for path in paths for row in generation.entry[path].rows]
    if understanding.answer_kind == "validity":
        rows += list(_mentioning(generation, reference, rows))
    if bound and reference.number:
        return replace(scope, rows=(*scope.rows, *rows))
    return replace(scope, bonus=_bonus(scope, generation, rows, NAMED if bound else HINTED))


def _of_day(reference: Reference, paths: Sequence[str], generation: Generation) -> tuple[str, ...]:
    """Those that are of the day beside the number; where none is, those whose day is not known."""
    if not reference.date:
        return tuple(paths)
    written = written_day(reference.date)
    told, unknown = [], []
    for path in paths:
        about = generation.metadata(path)
        if about.date == reference.date or written.search(generation.document(path).text):
            told.append(path)
        # of several documents in one file the day is the first one's
        elif about.date.count("-") != 2 or not same_number(reference, about.own_number):
            unknown.append(path)
    return tuple(told or unknown)


def _part(
    scope: Scope, reference: Reference, paths: Sequence[str], generation: Generation, question: str,
    hint: bool,
) -> Scope | None:  # fmt: skip
    """The section asked for, in the first of the documents that has it."""
    missing: Absent | None = None
    for path in paths:
        text = generation.document(path).text
        outline = generation.outline(path)
        located = locate(outline, reference, text, part_named(outline, question))
        lacking = located.beyond or _has_none(located, text) or _skipped(located, text)
        changed = tuple(_changes(generation, path, reference))
        if not located.found and changed and not hint:  # another document has put it in
            source, section = changed[0]
            return _staying_in(scope, source, section, generation)
        if located.section and not lacking:
            inside = _staying_in(scope, path, located.section, generation)
            inside = replace(
                inside, changed=tuple((source, one.start, one.end) for source, one in changed)
            )
            if not hint:
                return inside
            return replace(
                scope,
                rows=(*scope.rows, *generation.entry[path].rows),
                bonus=_bonus(scope, generation, inside.rows, HINTED),
            )
        if lacking and missing is None:
            missing = Absent(reference, path, located)
    own = replace(reference, number=generation.metadata(paths[0]).own_number)
    rows = generation.entry[paths[0]].rows
    if not hint and (held := _held(generation, own, _mentioning(generation, own, rows))):
        return _staying_in(scope, *held, generation)
    return replace(scope, absent=missing) if missing and not hint else None


def _held(
    generation: Generation, reference: Reference, mentioning: Iterable[int]
) -> tuple[str, Section] | None:
    """Where the copy of another document holds a part of this one: among the rows that mention it."""
    begins = f"(dieu {reference.article} "
    copies = (
        generation.passages[row].document
        for row in (mentioning if reference.article and reference.number else ())
        if begins in fold(generation.text_of(row))
    )
    for copy in dict.fromkeys(copies):
        located = locate_held(generation.outline(copy), reference, generation.document(copy).text)
        if located.section and located.found:
            return copy, located.section
    return None


def _changes(
    generation: Generation, path: str, reference: Reference
) -> Iterator[tuple[str, Section]]:
    """Where other documents change the part asked for, the newest first."""
    number = generation.entry[path].metadata.own_number
    if not (reference.article and number):
        return
    own = Reference(number=number)
    says = re.compile(rf"(?:sua doi|bo sung|bai bo)[^\n]*{mention_pattern(own).pattern}")
    sources = {
        generation.passages[row].document
        for row in _mentioning(generation, own, generation.entry[path].rows)
        if says.search(fold(generation.text_of(row)))
    }
    for source in sorted(
        sources, key=lambda one: generation.entry[one].metadata.date, reverse=True
    ):
        document = generation.document(source)
        outline, title = generation.outline(source), document.metadata.title
        for section in changing(outline, document.text, title, number, reference):
            yield source, section


def _appendix(
    scope: Scope, paths: Sequence[str], understanding: Understanding, generation: Generation
) -> Scope | None:
    """The appendix asked for by its number, in the first of the documents that has it, or the only one;
    or another part that is named."""
    for path in paths:
        if section := part_named(generation.outline(path), understanding.alone):
            return _staying_in(scope, path, section, generation)
    number = appendix_asked(understanding.alone)
    for path in paths if number or asks_only_appendix(understanding.alone) else ():
        outline = generation.outline(path)
        section = (
            appendix_part(outline, number)
            if number
            else only_appendix(outline, generation.document(path).text)
        )
        if section:
            return _staying_in(scope, path, section, generation)
    return None


def _closing(
    scope: Scope, paths: Sequence[str], understanding: Understanding, generation: Generation
) -> Scope | None:
    """Where a document is asked who signed it or who receives it: the part that tells."""
    for path in paths:
        if section := _closing_of(path, understanding, generation):
            return replace(_staying_in(scope, path, section, generation), closing=True)
    return None


def _closing_of(path: str, understanding: Understanding, generation: Generation) -> Section | None:
    question, outline = understanding.alone, generation.outline(path)
    part = asked_part(question)
    # when it was signed or sent is told elsewhere
    if not part or understanding.answer_kind == "date":
        return None
    if part == SIGNED and not _is_signed(understanding, generation.metadata(path)):
        return None
    return addressed(outline, generation.document(path).text, question) or closing_part(
        outline, part
    )


def _is_signed(understanding: Understanding, about: Metadata) -> bool:
    """Whether the document itself is what is said to be signed, in a year of its own, where one is said."""
    folded = fold(understanding.cleaned)
    first = min(
        (one for one in understanding.references if one.number),
        key=lambda one: one.span, default=None,
    )  # fmt: skip
    at = signed_at(folded[: first.span[0]]) if first else -1
    if first and at >= 0:
        numbers = about.numbers or (first.number,)
        # an office letter "5680/CT-CS" has no kind in its number
        said = Reference(number=first.number, year=first.year)
        own = any(same_number(said, one) for one in numbers)
        if not own or signs_else(folded[at : first.span[0]]):
            return False
    known = f"{about.date} {about.number} {about.title}"
    return not about.date or all(year in known for year in understanding.years)


def closed_by_best(
    scope: Scope, understanding: Understanding, generation: Generation, best: Sequence[int]
) -> Scope:
    """The same for the document of the `best` passages (rows), if the question is of that document."""
    part = asked_part(understanding.alone)
    if scope.span or scope.absent or not part:
        return scope
    for path in dict.fromkeys(generation.passages[row].document for row in best[:NEAREST]):
        section = _closing_of(path, understanding, generation)
        named = path in scope.documents
        share = 1.0 if named else _heading_says(understanding.alone, generation, path)
        own = generation.provinces[path]
        asked = understanding.provinces_for(own)
        elsewhere = asked and own and not asked & own
        if section and share >= LIKELY_NAMED and not elsewhere:
            inside = _staying_in(scope, path, section, generation)
            return replace(inside, closing=True, likely=share)
    return scope


def _heading_says(question: str, generation: Generation, path: str) -> float:
    """The share that a document's own heading says of what a question says, beside who signed or receives."""
    about = generation.entry[path].metadata
    heading = " ".join((about.kind, about.number, about.title, about.issuer, about.date))
    words = words_naming(question)
    weight = {word: generation.lexical.idf(word) for word in words}
    held = sum(weight[word] for word in words & set(syllables(fold(heading))))
    return held / (sum(weight.values()) or 1.0)


def _staying_in(scope: Scope, path: str, section: Section, generation: Generation) -> Scope:
    span = (section.start, section.end)
    rows = [
        row
        for row in generation.entry[path].rows
        if generation.passages[row].start < span[1] and span[0] < generation.passages[row].end
    ]
    step = Step("section", f"{path}: {section.label}")
    return replace(scope, rows=tuple(rows), document=path, span=span, steps=(*scope.steps, step))


def _skipped(located: Located, text: str) -> bool:
    """Whether an Điều between others is nowhere the beginning of a line: this copy lacks it."""
    if located.section or located.missing != "article" or len(located.existing) < FEWEST_ARTICLES:
        return False
    return not re.search(rf"^\W*(?:Điều|ĐIỀU)\s+{re.escape(located.asked)}\b", text, re.MULTILINE)


def _has_none(located: Located, text: str) -> bool:
    """Whether the section found has no parts at all where one was asked for, not even in its words."""
    if located.section is None or not located.missing or located.existing:
        return False
    inside = text[located.section.start : located.section.end]
    return not re.search(rf"(?<![\w.]){re.escape(located.asked)}[.)]\s", inside)


def _mentioned(scope: Scope, reference: Reference, generation: Generation) -> Scope:
    """Passages that speak of a document the library does not hold; absent where none does."""
    rows = tuple(_mentioning(generation, reference))
    if held := _held(generation, reference, rows):
        return _staying_in(scope, *held, generation)
    if rows and reference.article:
        part = re.compile(rf"\bdieu {re.escape(fold(reference.article))}\b")
        rows = tuple(row for row in rows if part.search(fold(generation.text_of(row))))
        if not rows:
            return replace(scope, absent=Absent(reference, only_mentioned=True))
    if not rows:
        namesake = _of_another_kind(reference, generation)
        return replace(scope, absent=Absent(reference, namesake=namesake))
    step = Step("mentions", f"{len(rows)}")
    return replace(
        scope,
        rows=(*scope.rows, *rows),
        mention=mention_pattern(reference),
        steps=(*scope.steps, step),
    )


def _of_another_kind(reference: Reference, generation: Generation) -> str:
    """The document of the same number that the library has or names: a decision for its strategy."""
    number = reference.number
    for row in _mentioning(generation, Reference(number=number)) if len(number) >= TELLING else ():
        for one in references_in(generation.text_of(row)):
            if one.kind and same_number(Reference(number=number), one.number):
                return f"{one.kind} {one.number}"
    return ""


def _mentioning(
    generation: Generation, reference: Reference, but: Sequence[int] = ()
) -> Iterator[int]:
    """Rows, `but` these, of the passages in which a mention begins: in which all its terms are, or
    which the passage follows in which they are."""
    pattern = mention_pattern(reference)
    having = [
        np.unique(np.concatenate([generation.lexical.having(term) for term in alternatives]))
        for alternatives in mention_terms(reference)
    ]
    rows = reduce(np.intersect1d, having) if having else np.empty(0, np.int64)
    for row in np.setdiff1d(np.union1d(rows, rows[rows > 0] - 1), but).tolist():
        passage = generation.passages[row]
        text = generation.document(passage.document).text
        around = fold(text[max(0, passage.start - 1) : passage.end + REACH])
        found = pattern.search(around, min(1, passage.start))
        if found and found.start() < passage.end - max(0, passage.start - 1):
            yield row


def _bonus(
    scope: Scope, generation: Generation, rows: Sequence[int], size: float
) -> NDArray[np.float32]:
    bonus = (
        np.zeros(len(generation.passages), np.float32)
        if scope.bonus is None
        else scope.bonus.copy()
    )
    bonus[list(rows)] += size
    return bonus
