"""The benchmark of vector engines finds what exact search finds, and leaves out what is not there."""

from __future__ import annotations

import numpy as np
import psycopg
import pytest

from benchmarks import vectors
from tests.postgres import Server


@pytest.fixture(scope="module")
def made() -> tuple[vectors.Vectors, vectors.Vectors]:
    return vectors.made_up(2_000, 20, 64, seed=3)


def test_passages_and_questions_are_unit_vectors_and_the_same_again(
    made: tuple[vectors.Vectors, vectors.Vectors],
) -> None:
    for one, again in zip(made, vectors.made_up(2_000, 20, 64, seed=3), strict=True):
        assert np.allclose(np.linalg.norm(one, axis=1), 1, atol=1e-5)
        assert (one == again).all()


@pytest.mark.parametrize("engine", ["_exact", "_ivf", "_hnsw"])
def test_each_engine_finds_the_best(
    engine: str, made: tuple[vectors.Vectors, vectors.Vectors]
) -> None:
    """Exact search all of them, the others nearly."""
    truth = vectors._truth(*made)
    for row in vectors.measured(getattr(vectors, engine), *made, truth):
        assert row.recall >= (1 if engine == "_exact" else 0.9), row.engine


def test_pgvector_finds_them_too(
    postgres: Server, made: tuple[vectors.Vectors, vectors.Vectors]
) -> None:
    address = postgres.database()
    with psycopg.connect(address) as db:
        there = db.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'").fetchone()
    if there is None:
        assert list(vectors._pgvector(made[0], address)) == []
        pytest.skip("this PostgreSQL has no pgvector")
    truth = vectors._truth(*made)
    rows = vectors.measured(lambda all_of: vectors._pgvector(all_of, address), *made, truth)
    assert [row.recall >= 0.9 for row in rows] == [True, True]
