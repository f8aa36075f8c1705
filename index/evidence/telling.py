"""Which words of a quotation tell what is asked: a sentence, and of a list its item."""

from __future__ import annotations

from index.evidence.found import Found
from index.evidence.sentences import Sentence, needed_head
from index.evidence.stretches import Span, opens_list
from index.store.generation import Generation

# of score: an item further behind the line that opens its list tells no more than that line
BEHIND = 2.0


def telling(
    generation: Generation, found: Found, sentence: Sentence, whole: Span | None, together: bool
) -> Span | None:
    """Where the words that tell stand in the document; `whole` is the list that is quoted, `together` one
    of which all is meant. None where all of a list tells.
    """
    if whole:
        text = generation.document(sentence.document).text
        headed = together or opens_list(text[slice(*whole)].partition("\n")[0].rstrip())
        if headed and found.understanding.answer_kind == "list":
            return None
        sentence = _item(generation, found, sentence, whole)
    return sentence.span


def _item(generation: Generation, found: Found, opening: Sentence, whole: Span) -> Sentence:
    """The item that tells more than the line that opens its list, or that line; an item is itself."""
    if not opens_list(opening.text_in(generation)):
        return opening
    items = (
        one
        for one in found.sentences
        if opening.end <= one.start < whole[1]
        and one.score > opening.score - BEHIND
        and one.document == opening.document
        and not needed_head(generation, one.document, one.span, found.understanding)
    )
    return next(items, opening)
