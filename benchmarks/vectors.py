"""Engines of vector search over made-up passages: `python -m benchmarks.vectors --passages 100000`.

FAISS exact as it serves, HNSW and IVF beside it, and pgvector (`halfvec`, HNSW) in a PostgreSQL of this
machine's programs or the one at `--database`, where that has the extension. Vectors lie in clusters that
run into each other, as passages do; a question is a passage with noise. Told are recall@10 against exact
search, milliseconds a question, gigabytes on disk and minutes of the processor to build. `--out docs` keeps
the table there.
"""

from __future__ import annotations

import argparse
import json
import os
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.retrieval.encoder import open_encoder
from index.retrieval.search import Part, best_of, dense_index
from index.retrieval.search import Vectors as Served
from tests import postgres

Vectors = NDArray[np.float32]
Search = Callable[[Vectors], NDArray[np.int64]]  # one question's best, best first

_BEST = 10
_TICK = os.sysconf("SC_CLK_TCK")
_CLUSTER = 50  # passages around one centre, on average
_FREE = 32  # directions in which they differ, of all that a vector has
_NOISE = 0.4
_ROWS = 20_000  # at a time into PostgreSQL


@dataclass(frozen=True, slots=True)
class Measured:
    engine: str
    passages: int
    recall: float  # of the ten best, how many are among the ten found
    median: float  # milliseconds
    p95: float
    gigabytes: float
    minutes: float  # of the processor, to build from the vectors in memory


@dataclass(frozen=True, slots=True)
class Way:
    """How an engine that is built searches."""

    name: str
    search: Search
    gigabytes: float
    elsewhere: float = 0.0  # seconds of another process's, to build


