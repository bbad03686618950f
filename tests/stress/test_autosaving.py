"""A few assessors who write at the same time: a small edition of `benchmarks.autosaving`, without its times."""

from benchmarks.autosaving import run
from tests.conftest import Databases


def test_nothing_that_assessors_write_at_the_same_time_is_lost(databases: Databases, backend: str) -> None:
    found = run(databases.empty(backend), assessors=8, seconds=5)
    assert (found["lost_texts"], found["failed"], found["refused"]) == (0, 0, 0)
    assert found["saved"] >= 8
    assert found["bytes"] <= 1024
