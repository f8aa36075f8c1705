"""What is known of a document besides its words, and who says so.

Field by field, the first that knows wins: the sidecar `NAME.yaml`, the front matter, the text's own
heading, and for the title the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields

import yaml

from knowledge.document import Metadata

_FIELDS = tuple(field.name for field in fields(Metadata))
_FENCED = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The header between `---` lines at the very start, and the text after it."""
    fenced = _FENCED.match(text)
    if not fenced:
        return {}, text
    return _fields_of(fenced[1]), text[fenced.end() :]


def _fields_of(block: str) -> dict[str, str]:
    """YAML if it is YAML; else, as people write headers, whatever reads as `key: value`."""
    try:
        # BaseLoader keeps every value as written: `number: 01` is not the integer 1.
        loaded = yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506 builds only str, list, dict
    except (yaml.YAMLError, RecursionError, ValueError):
        loaded = None
    if not isinstance(loaded, dict):
        pairs = (line.partition(":") for line in block.split("\n"))
        loaded = {key.strip(): value.strip() for key, colon, value in pairs if colon}
    return {
        key: " ".join(value.split())
        for key, value in loaded.items()
        if isinstance(value, str) and key in _FIELDS
    }


def metadata_of(name: str, text: str, header: Mapping[str, str]) -> Metadata:
    known = {key: value for key, value in header.items() if value}
    known.setdefault("title", name)
    return Metadata(**known)  # type: ignore[arg-type]
