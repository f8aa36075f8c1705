"""Which words of what was found are quoted: the fewest stretches that answer, best first, verbatim."""

from __future__ import annotations

from collections.abc import Sequence

from index.evidence.by_name import LONG_LIST
from index.evidence.differing import differing
from index.evidence.found import Found
from index.evidence.sentences import Sentence, needed_head
from index.evidence.shown import origin, says_nothing
from index.evidence.sources import distinct
from index.evidence.stretches import (
    Span,
    Stretch,
    begun,
    introduces_table,
    is_title,
    list_around,
    opens_list,
    section_at,
    widened,
    words_in,
)
from index.evidence.telling import telling
from index.result import Claim, Quote
from index.store.generation import Generation
from knowledge.calendar import today
from knowledge.lines import CELL

WORDS = 110  # quoted for a question that asks for one fact
LEAD = 32  # of them at most in one quotation
WORDY = 80  # words; a first quotation of more cannot be short, so another may stand beside it
SECOND = 45  # words of that other at most
QUOTES = 3  # in that case
AFTER_LIST = 40  # words that may still follow a list, however long it is
ENOUGH = 0.95  # of the reader's chance, after which no more is shown
LEAST = 0.005  # of it, that more must have
CHANGES = 2  # of one Điều, at most
LISTS = 2  # shown whole where a list is asked for
HEAD_START = 1.0  # of score, that the opening of a list gets over a sentence
ITEMS = 3  # of the best sentences that are one list's items: its others are meant, too