def made_up(count: int, questions: int, width: int, seed: int) -> tuple[Vectors, Vectors]:
    """Unit vectors of passages and of questions."""
    chance = np.random.default_rng(seed)
    frame = chance.standard_normal((_FREE, width), np.float32)
    centres = chance.standard_normal((max(1, count // _CLUSTER), _FREE), np.float32)
    vectors = np.empty((count, width), np.float32)
    for start in range(0, count, 100_000):
        part = vectors[start : start + 100_000]
        meant = centres[chance.integers(0, len(centres), len(part))]
        meant = meant + chance.standard_normal(meant.shape, np.float32)
        part[:] = _shaken(_unit(meant @ frame), chance)
    return vectors, _shaken(vectors[chance.integers(0, count, questions)], chance)


def _shaken(vectors: Vectors, chance: np.random.Generator) -> Vectors:
    return _unit(vectors + _NOISE * _unit(chance.standard_normal(vectors.shape, np.float32)))


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


# Engines. Each is built once and asked in the ways that it yields: a name, and how it searches


def _exact(vectors: Vectors) -> Iterator[Way]:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    size = _size(index)
    yield Way("FAISS exact, ten best", partial(_ten, index), size)

    halves = dense_index(vectors.shape[1])
    halves.add(vectors)
    live = np.arange(index.ntotal)
    served = Served([Part(halves, np.empty((0, 0), np.int8), live, live)])

    def every(query: Vectors) -> NDArray[np.int64]:
        return best_of(served.scores(query).scores, _BEST)

    yield Way("FAISS exact, half precision (as it serves)", every, _size(halves))


def _hnsw(vectors: Vectors) -> Iterator[Way]:
    index = faiss.IndexHNSWFlat(vectors.shape[1], 16, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = 64
    index.add(vectors)
    size = _size(index)
    for reach in (64, 256):
        index.hnsw.efSearch = reach
        yield Way(f"FAISS HNSW, efSearch {reach}", partial(_ten, index), size)  # fmt: skip


def _ivf(vectors: Vectors) -> Iterator[Way]:
    lists = int(4 * len(vectors) ** 0.5)
    coarse = faiss.IndexFlatIP(vectors.shape[1])
    index = faiss.IndexIVFFlat(coarse, vectors.shape[1], lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.max_points_per_centroid = 64
    index.train(vectors)
    index.add(vectors)
    size = _size(index)
    for probed in (16, 64):
        index.nprobe = probed
        yield Way(f"FAISS IVF, {lists} lists, {probed} probed", partial(_ten, index), size)


def _pgvector(vectors: Vectors, address: str) -> Iterator[Way]:
    import psycopg

    with psycopg.connect(address, autocommit=True) as db:
        try:
            db.execute("CREATE EXTENSION IF NOT EXISTS vector")
        except psycopg.Error as error:
            print(f"pgvector is left out: {str(error).splitlines()[0]}", file=sys.stderr)
            return
        db.execute("DROP TABLE IF EXISTS passages")
        db.execute(f"CREATE TABLE passages (id int, v halfvec({vectors.shape[1]}))".encode())
        with db.cursor().copy("COPY passages FROM STDIN (FORMAT BINARY)") as copy:
            for part in _binary(vectors):
                copy.write(part)
        db.execute("SET maintenance_work_mem = '4GB'")
        db.execute("SET max_parallel_maintenance_workers = 0")
        db.execute(
            "CREATE INDEX passages_v ON passages USING hnsw (v halfvec_ip_ops)"
            " WITH (m = 16, ef_construction = 64)"
        )
        db.execute("ANALYZE passages")
        spent = _processor(db.info.backend_pid)
        [size] = db.execute("SELECT pg_total_relation_size('passages')").fetchone() or (0,)
        for reach in (64, 256):
            db.execute(f"SET hnsw.ef_search = {reach}".encode())
            yield Way(
                f"pgvector HNSW, halfvec, ef_search {reach}", partial(_asked, db), size / 1e9, spent
            )
        db.execute("DROP TABLE passages")


def _processor(number: int) -> float:
    """Seconds of a process of this machine; 0 for one of another."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICK


def _asked(db: Any, query: Vectors) -> NDArray[np.int64]:
    words = "[" + ",".join(map(repr, query.tolist())) + "]"
    rows = db.execute(
        "SELECT id FROM passages ORDER BY v <#> %s::halfvec LIMIT 10", [words]
    ).fetchall()
    return np.array([row[0] for row in rows], np.int64)


def _binary(vectors: Vectors) -> Iterator[bytes]:
    """Rows of a number and a halfvec, as COPY reads them."""
    width = vectors.shape[1]
    row = np.dtype([
        ("fields", ">i2"), ("four", ">i4"), ("id", ">i4"), ("bytes", ">i4"), ("width", ">i2"),
        ("unused", ">i2"), ("v", ">f2", (width,)),
    ])  # fmt: skip
    yield b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
    for start in range(0, len(vectors), _ROWS):
        part = vectors[start : start + _ROWS]
        rows = np.zeros(len(part), row)
        rows["fields"], rows["four"], rows["bytes"], rows["width"] = 2, 4, 4 + 2 * width, width
        rows["id"], rows["v"] = np.arange(start, start + len(part)), part
        yield rows.tobytes()
    yield struct.pack(">h", -1)


def _ten(index: Any, query: Vectors) -> NDArray[np.int64]:
    return np.asarray(index.search(query[None], _BEST)[1][0], np.int64)


def _size(index: Any) -> float:
    """Gigabytes on disk."""
    with tempfile.NamedTemporaryFile() as file:
        faiss.write_index(index, file.name)
        return Path(file.name).stat().st_size / 1e9


# Measures


def measured(
    build: Callable[[Vectors], Iterator[Way]],
    vectors: Vectors,
    asked: Vectors,
    truth: list[set[int]],
) -> Iterator[Measured]:
    began, minutes = time.process_time(), 0.0
    for way in build(vectors):
        minutes = minutes or (time.process_time() - began + way.elsewhere) / 60
        way.search(asked[0])
        found, spent = [], []
        for query in asked:
            start = time.perf_counter()
            found.append(set(way.search(query).tolist()))
            spent.append(1000 * (time.perf_counter() - start))
        right = sum(len(one & best) for one, best in zip(found, truth, strict=True))
        yield Measured(
            way.name, len(vectors), round(right / (_BEST * len(asked)), 4),
            round(float(np.median(spent)), 2), round(float(np.quantile(spent, 0.95)), 2),
            round(way.gigabytes, 3), round(minutes, 2),
        )  # fmt: skip


def _truth(vectors: Vectors, asked: Vectors) -> list[set[int]]:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return [set(row.tolist()) for row in index.search(asked, _BEST)[1]]


@contextmanager
def _server(address: str) -> Iterator[str]:
    """The address of a database; "" where there is no PostgreSQL."""
    with nullcontext() if address or not postgres.programs() else postgres.server() as own:
        yield address or (own.database() if own else "")


_HEAD = (
    "| engine | passages | recall@10 | median; 95 %, ms | on disk, GB | to build, processor minutes |\n"
    "|---|---|---|---|---|---|"
)


def _line(row: Measured) -> str:
    return (
        f"| {row.engine} | {row.passages:,} | {row.recall:.3f} | {row.median:.1f}; {row.p95:.1f} "
        f"| {row.gigabytes:.2f} | {row.minutes:.1f} |"
    )


def kept(found: list[Measured], out: Path) -> None:
    """What was measured, in place of what was measured of the same size and engine before."""
    file, page = out / "benchmarks" / "vectors.json", out / "benchmarks.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    old = [Measured(**row) for row in json.loads(file.read_text("utf-8"))] if file.exists() else []
    rows = list({(one.passages, one.engine): one for one in [*old, *found]}.values())
    rows.sort(key=lambda one: one.passages)
    file.write_text(json.dumps(list(map(asdict, rows)), indent=1) + "\n", "utf-8")
    before, _, after = page.read_text("utf-8").partition("<!-- vectors -->\n")
    after = after.partition("<!-- /vectors -->\n")[2]
    table = "\n".join([_HEAD, *map(_line, rows)])
    page.write_text(f"{before}<!-- vectors -->\n{table}\n<!-- /vectors -->\n{after}", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--engines", nargs="+", default=["exact", "ivf", "hnsw", "pgvector"])
    parser.add_argument("--database", default="", help="address of an empty PostgreSQL")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="docs, to keep what is measured there")
    given = parser.parse_args()
    faiss.omp_set_num_threads(1)
    width = open_encoder("").dimension
    vectors, asked = made_up(given.passages, given.questions, width, given.seed)
    truth, found = _truth(vectors, asked), list[Measured]()
    engines = {"exact": _exact, "ivf": _ivf, "hnsw": _hnsw}
    print(_HEAD)
    for engine in given.engines:
        with _server(given.database) if engine == "pgvector" else nullcontext("") as address:
            if engine == "pgvector" and not address:
                print("pgvector is left out: no PostgreSQL on this machine", file=sys.stderr)
                continue
            build = engines.get(engine) or partial(_pgvector, address=address)
            for row in measured(build, vectors, asked, truth):
                print(_line(row), flush=True)
                found.append(row)
    if given.out:
        kept(found, given.out)


if __name__ == "__main__":
    main()
