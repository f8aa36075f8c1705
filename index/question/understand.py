"""A message into questions that can be searched for, step by step, each step kept for inspection."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Literal

from index.law.references import Reference, numbers_in, references_in
from index.question.amounts import in_digits, sums_in
from index.question.courtesy import COURTESY, bared
from index.question.diacritics import Restorer, is_bare
from index.question.english import in_vietnamese, is_english, names_kept
from index.question.follow import (
    CUE,
    DOUBT,
    LIKELIER,
    THEN_WHAT,
    THING,
    Earlier,
    asking,
    content,
    is_function,
    leaning,
    meaning,
    points_to,
    share,
    without_now,
)
from index.question.kind import AnswerKind, kind_of
from index.question.province import without_home
from index.question.several import asked_in_turn, asks, told_apart
from index.question.typed import clean, unshouted, unstretched, untelexed
from index.result import Step
from knowledge.abbreviations import Abbreviations, replaced
from knowledge.calendar import today
from knowledge.places import HOME, provinces_in, written_as_names
from knowledge.vietnamese import fold

Follows = Literal["no", "perhaps", "yes"]
TURNS = 8  # earlier questions: the thing that a talk is about was named in its first
LONGEST_TURN = 500  # characters of an earlier question: enough to know what it was about
_DAY = re.compile(
    r"(?<![\d/.-])\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?!\d)|\b(?:ngày|ngay) \d", re.IGNORECASE
)
# a time that was spoken of: "lúc ra nghị quyết 01", "năm 2020"
_WHEN = re.compile(r"\b(?:lúc|hồi)\b[^,?]*?(?=\s+(?:là|thì)\b|[,?]|$)")
_YEAR = re.compile(r"\b(?:(?:năm|nam) )?(?<![\d/.-])(?:19|20)\d\d(?![\d/.-])")
# years ago: "các năm trước" are none, nor what is compared to "so với năm trước"
_BEFORE = 1
_COMPARED = re.compile(r"\bso voi (?:nam )?$")  # before a year that is not the one told of
_NO_STORY = 14  # words, at most, of a question that tells none
_AGO = tuple(
    re.compile(
        rf"(?<!\d )(?<!các )(?<!cac )(?<!những )(?<!nhung )(?<!mấy )(?<!may )(?<!với )(?<!voi )\b(?:{said})\b",
        re.IGNORECASE,
    )
    for said in ("năm nay|nam nay", "năm (?:ngoái|trước)|nam (?:ngoai|truoc)", "năm kia|nam kia")
)
# "nó dùng để làm gì" names nothing itself; "nợ thuế" does, typed bare
_IT = re.compile(
    r"^(?:(?:vậy|thế|còn|mà|vay|the|con|ma) )*(?:nó\b|no (?:la|co|o|dung|duoc|nam|de|giup|lam)\b)",
    re.IGNORECASE,
)
_WHO = re.compile(r"\bai\W*$", re.IGNORECASE)
FEWEST_LEFT = 2  # telling words of a question without the place it is asked from


@dataclass(frozen=True, slots=True)
class Understanding:
    """One question, ready for search. Spans of references count in `cleaned` (Vietnamese only)."""

    asked: str
    cleaned: str  # one Unicode form, telex and chat typing undone
    lexical: str  # as typed and what it stands for: for the lexical half
    dense: str  # spelt out, diacritics restored: for the encoder
    alone: str  # `dense` without what earlier turns were about
    lead: str  # what they were about: `dense` begins with it and `lexical` ends with it
    bare: bool
    guessed: bool  # it was spelt out in one of several ways
    language: Literal["vi", "en"]
    references: tuple[Reference, ...]  # the question's own: binding
    inherited: tuple[Reference, ...]  # from earlier turns: the document binding, its Điều a hint
    leaning: float  # the chance that it leans on what came before
    follows: Follows  # "perhaps": same subject as before, `inherited` is a hint only
    years: tuple[str, ...]
    provinces: frozenset[str]  # asked about
    at_home: bool  # asked from the province that is served; `provinces` is then empty
    answer_kind: AnswerKind
    steps: tuple[Step, ...]

    @property
    def spoken(self) -> str:
        """`lead` as `dense` has it: with its diacritics."""
        return self.dense.removesuffix(f": {self.alone}")

    @property
    def turns(self) -> bool:
        """Whether it puts something else in the place of what was spoken of: "còn PAPI?", "PCI thì sao?"."""
        return bool(CUE.match(asking(self.cleaned)) or THEN_WHAT.search(self.cleaned))

    def provinces_for(self, own: frozenset[str]) -> frozenset[str]:
        """The provinces that a passage must be about, if its document is of the provinces `own`.

        What holds for the whole country holds at home; what another province decides does not.
        """
        return frozenset({HOME}) if self.at_home and own else self.provinces


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question by itself, before its diacritics are restored and earlier turns are looked at."""

    asked: str
    cleaned: str
    spelt: str
    lexical: str
    language: Literal["vi", "en"]
    references: tuple[Reference, ...]
    steps: tuple[Step, ...]
    at_home: bool = False
    guessed: bool = False  # an abbreviation may stand for something else

    @property
    def kind(self) -> AnswerKind:
        return kind_of(self.spelt, self.language)


