"""Abbreviations of this field and of chat typing: a table maintainers extend, and documents' own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import TableUnreadable
from knowledge.numbers import BODIES
from knowledge.places import PLACE
from knowledge.vietnamese import fold, nfc

TABLE = Path(__file__).with_name("abbreviations.tsv")
MAINTAINED = "abbreviations.tsv"  # in the data folder

_WORD = re.compile(r"[^\W\d_]+(?:[&-][^\W\d_]+)*")
_ADDRESS = re.compile(
    r"\S+@\S+|\bhttps?://\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:vn|com|net|org|info|gov|edu)\b(?:/\S*)?",
    re.IGNORECASE,
)
# no name is called so: "C-Thái Nguyên", "bệnh viện A"
_CALLS = frozenset({"anh", "chị", "em", "bạn"})
_NUMBER_FOLLOWS = re.compile(r"[ .]?(?:số |so )?\d")
_ENUMERATED = re.compile(
    r"\b(?:diem|khoan|muc|nhom|hang|loai|cap|bang|phu luc|phan|vitamin) (?:[a-z](?:, | va | hoac | hay ))*$"
    r"|\b(?:dieu|khoan|muc|mau|bieu|phu luc)(?: so)? \d+$"
)
_ELSEWHERE = 4  # how often the words of a long form may be seen in other phrases, to once in it
_LISTED = 60  # characters of an enumeration before its last letter
_NEIGHBOURS = 40  # characters on either side that decide between two readings
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi(?!i)|kh|ph|qu|th|tr|ch|[bcdghklmnprstvx])?"
    r"(?:i|e|a|o|u|y|ia|ie|iu|ieu|eo|eu|ai|ay|ao|au|oa|oe|oi|oai|oay|oao|oeo|ua|ue|ui|uo|uu|uy|uay"
    r"|uoi|uou|uya|uye|uyu|ye|yeu|oo)(?:ch|ng|nh|[cmnpt])?$"
)


def is_syllable(folded: str) -> bool:
    """Whether a folded word is shaped like a Vietnamese syllable ("tu" is, "cntt" is not)."""
    return _SYLLABLE.match(folded) is not None


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """One reading of `short`; with `near`, only beside one of those words.

    "#": before a number; ">y te": right before these.
    """

    short: str
    long: str
    near: tuple[str, ...] = ()

    @property
    def chat(self) -> bool:
        """Written in lower case in the table: chat typing, replaced wherever it stands."""
        return self.short == self.short.lower()


@dataclass(frozen=True, slots=True)
class Expansion:
    """`text[start:end]` stands for `long`."""

    start: int
    end: int
    long: str
    chat: bool
    guessed: bool = False  # it may stand for something else


class Abbreviations:
    """The table, most specific reading first."""

    def __init__(
        self, rows: Iterable[Abbreviation], seen: Callable[[str], int] = lambda _: 0
    ) -> None:
        """`seen` tells how often the documents have some words."""
        self._seen = seen
        self._readings: dict[str, list[Abbreviation]] = {}
        for row in rows:
            self._readings.setdefault(fold(row.short), []).append(row)
        for readings in self._readings.values():
            readings.sort(key=lambda row: (not row.near, "#" not in row.near))

    @classmethod
    def open(
        cls,
        own: Iterable[Abbreviation] = (),
        learnt: Mapping[str, str] | None = None,
        seen: Callable[[str], int] = lambda _: 0,
    ) -> Abbreviations:
        """Ours, after the maintainers' own and before what was learnt; the codes of bodies are theirs, too."""
        rows = [*own, *_rows(TABLE)]
        known = {fold(row.short) for row in rows}
        told = (*BODIES.items(), *(learnt or {}).items())
        rows += [Abbreviation(short, long) for short, long in told if fold(short) not in known]
        return cls(rows, seen)

    def __contains__(self, short: str) -> bool:
        return fold(short) in self._readings

    def is_chat(self, short: str) -> bool:
        """Whether it is short for something in messages only: "j", "bn"."""
        readings = self._readings.get(fold(short), ())
        return bool(readings) and all(row.chat for row in readings)

    def expansions(
        self, text: str, protected: Sequence[tuple[int, int]] = ()
    ) -> tuple[Expansion, ...]:
        """What is abbreviated in `text` (NFC), outside `protected` spans such as document numbers, and
        outside addresses on the web.
        """
        shouted = _is_shouted(text)
        folded = fold(text)
        kept = bytearray(len(text))
        addresses = (one.span() for one in _ADDRESS.finditer(text))
        for start, end in (*protected, *addresses):
            kept[start:end] = bytes([1]) * len(kept[start:end])
        found = []
        for word in _WORD.finditer(text):
            if kept.find(1, word.start(), word.end()) >= 0:
                continue
            row = self._reading(text, folded, word.start(), word.end(), shouted)
            long = self._long(row) if row else word[0]
            if row and long != word[0]:
                guessed = len(self._readings[fold(row.short)]) > 1 and "#" not in row.near
                found.append(Expansion(word.start(), word.end(), long, row.chat, guessed))
        return tuple(found)

    def spell_out(self, text: str, protected: Sequence[tuple[int, int]] = ()) -> str:
        """`text` (NFC) with every abbreviation outside `protected` replaced."""
        return replaced(text, self.expansions(text, protected))

    def _long(self, row: Abbreviation) -> str:
        """What it is spelt out as: itself, where it is a name that the documents rather write like that.

        "xếp thứ 8 về DTI" hardly answers what is asked of a "chỉ số đánh giá mức độ chuyển đổi số".
        """
        words, _, name = row.long.rpartition(" (")
        is_name = fold(name) == f"{fold(row.short)})" and not is_syllable(fold(row.short))
        usual = is_name and _ELSEWHERE * self._seen(row.short) > self._seen(words)
        return row.short if usual else row.long

    def _reading(
        self, text: str, folded: str, start: int, end: int, shouted: bool
    ) -> Abbreviation | None:
        readings = self._readings.get(folded[start:end])
        if not readings:
            return None
        typed = text[start:end]
        same = [row for row in readings if row.short.lower() == typed.lower() != fold(typed)]
        readings = same or readings  # "gđ" is not "gd"
        capitals = sum(letter.isupper() for letter in typed) >= min(2, len(typed)) and not shouted
        if typed == typed.lower():
            readings = sorted(readings, key=lambda row: (not row.near, not row.chat))
        for row in readings:
            if row.chat:
                if typed != typed.lower() and "#" not in row.near:
                    continue
                bare = typed == fold(typed)
                if typed.lower() != row.short and not (bare and not is_syllable(typed)):
                    continue  # "kô" is not "ko", "goi" may be more than "gòi"
                if len(typed) == 1 and _ENUMERATED.search(folded, max(0, start - _LISTED), start):
                    continue  # "Điều 3a", "điểm b", "nhóm a"
                if row.long in _CALLS and _names(text, folded, end):
                    continue
            elif not capitals and is_syllable(folded[start:end]):
                continue  # "tu" is a word, "TU" is not
            if row.near and not _is_near(row.near, text, folded, start, end):
                continue
            return row
        return None


