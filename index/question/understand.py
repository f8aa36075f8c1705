"""A message into questions that can be searched for, step by step, each step kept for inspection."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import Literal

from index.law.closing import asks_apart
from index.law.references import HOME, Reference, numbers_in, references_in
from index.question.amounts import in_digits, sums_in
from index.question.diacritics import Restorer, is_bare
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
)
from index.question.province import without_home
from index.question.several import told_apart
from index.question.typed import clean, unshouted, unstretched, untelexed
from index.result import Step
from knowledge.abbreviations import Abbreviations, is_syllable, replaced
from knowledge.places import provinces_in, written_as_names
from knowledge.vietnamese import fold

AnswerKind = Literal[
    "number", "date", "person", "body", "list", "definition", "yesno", "place", "validity",
    "reason", "other",
]  # fmt: skip
Follows = Literal["no", "perhaps", "yes"]
GLOSSARY = Path(__file__).with_name("glossary.tsv")
TURNS = 8  # earlier questions: the thing that a talk is about was named in its first
LONGEST_TURN = 500  # characters of an earlier question: enough to know what it was about
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
        """What was spoken of that `text` points back to: "kế hoạch này" may be further away."""
        named = _spoken(self.named)
        if self.references or not points_to(text, named):
            return self
        return replace(self, references=self.named, subject=named, topic=named)


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
    parts = _split(typed[0])
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
    if not _is_english(text):
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
        text = written_as_names(_bared(replaced(text, chat)))
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
    left = _COURTESY.sub("", left)
    steps = (*steps, _step("home", left, started))
    one = _spelt_out(asked, left, steps, abbreviations)
    return replace(one, lexical=f"{one.lexical} {HOME}", at_home=True)


def _spelt_out(
    asked: str, cleaned: str, steps: tuple[Step, ...], abbreviations: Abbreviations
) -> Prepared:
    started = perf_counter()
    if _is_english(cleaned):
        translated = _translated(cleaned)
        steps += (_step("english", translated, started),)
        references = references_in(translated)
        if not any(one.names_document for one in references):
            references = references_in(cleaned)
        else:  # where they stand in the translation says nothing of what was typed
            references = tuple(replace(one, span=(0, 0)) for one in references)
        lexical = f"{translated} {_names_kept(cleaned)}".strip()
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
        dense = alone = _spelt_pronouns(_without_cue(dense), context.text)
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


_COURTESY = re.compile(
    # never given back: "bạn bạn bạn" may be read in 2^n ways, one is enough
    r"^(?:(?:dạ|da|alo|hi|hello|chào|chao|xin chào|xin chao|ad|admin|bot|bạn|ban|em|anh|chị|cán bộ)"
    r"(?: (?:ơi|oi|bạn|ban|ad|bot|anh chị|cả nhà))*[,.! ]+)*+"
    r"(?:(?:cho|xin|vui lòng cho|làm ơn cho|lam on cho)(?: (?:phép|phep))?"
    r"(?: (?:em|tôi|toi|mình|minh|tui|con|cháu|chau|anh|chị|xin))* (?:hỏi|hoi|biết|biet)"
    r"(?: (?:là|la|chút|chut|với|voi|thêm|them|xíu))*[,: ]+)(?=\S)",
    re.IGNORECASE,
)


# "Chào bạn, …", "ad ơi …": what opens a message and asks nothing
_GREETING = re.compile(
    r"^(?:(?:dạ|da|alo|a lô|hi|hello|(?:xin )?(?:chào|chao)|kính chào|kinh chao|thưa|thua)"
    r"(?: (?:bạn|ban|ad|admin|bot|anh|chị|chi|em|cả nhà|ca nha|mọi người|moi nguoi|mn|quý cơ quan))*[,.!]+\s*"
    r"|(?:ad|admin|bot|bạn|ban|em|anh|chị|chi|cả nhà|ca nha|mọi người|moi nguoi|mn|bà con) (?:ơi|oi)\b[,.!]?\s*)+",
    re.IGNORECASE,
)
# "… cảm ơn ạ", "… vậy ạ", "… thế các bác": what closes one; never a word that may be asked about.
# Few signs between, or a thousand dots would be tried a thousand times each.
_CLOSING = re.compile(
    r"(?:[\s,.!?]{1,4}(?:(?:xin |em |mình )?(?:cảm ơn|cám ơn|cam on|thanks|thank you|tks)"
    r"(?: (?:ạ|a|nhiều|nhieu|trước|truoc|bạn|ban|ad|nhé|nhe|anh chị|mọi người|mn|các bác|cac bac))*"
    r"|(?:vậy|vay|thế|the|nhỉ|nhi|hả|ha) (?:ạ|a|nhỉ|nhi|ad|bạn|ban|bác|các bác|cac bac|mọi người|moi nguoi|mn|cả nhà)"
    r"|(?<!như )(?:vậy|ạ|nhỉ|nhé|ạ các bác)))+[\s.!?]{0,4}$",
    re.IGNORECASE,
)
_LEFT = 3  # words of a question that are left, else nothing is taken away


def _bared(text: str) -> str:
    """A message without its greeting and its thanks, where a question is left."""
    text = _COURTESY.sub("", text) or text
    left = _CLOSING.sub("", _GREETING.sub("", text))
    return left if len(left.split()) >= _LEFT else text


def _years(text: str, named: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The years asked about, not those in the documents' numbers and names."""
    found = (
        match[0]
        for match in re.finditer(r"(?<![\d./-])(?:19|20)\d\d(?!\d|/\d)|(?<=[/-])20\d\d(?!\d)", text)
        if not any(start <= match.start() < end for start, end in named)
    )
    return tuple(dict.fromkeys(found))


