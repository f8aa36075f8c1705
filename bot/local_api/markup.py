"""Message text as the server reads it: HTML into entities, entities found in plain text.

Offsets and lengths count UTF-16 code units; positions in error messages count bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bot.local_api.errors import bad_request

Entity = dict[str, Any]

MAX_ENTITIES = 100
_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
}
_FIRM = {"pre", "code", "text_link", "text_mention"}
_TAGS = {*_SIMPLE, "a", "span", "blockquote", "tg-emoji", "tg-time"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|(lt|gt|amp|quot));?")
_ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>]*)\s*(?:(?P<equal>=)\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<token>[A-Za-z0-9.\-]*)))?"""
)
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]])"
    r"|(?P<email>(?<![\w.])[\w.+-]+@[\w-]+\.[A-Za-z][\w.-]*\w)"
    r"|(?P<mention>(?<![\w@])@[A-Za-z0-9_]{3,32}(?!\w))"
    r"|(?P<bot_command>(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<hashtag>(?<![\w#])#(?=\w*[^\W\d_])\w+)"
)


def units(text: str) -> int:
    """Length in UTF-16 code units, which is how Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity covers."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def format_text(
    raw: str, parse_mode: str | None, entities: list[Entity] | None = None
) -> tuple[str, list[Entity]]:
    """The text a message keeps and its entities, or the server's refusal."""
    if len(raw.encode()) > 32_768:
        raise bad_request("text is too long")
    mode = (parse_mode or "").lower()
    if mode == "html":
        text, marked = _Parser(raw).parse()
    elif mode in {"markdown", "markdownv2"}:
        raise bad_request(f"the stand-in does not read {parse_mode}")
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        text, marked = raw, _given(raw, entities or [])
    text, marked = _trim(text.replace("\r", ""), marked)
    found = _outside(find_entities(text), marked)
    marked = sorted([*marked, *found], key=lambda one: (one["offset"], -one["length"]))
    return text, marked[:MAX_ENTITIES]


def find_entities(text: str) -> list[Entity]:
    """Commands, mentions, addresses and hashtags that the server marks by itself."""
    return [
        {
            "type": str(match.lastgroup),
            "offset": units(text[: match.start()]),
            "length": units(match.group()),
        }
        for match in _FOUND.finditer(text)
    ]