def _names(text: str, folded: str, end: int) -> bool:
    """Whether a name goes on after a single letter."""
    after = text[end : end + 2]
    return after[:1] == " " and (after[1:].isupper() or PLACE.match(folded, end + 1) is not None)


def _is_near(near: Sequence[str], text: str, folded: str, start: int, end: int) -> bool:
    beside = f"{folded[max(0, start - _NEIGHBOURS) : start]} {folded[end : end + _NEIGHBOURS]}"
    around = f" {' '.join(re.findall(r'[a-z0-9]+', beside))} "
    after = f"{' '.join(re.findall(r'[a-z0-9]+', folded[end : end + _NEIGHBOURS]))} "
    return any(
        _NUMBER_FOLLOWS.match(text, end) is not None
        if word == "#"
        else after.startswith(f"{word[1:]} ")
        if word.startswith(">")
        else f" {word} " in around
        for word in near
    )


def _is_shouted(text: str) -> bool:
    if text.islower():
        return False
    letters = list(filter(str.isalpha, text))
    return len(letters) > 20 and sum(map(str.isupper, letters)) > 0.7 * len(letters)


def replaced(text: str, expansions: Iterable[Expansion]) -> str:
    """`text` with each expansion put in place."""
    parts, at = [], 0
    for one in expansions:
        dotted = text[one.end : one.end + 1] == "." and text[one.end + 1 : one.end + 2].isalpha()
        glued = dotted or text[one.end : one.end + 1].isdigit()  # "TP.HCM", "NĐ47"
        parts += [text[at : one.start], one.long, " " if glued else ""]
        at = one.end + dotted
    return "".join([*parts, text[at:]])


