"""How documents and their sections are named where the document is known already."""

from __future__ import annotations

import re

from bot.screens.cutting import shortened
from bot.screens.standing import aside
from bot.screens.texts import Texts
from bot.screens.words import title
from index.result import Answer
from knowledge.vietnamese import syllables

LETTERHEAD = frozenset(
    "chinh phu quoc hoi uy ban nhan dan tinh thanh pho hoi dong bo cong hoa xa chu nghia viet nam so".split()
)
_QUOTED = re.compile("“([^”]*)”(?:, )?")


def within(section: str, document: str) -> str:
    """A section's label without the document's own title or letterhead, known already."""
    head = _QUOTED.match(section)
    if not head:
        return section
    known = {*syllables(document), *LETTERHEAD}
    own = set(syllables(head[1])) <= known or (head[1].isupper() and head.end() < len(section))
    return section[head.end() :] if own else section


def nearest_documents(answer: Answer, texts: Texts) -> dict[str, str]:
    """Paths of the three documents nearest to a question, and how they are named."""
    named = {
        one.document: shortened(title(one.title), 80) + aside(one.stands, texts)
        for one in answer.candidates
    }
    return dict(list(named.items())[:3])