def valid_link(url: str) -> bool:
    """Whether a link may stand behind words or a button."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        return False
    if parts.scheme == "tg":
        return True
    host = parts.hostname or ""
    return parts.scheme in {"http", "https"} and "." in host and " " not in url


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    index: int


@dataclass(slots=True)
class _Parser:
    raw: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    offset: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.raw):
            if self.raw[self.at] == "<":
                self._tag()
            else:
                self._character()
        if self.stack:
            raise _unparsable(
                f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"'
            )
        return "".join(self.out), _untangle(self.entities)

    def _byte(self, index: int) -> int:
        return len(self.raw[:index].encode())

    def _character(self) -> None:
        character, self.at = _reference(self.raw, self.at)
        self.out.append(character)
        self.offset += units(character)

    def _tag(self) -> None:
        begin = self.at
        closing = self.raw.startswith("</", begin)
        end = self.raw.find(">", begin)
        if closing:
            self._close(begin, end)
        else:
            self._open(begin)

    def _open(self, begin: int) -> None:
        match = re.compile(r"[^\s>]*").match(self.raw, begin + 1)
        assert match is not None  # the pattern matches the empty string too
        tag = match.group().lower()
        if match.end() == len(self.raw):
            raise _unparsable(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in _TAGS:
            raise _unparsable(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        attributes, self.at = self._attributes(tag, begin, match.end())
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsable(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}'
            )
        self.stack.append(_Open(tag, attributes, self.offset, len(self.out)))

    def _attributes(self, tag: str, begin: int, at: int) -> tuple[dict[str, str], int]:
        attributes: dict[str, str] = {}
        while True:
            while at < len(self.raw) and self.raw[at].isspace():
                at += 1
            if at >= len(self.raw):
                raise _unparsable(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')
            if self.raw[at] == ">":
                return attributes, at + 1
            name, value, at = self._attribute(tag, begin, at)
            attributes[name] = value

    def _attribute(self, tag: str, begin: int, at: int) -> tuple[str, str, int]:
        match = _ATTRIBUTE.match(self.raw, at)
        if match is None or not match["name"]:
            raise _unparsable(
                f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}'
            )
        name, end = match["name"].lower(), match.end()
        if not match["equal"] and (tag, name) != ("blockquote", "expandable"):
            raise _unparsable(
                "Expected equal sign in declaration of an attribute of the tag "
                f'"{tag}" at byte offset {self._byte(begin)}'
            )
        if match["token"] is not None and self.raw[end : end + 1].strip(" \n\t>"):
            raise _unparsable(
                f"Unexpected end of name token at byte offset {self._byte(match.start('token'))}"
            )
        value = match["double"] or match["single"] or (match["token"] or "").lower()
        return name, _decoded(value), end

    def _close(self, begin: int, end: int) -> None:
        where = self._byte(begin)
        if not self.stack:
            raise _unparsable(f"Unexpected end tag at byte offset {where}")
        name, _, rest = self.raw[begin + 2 : end if end >= 0 else None].partition(" ")
        if end < 0 or rest.strip():
            raise _unparsable(f"Unclosed end tag at byte offset {where}")
        opened = self.stack.pop()
        if name.strip() and name.strip().lower() != opened.tag:
            raise _unparsable(
                f"Unmatched end tag at byte offset {where}, "
                f'expected "</{opened.tag}>", found "</{name.strip()}>"'
            )
        self.at = end + 1
        if self.offset > opened.offset:
            self._add(opened)

    def _add(self, opened: _Open) -> None:
        span = {"offset": opened.offset, "length": self.offset - opened.offset}
        tag, attributes = opened.tag, opened.attributes
        if tag in _SIMPLE:
            language = attributes.get("class", "").removeprefix("language-")
            extra = {"language": language} if tag == "code" and language else {}
            self.entities.append({"type": _SIMPLE[tag], **span, **extra})
        elif tag == "span":
            self.entities.append({"type": "spoiler", **span})
        elif tag == "blockquote":
            kind = "expandable_blockquote" if "expandable" in attributes else "blockquote"
            self.entities.append({"type": kind, **span})
        elif tag == "tg-emoji":
            emoji = attributes.get("emoji-id", "")
            if not emoji.isdigit():
                raise _unparsable("Invalid custom emoji identifier specified")
            self.entities.append({"type": "custom_emoji", **span, "custom_emoji_id": emoji})
        elif tag == "tg-time":
            moment = attributes.get("unix", "")
            if not moment.isdigit():
                raise _unparsable("Invalid date-time specified")
            self.entities.append({"type": "date_time", **span, "unix_time": int(moment)})
        else:
            url = attributes.get("href") or "".join(self.out[opened.index :])
            if valid_link(url):  # the server drops a bad link and keeps its words
                self.entities.append({"type": "text_link", **span, "url": url})


def _unparsable(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def _reference(raw: str, at: int) -> tuple[str, int]:
    match = _REFERENCE.match(raw, at) if raw[at] == "&" else None
    if match is None:
        return raw[at], at + 1
    code = int(match[1], 16) if match[1] else int(match[2] or 0)
    if match[3]:
        return _NAMED[match[3]], match.end()
    if not 0 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return raw[at], at + 1
    return chr(code), match.end()


def _decoded(value: str) -> str:
    out, at = [], 0
    while at < len(value):
        character, at = _reference(value, at)
        out.append(character)
    return "".join(out)


def _end(entity: Entity) -> int:
    return int(entity["offset"]) + int(entity["length"])


def _inside(inner: Entity, outer: Entity) -> bool:
    return bool(outer["offset"] <= inner["offset"] and _end(inner) <= _end(outer))


def _untangle(entities: list[Entity]) -> list[Entity]:
    """Quotations may not be nested; code holds nothing, save the language of a `pre`.

    Expects inner entities before those around them.
    """
    kept = []
    for at, one in enumerate(entities):
        around = [other for other in entities[at + 1 :] if _inside(one, other)]
        if _is_quote(one) and any(_is_quote(other) for other in around):
            raise _unparsable("blockquote entities can't be nested")
        solid = next((other for other in around if other["type"] in {"pre", "code"}), None)
        if solid is None:
            kept.append({k: v for k, v in one.items() if one["type"] == "pre" or k != "language"})
        elif solid["type"] == "pre" and "language" in one:
            solid["language"] = one["language"]
    return kept


def _is_quote(entity: Entity) -> bool:
    return str(entity["type"]).endswith("blockquote")


def _given(text: str, entities: list[Entity]) -> list[Entity]:
    for one in entities:
        if one.get("type") is None or one.get("offset") is None or one.get("length") is None:
            raise bad_request("can't parse entities: a field of MessageEntity is missing")
        if one["offset"] < 0 or one["length"] <= 0 or _end(one) > units(text):
            raise bad_request("ENTITY_BOUNDS_INVALID")
    inner_first = sorted(entities, key=lambda one: (-one["offset"], one["length"]))
    return _untangle([dict(one) for one in inner_first])


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Outer white space goes, and entities shrink or move with it."""
    lead = units(text) - units(text.lstrip())
    first = min((one["offset"] for one in entities), default=lead)
    lead = min(lead, first)
    text = cut(text, lead, units(text) - lead).rstrip()
    total, kept = units(text), []
    for one in entities:
        offset = one["offset"] - lead
        length = min(one["length"], total - offset)
        if length > 0:
            kept.append({**one, "offset": offset, "length": length})
    return text, kept


def _outside(found: list[Entity], marked: list[Entity]) -> list[Entity]:
    """What was found by itself yields to links and code, and crosses no other entity."""

    def fits(one: Entity, other: Entity) -> bool:
        apart = _end(one) <= other["offset"] or _end(other) <= one["offset"]
        return apart or (
            other["type"] not in _FIRM and (_inside(one, other) or _inside(other, one))
        )

    return [one for one in found if all(fits(one, other) for other in marked)]