@dataclass(frozen=True, slots=True)
class Context:
    """What earlier turns were about."""

    references: tuple[Reference, ...] = ()
    subject: str = ""  # of the last one that stands alone, its words without those that only ask
    topic: str = ""  # these, and those of the last one that leans
    text: str = ""
    at_home: bool = False
    named: tuple[Reference, ...] = ()  # the last that were, of whatever was spoken since

    def seen_from(self, text: str) -> Context:
        """What was spoken of that `text` points back to: "kế hoạch này" may be further away.

        A day that it says takes the place of the one said beside a document's number; now, of any time.
        """
        if without_now(text) != text and (timeless := self._timeless()) != self:
            return timeless.seen_from(text)
        named = _spoken(self.named)
        if self.references or not points_to(text, named):
            if not _DAY.search(text):
                return self
            return replace(self, references=tuple(replace(one, date="") for one in self.references))
        return replace(self, references=self.named, subject=named, topic=named)

    def _timeless(self) -> Context:
        said = (self.subject, self.topic, self.text)
        subject, topic, text = (_without(_WHEN, one) for one in said)
        named = references_in(text) if self.references and text != self.text else self.references
        if not named:  # the year of a law is its name
            subject, topic, text = (_without(_YEAR, one) for one in (subject, topic, text))
        return replace(self, references=named, subject=subject, topic=topic, text=text)


def understand(
    question: str,
    turns: Sequence[str],
    restorer: Restorer | None,
    abbreviations: Abbreviations,
    led: bool = False,
) -> tuple[Understanding, ...]:
    """The questions in one message, in order; `turns` are the user's earlier ones, oldest first.

    `led` tells that it leans on them, whatever its words say.
    """
    context = earlier(turns, abbreviations)
    typed = _typed_well(question, abbreviations)
    parts = asked_in_turn(typed[0])
    leans = len(parts) != 1  # on the one before; those told apart stand alone
    if not leans:
        parts = told_apart(parts[0])
    understood = []
    for at, part in enumerate(parts):
        if len(parts) > 1:
            ready = prepared(part, abbreviations)
        else:
            ready = _home_apart(question, *typed, abbreviations)
        before = at > 0 and leans
        one = _understood(ready, context, restorer, abbreviations, same_message=before, led=led)
        if len(parts) > 1:
            split = Step("split", f"{at + 1}/{len(parts)}: {part}")
            one = replace(one, steps=(split, *one.steps))
        understood.append(one)
        if leans:
            context = _after(context, ready, led and not at)
    return tuple(understood)


