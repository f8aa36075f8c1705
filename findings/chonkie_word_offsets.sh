#!/bin/sh
# chonkie 1.7.0: every chunk carries start_index and end_index into the text, but those of TokenChunker
# with its own "word" tokenizer leave out the spaces between chunks: each chunk lies one character further
# off than the last, so that a quotation cut by these offsets loses its end and begins in another
# sentence. The text of the chunks is right; "character" and SentenceChunker are right, too.
# Needs python3 with venv and a package index; fails when the behaviour changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install chonkie==1.7.0
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from chonkie import SentenceChunker, TokenChunker

TEXT = (
    "Điều 5. Trách nhiệm của Ủy ban nhân dân cấp xã. Tiếp nhận hồ sơ trực tuyến. "
    "Trả kết quả đúng hạn cho người dân. Điều 6. Trách nhiệm của Sở."
)


def wrong(chunks: list) -> list[int]:
    return [at for at, one in enumerate(chunks) if TEXT[one.start_index : one.end_index] != one.text]


words = TokenChunker(tokenizer="word", chunk_size=8)(TEXT)
print("chonkie", version("chonkie"))
for one in words:
    print(repr(one.text), "stands, it says, at", repr(TEXT[one.start_index : one.end_index]))
assert len(words) > 2
assert wrong(words) == list(range(1, len(words))), "offsets by words are right now"
assert [TEXT.index(one.text) - one.start_index for one in words] == list(range(len(words)))
assert not wrong(TokenChunker(tokenizer="character", chunk_size=40)(TEXT))
assert not wrong(SentenceChunker(tokenizer="word", chunk_size=12)(TEXT))
PYTHON