# ---------------------------------------------------------------- English

_ENGLISH = frozenset(
    "what who whose which when where why how is are was were does did of under for with should must"
    " and that this long much many the about it they will under according".split()
)


def _is_english(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text)
    lower = [word.lower() for word in words if not (word.isupper() and len(word) > 1)]
    if not lower or any(word != fold(word) for word in lower if len(word) > 1 and _marked(word)):
        return False
    english = sum(word in _ENGLISH for word in lower)
    foreign = sum(not is_syllable(word) for word in lower)
    return english >= 1 and foreign >= 0.34 * len(lower)


def _marked(word: str) -> bool:
    return word != fold(word) and word not in ("nguyên", "đồng", "nội")


@lru_cache(maxsize=1)
def _glossary() -> dict[tuple[str, ...], str]:
    lines = GLOSSARY.read_text("utf-8").splitlines()
    cells = [line.split("\t") for line in lines if "\t" in line and not line.startswith("#")]
    return {tuple(re.findall(r"[a-z&'-]+", english)): vietnamese for english, vietnamese in cells}


_ON = re.compile(
    r"\b(law|decree|circular|resolution|decision|directive|plan|program|programme|strategy)s? on (?:the )?",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\d[\w/.,%-]*\w|\d|[^\W\d_]+(?:[&'’-][^\W\d_]+)*")
_ENGLISH_FILLER = _ENGLISH | frozenset(
    "a an to in on at by be can do its from or as i my we you our".split()
)


def _translated(text: str) -> str:
    """The field's terms in `text` in Vietnamese, numbers as they are, all else left out."""
    terms = _glossary()
    tokens = [re.sub(r"['’]s$", "", token) for token in _TOKEN.findall(_ON.sub(r"\1 ", text))]
    lower = [fold(token) for token in tokens]
    found: list[str] = []
    at, gap = 0, False
    while at < len(tokens):
        for size in range(min(6, len(tokens) - at), 0, -1):
            term = _term(terms, lower[at : at + size])
            if term:
                if found and gap and found[-1] != ",":
                    found.append(",")
                gap = False
                if lower[at] == "law" and found and not _names_follow(lower, at):
                    found.insert(len(found) - 1, term)  # "data protection law"
                else:
                    found.append(term)
                at += size
                break
        else:
            if tokens[at][0].isdigit():
                found.append(tokens[at])
            else:
                gap = True  # terms apart are no single name
            at += 1
    return " ".join(found).replace(" ,", ",")


def _names_follow(lower: Sequence[str], at: int) -> bool:
    before = lower[at - 1] if at else "the"
    return before in _ENGLISH_FILLER or (at + 1 < len(lower) and lower[at + 1][0].isdigit())


def _term(terms: dict[tuple[str, ...], str], words: Sequence[str]) -> str:
    key = tuple(words)
    for ending, instead in (("", ""), ("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ing", "")):
        if key[-1].endswith(ending):
            stem = key[-1][: len(key[-1]) - len(ending)] + instead
            if (*key[:-1], stem) in terms:
                return terms[(*key[:-1], stem)]
    return ""


def _names_kept(text: str) -> str:
    """Names and abbreviations, which are the same in both languages."""
    words = _TOKEN.findall(text)[1:]
    return " ".join(
        word for word in words if word[0].isupper() and fold(word) not in _ENGLISH_FILLER
    )


# ---------------------------------------------------------------- several questions in one message

_ASKS = re.compile(
    r"\b(?:bao nhieu|bao lau|bao gio|khi nao|luc nao|nao|gi|ai|o dau|toi dau|den dau|tai sao|vi sao|ra sao|sao"
    r"|(?:thu|ngay|thang|nam|muc|nhom|so|hang) may|may (?:ngay|thang|nam|muc|nguoi|tinh|xa|lan|gio|tieng|phan|dong|trieu|ty|loai|cap|buoc|hom|chuong|dieu)"
    r"|(?:duoc|phai|dung|hay|co|nua) khong|khong$|chua$"
    r"|what|who|whose|when|where|why|which|how)\b"
)
_JOINT = re.compile(
    r",\s*(?P<said>(?:và|va|còn|con|đồng thời|dong thoi|and)\s+)?|\s+(?P<and>và|va|and)\s+",
    re.IGNORECASE,
)
_MOST_PARTS = 3


def _asks(text: str) -> bool:
    return _ASKS.search(asking(text)) is not None


def _split(text: str) -> list[str]:
    """The questions of a message; a piece that asks nothing stays with its neighbour."""
    parts: list[str] = []
    waiting = ""
    for piece in re.split(r"(?<=\?)\s+(?=\S)", text):
        joined = f"{waiting} {piece}".strip()
        if _asks(piece):
            parts.append(joined)
            waiting = ""
        elif parts:
            parts[-1] = f"{parts[-1]} {piece}"
        else:
            waiting = joined
    if waiting:
        parts.append(waiting)
    halves = [half for part in parts for half in _halves(part)]
    return halves if len(halves) <= _MOST_PARTS else parts[:_MOST_PARTS] if parts[1:] else [text]


def _halves(part: str) -> list[str]:
    for joint in _JOINT.finditer(part):
        left, right = part[: joint.start()], part[joint.end() :]
        quoted = left.count('"') % 2 or left.count("“") > left.count("”")
        if quoted or not (_asks(left) and _asks(right)):
            continue
        joined = joint["said"] or joint["and"]
        if joined and len(left.split()) >= 5 and len(right.split()) >= 3:
            return [left, right[0].upper() + right[1:]]
        if asks_apart(left, right):  # "…, ai ký, gửi cho ai": each stands in its own place
            return [left, *_halves(right[0].upper() + right[1:])]
    return [part]


# ---------------------------------------------------------------- follow-ups


def _leaning(prepared: Prepared, context: Context, kind: AnswerKind) -> float:
    """The chance that the question leans on what was asked before."""
    if not context.text:
        return 0.0
    if any(one.names_document for one in prepared.references):
        cue = CUE.match(asking(prepared.cleaned)) is not None
        return float(cue and len(content(prepared.cleaned)) <= 4)
    if points_to(prepared.cleaned, f"{context.topic} {_spoken(context.references)}"):
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
    told = f"{context.subject} {topic}"
    subject = told if CUE.match(asking(text)) else context.subject  # "còn hộ chiếu?"
    at_home = prepared.at_home or context.at_home
    return Context(own or inherited, subject, told, text, at_home, context.named)


def _topic(text: str) -> str:
    return " ".join(meaning(text))


def _without_cue(text: str) -> str:
    cue = CUE.match(asking(text))
    return THEN_WHAT.sub("", text[cue.end() :] if cue else text) or text


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


# ---------------------------------------------------------------- the kind of answer asked for

_COUNTED = (
    "ngay|thang|nam|muc|nguoi|tinh|xa|lan|gio|tieng|phan|phan tram|dong|trieu|ty|cap|buoc|hom|chuong|dieu"
    "|giay|phut|tram|ngan|nghin|chuc|bua|ban|cong ty|hec|ha|met|cay|cai|chiec|con|hang|trang|bo|cuon|vien|vi|ong|mau"
    "|cho|nhom|thu|nuoc|don vi|to|buoi|tuoi|tuan|quy|diem|ban|mau|bac|chi tieu|nhiem vu|giai doan|pho|so|ki|mb|gb"
)
_KINDS: tuple[tuple[AnswerKind, str], ...] = (
        ("definition", r"\b(?:duoc )?hieu (?:la|the nao|nhu the nao)\b|\bthe nao la\b|\bkhai niem\b|\bdinh nghia\b"),
        (
            "reason",
            r"\b(?:vi sao|tai sao|sao lai)\b|^sao\b|^(?!.*\b(?:nhung|cac) (?:ly do|nguyen nhan)).*\b(?:ly do|nguyen nhan)\b",
        ),
        (
            "validity",
            r"\bhieu luc\b|\b(?:bi|duoc|da|van ban)? ?(?:thay the|thay bang|bi thay|bi bai bo|bai bo)\b"
            r"|\bthay (?:bang|tu|chua)\b|\b(?:con|con duoc) (?:ap dung|dung|su dung)\b.*\b(?:khong|chua|nua)\b"
            r"|\bap dung (?:tu|den|ke tu)? ?(?:bao gio|khi nao|ngay nao|luc nao|hom nao)\b|\b(?:bi|duoc) sua doi\b"
            r"|\bsua doi.*(?:van ban|nghi dinh|luat|thong tu|quyet dinh) nao\b",
        ),
        (
            "list",
            r"\b(?:nhung|cac) (?:\w+ ){0,7}?(?:nao|gi|ai)\b|\bgom (?:nhung|co|cac)?\b|\bliet ke\b|\bke (?:ten|ra)\b|^(?:hay )?(?:ke|neu) (?:cac|nhung)\b"
            r"|\b(?:may|bao nhieu) (?:loai|hinh thuc|nhom|tru cot|noi dung|nguyen tac|tieu chi|quyen|linh vuc|muc)\b"
            r"|\b(?:dieu kien|nhiem vu|thanh phan|muc tieu|giay to|trach nhiem|quyen|noi dung|doi tuong) gi\b",
        ),
        (
            "yesno",
            r"\bco (?!bao nhieu|may|gi\b|nhung)(?:\S+ ){1,25}?(?:khong|chua|ko)$"
            r"|\b(?:duoc|phai|dung|hay|bat buoc|can) (?:khong|chua)$|\bco phai\b|\bkhong (?:nhi|a|ha|vay|nua)$"
            r"|\b(?:khong|chua)$",
        ),
        (
            "date",
            r"\b(?:khi nao|bao gio|luc nao|hom nao|may gio|thoi diem nao|nam nao|thang nao|gio nao)\b"
            r"|\bngay (?:\w+ )?(?:nao|may|bao nhieu)\b|\b(?:thang|nam) may\b|\bngay thang\b",
        ),
        (
            "number",
            rf"\bbao (?:nhieu|lau)\b|\b(?:nhom|thu|hang|muc|cap|so) may\b|\bmay (?:{_COUNTED})\b"
            r"|\b(?:ti le|ty le|ty trong) (?:\w+ ){0,12}?(?:the nao|ra sao|la gi)\b|\bso nao\b|\bdau so\b"
            r"|\bgia bao\b|%\s*$",
        ),
        ("place", r"\bo dau\b|\b(?:toi|den|tai|ra|tu) dau\b|\bdia chi(?! so\b)|\b(?:noi|cho) nao\b|\bduong nao\b|\btrang web (?:nao|gi|la)\b"),
        (
            "body",
            r"\b(?:co quan|don vi|bo|so|phong|cap|ben|to chuc|cuc|uy ban|doanh nghiep|ban) nao\b",
        ),
        ("person", r"\bai\b|\b(?:nguoi|dong chi|ong|ba|can bo|lanh dao) nao\b|\blam truong ban\b"),
        (
            "definition",
            r"\bnghia (?:la|cua)\b|^(?!.*\b(?:dia chi(?! so\b)|ten|chu de|thong diep|muc tieu|khau hieu|so dien thoai|diem moi)\b)"
            r".*\bla (?:gi|cai gi|nhu the nao|sao)\b",
        ),
        ("list", r"\b(?:muc tieu|nhiem vu|giai phap|nguyen tac|dieu kien|quyen|khau hieu) (?:\w+ ){0,10}?la gi\b"),
        (
            "number",
            r"\b(?:toi da|toi thieu|it nhat|nhieu nhat|cao nhat|phat tien|muc phat) (?:\S+ ){0,6}?(?:the nao|ra sao)\b"
            r"|(?:^|: ?)(?:con |the |vay )?(?:ty le|ti le|chi tieu|so luong|muc) \S",
        ),
)  # fmt: skip
_ENGLISH_KINDS: tuple[tuple[AnswerKind, str], ...] = (
    ("reason", r"\bwhy\b"),
    (
        "validity",
        r"\b(?:in force|in effect|take effect|repeal|replaced?|valid until|come into force)",
    ),
    ("list", r"\b(?:which|what) (?:are|\w+s)\b|\blist\b"),
    ("date", r"\bwhen\b|\bwhat (?:date|day|year)\b"),
    (
        "number",
        r"\bhow (?:many|much|long|often)\b|\bwhat (?:share|percentage|rate|number|amount)\b",
    ),
    ("place", r"\bwhere\b"),
    ("person", r"\bwho|\bwhose\b"),
    ("definition", r"\bwhat (?:is|does .* mean)\b|\bdefin"),
    ("yesno", r"^(?:is|are|does|do|can|must|may|will|should)\b"),
)


def kind_of(text: str, language: Literal["vi", "en"] = "vi") -> AnswerKind:
    """What a question asks for, by its words."""
    folded = asking(text)
    if language == "en":
        return next((kind for kind, said in _ENGLISH_KINDS if re.search(said, folded)), "other")
    return next((kind for kind, said in _KINDS if re.search(said, folded)), "other")