def earlier(turns: Sequence[str], abbreviations: Abbreviations) -> Context:
    """What a person's last messages, oldest first, were about."""
    context = Context()
    for turn in turns[-TURNS:]:
        context = _after(context, prepared(turn[:LONGEST_TURN], abbreviations))
    return context


# ---------------------------------------------------------------- one question by itself


def _typed_well(asked: str, abbreviations: Abbreviations) -> tuple[str, tuple[Step, ...]]:
    steps = []
    started = perf_counter()
    text = clean(asked)
    if text != asked:
        steps.append(_step("unicode", text, started))
    if not is_english(text):
        started, before = perf_counter(), text
        text = unshouted(text, abbreviations)
        if text != before:
            steps.append(_step("capitals", text, started))
        started, before = perf_counter(), text
        text = unstretched(untelexed(text), abbreviations)
        if text != before:
            steps.append(_step("typing", text, started))
        started, before = perf_counter(), text
        chat = [one for one in abbreviations.expansions(text, numbers_in(text)) if one.chat]
        text = written_as_names(bared(replaced(text, chat)))
        if text != before:
            steps.append(_step("chat", text, started))
    return text, tuple(steps)


def prepared(asked: str, abbreviations: Abbreviations) -> Prepared:
    """A question with its typing undone and its abbreviations spelt out."""
    return _home_apart(asked, *_typed_well(asked, abbreviations), abbreviations)


def _home_apart(
    asked: str, typed: str, steps: tuple[Step, ...], abbreviations: Abbreviations
) -> Prepared:
    started = perf_counter()
    left = without_home(typed)
    continues = CUE.match(asking(typed)) is not None  # "Còn ở Thái Nguyên thì sao?" asks of it
    if left == typed or continues or len(content(left)) < FEWEST_LEFT:
        return _spelt_out(asked, typed, steps, abbreviations)
    left = COURTESY.sub("", left)
    steps = (*steps, _step("home", left, started))
    one = _spelt_out(asked, left, steps, abbreviations)
    return replace(one, lexical=f"{one.lexical} {HOME}", at_home=True)


def _spelt_out(
    asked: str, cleaned: str, steps: tuple[Step, ...], abbreviations: Abbreviations
) -> Prepared:
    started = perf_counter()
    if is_english(cleaned):
        translated = in_vietnamese(cleaned)
        steps += (_step("english", translated, started),)
        references = references_in(translated)
        if not any(one.names_document for one in references):
            references = references_in(cleaned)
        else:  # where they stand in the translation says nothing of what was typed
            references = tuple(replace(one, span=(0, 0)) for one in references)
        lexical = f"{translated} {names_kept(cleaned)}".strip()
        return Prepared(asked, cleaned, cleaned, lexical, "en", references, steps)
    expansions = abbreviations.expansions(cleaned, numbers_in(cleaned))
    spelt, lexical = replaced(cleaned, expansions), cleaned
    if expansions:
        longs = dict.fromkeys(one.long for one in expansions)
        lexical = f"{cleaned} {' '.join(longs)}"
        steps += (_step("abbreviations", "; ".join(longs), started),)
    guessed = any(one.guessed and not one.chat for one in expansions)
    return Prepared(
        asked, cleaned, spelt, lexical, "vi", references_in(cleaned), steps, guessed=guessed
    )