def maintained(data: Path) -> tuple[Abbreviation, ...]:
    """The maintainers' own in DATA/abbreviations.tsv; none where there is no such file.

    Raises TableUnreadable, in Vietnamese.
    """
    file = data / MAINTAINED
    try:
        return tuple(_rows(file))
    except FileNotFoundError:
        return ()
    except UnicodeError:
        cure = "không phải UTF-8: hãy lưu lại với mã UTF-8"
    except OSError as error:
        cure = f"không đọc được ({error.strerror})"
    raise TableUnreadable(
        f"Bảng chữ viết tắt {file} {cure}. Đang dùng bảng đọc được lần trước, hoặc bảng đi kèm."
    )


def _rows(path: Path) -> list[Abbreviation]:
    rows = []
    for line in path.read_text("utf-8-sig").splitlines():
        cells = [nfc(cell).strip() for cell in line.split("\t")]
        if len(cells) >= 2 and all(cells[:2]) and not cells[0].startswith("#"):
            near = cells[2] if len(cells) > 2 else ""
            words = tuple(fold(word).strip() for word in near.split(",") if word.strip())
            rows.append(Abbreviation(cells[0], cells[1], words))
    return rows


_CALLED = re.compile(
    r"\((?:sau đây |dưới đây )?(?:(?:được )?(?:gọi|viết) tắt là:? ?)?"
    r"[\"“”']?(?P<short>[A-ZĐ][A-ZĐa-z&-]{1,11})[\"“”']?\)"
)
_BEFORE = re.compile(r"[^\n().:;|]{4,}\Z")
_LONGEST = 120  # characters of what is abbreviated


def introduced(text: str) -> Iterator[tuple[str, str]]:
    """Abbreviations that a document introduces itself: "nông thôn mới (viết tắt là NTM)".

    Only those whose letters are the initials of the words before them are believed.
    """
    text = nfc(text)
    for called in _CALLED.finditer(text):
        before = _BEFORE.search(text[max(0, called.start() - _LONGEST) : called.start()])
        long = _spelt_by(called["short"], before[0].split()) if before else ""
        if long:
            yield called["short"], long


def agreed(said: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each abbreviation most often stands for."""
    votes: dict[str, Counter[str]] = {}
    for short, long in said:
        votes.setdefault(short, Counter())[long] += 1
    return {short: max(counts, key=lambda long: counts[long]) for short, counts in votes.items()}


def _spelt_by(short: str, words: Sequence[str]) -> str:
    """The last words whose initials spell `short`, joining words such as "và" left out or in."""
    letters = [letter for letter in fold(short) if letter.isalpha()]
    if len(letters) < 2 or sum(map(str.isupper, short)) < 2:
        return ""
    at = len(words)
    for letter in reversed(letters):
        at -= 1
        while at >= 0 and fold(words[at]).strip(",") in ("va", "-", "&", "cua", "ve", "cac"):
            if fold(words[at])[:1] == letter:
                break
            at -= 1
        if at < 0 or fold(words[at])[:1] != letter:
            return ""
    long = " ".join(words[at:]).strip(" ,-“\"'")
    return long if fold(long) != fold(short) else ""