class Quoting:
    """Chooses quotations from one generation."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation

    def quotes(self, found: Found) -> tuple[Quote, ...]:
        """The fewest stretches that answer, best first, verbatim."""
        if named := found.by_name.stretches:
            return tuple(self._quote(*one) for one in (*named, *self._changed(found)))
        shown: list[Stretch] = []
        tells: dict[Stretch, Span | None] = {}
        spent, told = 0, 0.0
        left = LISTS if found.understanding.answer_kind == "list" else 1
        best = self._worth_quoting(found)
        together = self._siblings(best[:ITEMS])
        for sentence in distinct(best, self._generation):
            if _within(shown, sentence.document, sentence.span):
                continue
            if shown and found.reading and sentence.chance < LEAST:
                continue  # the reader thinks little of it
            whole = self._whole(found, sentence, shown, together) if left else None
            room = max(WORDS - spent, SECOND if spent > WORDY and len(shown) < QUOTES else 0)
            for form in [[whole]] if whole else self._forms(found, sentence, shown):
                cost = sum(words_in(self._generation.document(path), (s, e)) for path, s, e in form)
                if not shown or cost <= (LONG_LIST if whole else room):
                    break
            else:
                continue
            shown += form
            span = whole and whole[1:]
            tells[form[-1]] = telling(self._generation, found, sentence, span, together)
            left -= whole is not None
            spent += min(cost, WORDS - AFTER_LIST) if whole else cost
            told += sentence.chance
            if len(shown) >= QUOTES + 2 or told >= ENOUGH:
                break
        shown += self._changed(found) if shown else ()
        return tuple(self._quote(*stretch, tells.get(stretch)) for stretch in shown)

    def _changed(self, found: Found) -> list[Stretch]:
        """What later documents say instead of the part that is asked for."""
        return [
            (path, *begun(self._generation.document(path), (start, end), WORDS))
            for path, start, end in found.scope.changed[:CHANGES]
        ]

    def _whole(
        self, found: Found, sentence: Sentence, shown: Sequence[Stretch], together: bool
    ) -> Stretch | None:
        """The list that a sentence opens, or, where a list is asked for, is an item of."""
        path, span = sentence.document, sentence.span
        document = self._generation.document(path)
        first_of_list = found.understanding.answer_kind == "list" and not shown
        if not (first_of_list or opens_list(document.text[slice(*span)])):
            return None
        outline = self._generation.outline(path)
        whole = list_around(document, outline, span, together and not shown)
        return (path, *whole) if whole else None

    def _forms(
        self, found: Found, sentence: Sentence, shown: Sequence[Stretch]
    ) -> list[list[Stretch]]:
        """What may be quoted of a sentence, the fullest first; an item never without its head."""
        path, span = sentence.document, sentence.span
        document = self._generation.document(path)
        if shown and opens_list(document.text[slice(*span)]):
            return []  # "gồm các loại sau:" says nothing by itself
        start, end = widened(document, self._generation.outline(path), span, LEAD)
        opening = needed_head(self._generation, path, span, found.understanding)
        if opening and _within(shown, path, (opening[0], opening[0] + 1)):
            if not (shown[-1][0] == path and opening[0] <= shown[-1][1] < start):
                return []  # shown before something else: its item would seem to belong to that
            opening = None
        before: list[Stretch] = [(path, *opening)] if opening else []
        if opening and words_in(document, (opening[0], end)) <= LEAD:
            return [[(path, opening[0], end)], [*before, (path, *span)]]
        return [[*before, (path, start, end)], [*before, (path, *span)]]

    def both_sides(
        self, found: Found, quotes: tuple[Quote, ...]
    ) -> tuple[tuple[Quote, ...], tuple[Claim, ...]]:
        """Where two documents differ on what is asked, both quoted first, and what each says."""
        pair = differing(
            self._worth_quoting(found), found.understanding, found.asked, self._generation,
            today(), found.scope.documents,
        )  # fmt: skip
        sides = []
        for stated in pair:
            said = stated.sentence
            holding = (
                q for q in quotes if q.document == said.document and q.start <= said.start < q.end
            )
            sides.append(next(holding, None) or self._quote(said.document, *said.span))
        claims = tuple(Claim(number, stated.value) for number, stated in enumerate(pair))
        return (*sides, *(quote for quote in quotes if quote not in sides)), claims

    def _worth_quoting(self, found: Found) -> list[Sentence]:
        """The best sentences; where a list is asked for, what opens one before what does not."""
        told = [
            one
            for one in found.sentences[:16]
            if not (one.feature("heading") or self._says_nothing(one))
        ]
        best = told[:12] or list(found.sentences[:12])  # a title answers nothing by itself
        if found.understanding.answer_kind != "list" or not best:
            return best
        near = [s for s in best if s.feature("opens") and s.score > best[0].score - HEAD_START][:1]
        if self._siblings(best[:ITEMS]):
            near = best[:1]
        return near + [s for s in best if s not in near]

    def _says_nothing(self, one: Sentence) -> bool:
        """A letterhead, a title, the line above a table too long to be shown with it."""
        document = self._generation.document(one.document)
        outline = self._generation.outline(one.document)
        text = one.text_in(self._generation)
        if says_nothing(text) or is_title(document, outline, one.span):
            return True
        if not introduces_table(outline, one.start):
            return False
        return CELL in text or not list_around(document, outline, one.span)

    def _siblings(self, best: Sequence[Sentence]) -> bool:
        """Whether these open khoản or điểm of one section: then all its parts are the list."""
        parents = set()
        for one in best:
            outline = self._generation.outline(one.document)
            inner = outline[section_at(outline, one.start)] if outline else None
            item = inner and inner.kind in ("clause", "point") and inner.start == one.start
            parents.add(
                (one.document, inner.parent) if inner and item and inner.parent >= 0 else None
            )
        return len(best) == ITEMS and len(parents) == 1 and None not in parents

    def _quote(self, path: str, start: int, end: int, tells: Span | None = None) -> Quote:
        document, outline = self._generation.document(path), self._generation.outline(path)
        number = section_at(outline, start)
        while number >= 0 and outline[number].end < end:
            number = outline[number].parent
        page = document.page_at(start)
        text, (first, last) = document.text, tells or (start, end)
        return Quote(
            text=text[start:end],
            document=path,
            metadata=self._generation.metadata(path),
            section=outline[number].label if number >= 0 else "",
            page=page,
            start=start,
            end=end,
            sha256=self._generation.entry[path].sha256,
            scanned=page in document.scanned,
            origin=origin(text, first, last) or origin(text, start, end),
            told=text[first:last].strip() if tells else "",
        )


def _within(shown: Sequence[Stretch], path: str, span: tuple[int, int]) -> bool:
    """Whether a part of `span` has been shown."""
    return any(path == p and span[0] < end and start < span[1] for p, start, end in shown)