# longer than a screen: one step of understanding after another, each needing those before
def _understood(
    prepared: Prepared,
    context: Context,
    restorer: Restorer | None,
    abbreviations: Abbreviations,
    *,
    same_message: bool,
    led: bool,
) -> Understanding:
    steps, context = list(prepared.steps), context.seen_from(prepared.cleaned)
    bare = prepared.language == "vi" and is_bare(prepared.cleaned)
    dense = prepared.spelt
    if prepared.language == "vi" and restorer:
        started = perf_counter()
        dense = written_as_names(restorer.restore(prepared.spelt))
        if dense != prepared.spelt:
            steps.append(_step("diacritics", dense, started))
    dense, said = in_digits(dense), dense
    if dense != said:
        steps.append(Step("amounts", dense))
    kind = kind_of(dense, prepared.language)
    if bare and kind == "other":  # "nhom may tinh" may have been restored to "nhóm máy tính"
        kind = kind_of(prepared.spelt, prepared.language)
    started = perf_counter()
    chance = 1.0 if same_message or led else _leaning(prepared, context, kind)
    follows = _follows(chance, prepared, context)
    references, inherited = _joined_references(prepared.references, context, follows)
    lexical = " ".join([prepared.lexical, *([dense] if dense != said else []), *sums_in(dense)])
    lead, alone = "", dense
    if follows == "yes":
        dense = alone = _spelt_pronouns(_asked_again(dense, context.text), context.text)
        kind = kind if kind != "other" else kind_of(alone, prepared.language)
        stands = len(content(prepared.cleaned)) > 3 and bool(inherited) and not same_message
        lead = _spoken(inherited) if stands else context.topic or _spoken(inherited)
        if lead:
            spoken = abbreviations.spell_out(lead, numbers_in(lead))
            lexical = f"{_spelt_pronouns(lexical, context.text)} {lead}"
            dense = f"{restorer.restore(spoken) if restorer else spoken}: {dense}"
    if follows != "no":
        steps.append(
            _step("follow-up", f"{follows}: {_spoken(inherited) or context.topic}", started)
        )
    if references:
        steps.append(Step("references", "; ".join(map(_shown, references))))
    named = [one.span for one in prepared.references] if prepared.language == "vi" else ()
    years = _years(prepared.cleaned, [*named, *numbers_in(prepared.cleaned)])
    steps.append(Step("kind", kind + (f", {', '.join(years)}" if years else "")))
    provinces = provinces_in(dense)
    at_home = not provinces and (prepared.at_home or (follows == "yes" and context.at_home))
    return Understanding(
        prepared.asked, prepared.cleaned, lexical, dense, alone, lead, bare, prepared.guessed,
        prepared.language,
        references, inherited, chance, follows, years, provinces, at_home, kind, tuple(steps),
    )  # fmt: skip


def _step(name: str, detail: str, started: float) -> Step:
    return Step(name, detail, (perf_counter() - started) * 1000)


def _years(text: str, named: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The years asked about, those of "năm ngoái" too, not those in the documents' numbers and names."""
    folded = fold(text)
    found = [
        match[0]
        for match in re.finditer(r"(?<![\d./-])(?:19|20)\d\d(?!\d|/\d)|(?<=[/-])20\d\d(?!\d)", text)
        if not any(start <= match.start() < end for start, end in named)
        if not _COMPARED.search(folded, 0, match.start())
    ]
    found += [
        str(today().year - back)
        for back, said in enumerate(_AGO)
        # of a document's own year, or of when a story was
        if not named and len(text.split()) <= _NO_STORY and said.search(text)
        if not (found and back == _BEFORE)
    ]
    return tuple(dict.fromkeys(found))


# ---------------------------------------------------------------- follow-ups


def _leaning(prepared: Prepared, context: Context, kind: AnswerKind) -> float:
    """The chance that the question leans on what was asked before."""
    if not context.text:
        return 0.0
    if any(one.names_document for one in prepared.references):
        cue = CUE.match(asking(prepared.cleaned)) is not None
        return float(cue and len(content(prepared.cleaned)) <= 4)
    if _IT.match(prepared.cleaned) or points_to(
        prepared.cleaned, f"{context.topic} {_spoken(context.references)}"
    ):
        return 1.0
    named = any(one.names_document for one in context.references)
    before = Earlier(context.topic, named)
    return leaning(prepared.cleaned, kind, bool(prepared.references), before)


def _follows(chance: float, prepared: Prepared, context: Context) -> Follows:
    if chance >= LIKELIER:
        return "yes"
    own = any(one.names_document for one in prepared.references)
    near = context.references and not own and share(prepared.cleaned, context.topic)
    return "perhaps" if near else "no"


def _joined_references(
    own: tuple[Reference, ...], context: Context, follows: Follows
) -> tuple[tuple[Reference, ...], tuple[Reference, ...]]:
    """The question's own references, its bare "khoản 2" given the document spoken of, and others."""
    if follows == "no" or any(one.names_document for one in own):
        return own, ()
    documents = [one for one in context.references if one.names_document]
    if not own or follows == "perhaps" or not documents:
        return own, tuple(context.references)
    last = documents[-1]
    return tuple(
        replace(
            last,
            article=one.article or last.article,
            clause=one.clause,
            point=one.point,
            span=one.span,
        )
        for one in own
    ), ()


def _after(context: Context, prepared: Prepared, led: bool = False) -> Context:
    """The context once `prepared` has been asked."""
    context = context.seen_from(prepared.cleaned)
    chance = _leaning(prepared, context, prepared.kind)
    # what may lean seldom begins a talk: most doubtful messages that follow another are about it
    goes_on = led or chance > DOUBT[0]
    follows = "yes" if goes_on else _follows(chance, prepared, context)
    topic, text = _topic(prepared.cleaned), prepared.cleaned
    if any(one.names_document for one in prepared.references):
        named = prepared.references
        return Context(named, topic, topic, text, prepared.at_home, named)
    if follows == "no":
        return Context((), topic, topic, text, prepared.at_home, context.named)
    own, inherited = _joined_references(prepared.references, context, follows)
    told = f"{context.subject} {topic}".strip()
    subject = told if CUE.match(asking(text)) else context.subject  # "còn hộ chiếu?"
    at_home = prepared.at_home or context.at_home
    text = _asked_again(text, context.text)
    return Context(own or inherited, subject, told, text, at_home, context.named)


def _without(said: re.Pattern[str], text: str) -> str:
    return " ".join(said.sub(" ", text).split()) or text


def _topic(text: str) -> str:
    return " ".join(meaning(without_now(text)))


def _without_cue(text: str) -> str:
    cue = CUE.match(asking(text))
    return THEN_WHAT.sub("", text[cue.end() :] if cue else text) or text


def _asked_again(text: str, before: str) -> str:
    """ "còn hiện nay?" asks what was asked, of now; "còn chủ tịch tỉnh?" after "… là ai" who that is."""
    own, still = _without_cue(text), without_now(text)
    if still != text and not meaning(still):
        return f"hiện nay {before}"
    who = _WHO.search(before) and len(own) < len(text) and not _WHO.search(own)
    return f"{own.rstrip(' ?.')} là ai" if who and not asks(own) else own


def _spelt_pronouns(text: str, before: str) -> str:
    """ "dịch vụ đó" after "dịch vụ tin cậy" is "dịch vụ tin cậy"."""
    folded, earlier = fold(text), fold(before)
    back = re.search(rf"\b({THING}) (?:do|nay|ay)\b", folded)
    if not back:
        return text
    spoken = re.search(rf"\b{back[1]}((?: [a-z]+){{1,4}})", earlier)
    if not spoken:
        return text
    words: list[str] = []
    for word in re.finditer(r"[a-z]+", spoken[1]):
        typed = before[spoken.start(1) + word.start() : spoken.start(1) + word.end()]
        if is_function(typed, before.lower() == earlier):
            break
        words.append(typed)
    end = back.start() + len(back[1])
    return f"{text[:end]} {' '.join(words)}{text[back.end() :]}" if words else text


def _spoken(references: Sequence[Reference]) -> str:
    return ", ".join(
        " ".join(filter(None, (one.kind, one.number or one.name, "" if one.number else one.year)))
        for one in references
        if one.names_document
    )


def _shown(one: Reference) -> str:
    parts = (
        one.point and f"điểm {one.point}",
        one.clause and f"khoản {one.clause}",
        one.article and f"Điều {one.article}",
        one.kind,
        one.number,
        one.name,
        one.year if one.year not in one.number else "",
    )
    return " ".join(filter(None, parts))
