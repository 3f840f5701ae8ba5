"""The answer cache keeps what it acknowledged, through kills and side by side."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from geomap.geocode.cache import AnswerCache

WRITER = """
import sys
from pathlib import Path
from geomap.geocode.cache import AnswerCache
cache = AnswerCache(Path(sys.argv[1]))
number = int(sys.argv[2])
while True:
    cache.put("amap", f"合肥{number}", f'{{"n": {number}}}')
    print(number, flush=True)
    number += 1
"""


def test_an_answer_comes_back_per_provider_and_query(tmp_path):
    with AnswerCache(tmp_path / "a.sqlite") as cache:
        assert cache.get("amap", "合肥") is None
        cache.put("amap", "合肥", "1")
        cache.put("baidu", "合肥", "2")
        cache.put("amap", "合肥", "3")
        assert cache.get("amap", "合肥") == "3"
        assert cache.get("baidu", "合肥") == "2"
        assert cache.count() == 2


def test_an_answer_ages(tmp_path):
    now = [1_000_000.0]
    cache = AnswerCache(tmp_path / "a.sqlite", now=lambda: now[0])
    cache.put("amap", "合肥", "1")
    now[0] += 31 * 86_400
    assert cache.get("amap", "合肥", keep_days=30) is None
    assert cache.get("amap", "合肥") == "1"
    cache.close()


def test_the_file_is_in_wal_mode_and_writes_wait_for_the_disk(tmp_path):
    cache = AnswerCache(tmp_path / "a.sqlite")
    connection = cache._connection()
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    cache.close()


@pytest.mark.parametrize("round_", range(3))
def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path, round_):
    path = tmp_path / "a.sqlite"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    for _ in range(20 + 17 * round_):
        last = int(writer.stdout.readline())
    time.sleep(0.003 * round_)
    os.kill(writer.pid, signal.SIGKILL)
    rest = [int(line) for line in writer.stdout.read().split()]
    writer.wait()
    writer.stdout.close()
    last = max([last, *rest])
    with AnswerCache(path) as cache:
        kept = [cache.get("amap", f"合肥{n}") for n in range(last + 1)]
        assert kept == [f'{{"n": {n}}}' for n in range(last + 1)]
        assert cache.count() in (last + 1, last + 2)
        assert cache._connection().execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_cache_without_commits_would_lose_answers(tmp_path):
    """The twin: the same kill against writes in one open transaction leaves nothing."""
    path = tmp_path / "a.sqlite"
    AnswerCache(path).close()
    code = WRITER.replace("number = int", "cache._connection().execute('BEGIN')\nnumber = int")
    writer = subprocess.Popen(
        [sys.executable, "-c", code, str(path), "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    for _ in range(20):
        writer.stdout.readline()
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate()
    with AnswerCache(path) as cache:
        assert cache.count() == 0


def _fill(path, worker):
    with AnswerCache(path) as cache:
        for number in range(40):
            cache.put("amap", f"{worker}-{number}", str(number))


def test_several_processes_share_one_file(tmp_path):
    context = multiprocessing.get_context("spawn")
    path = tmp_path / "a.sqlite"
    workers = [context.Process(target=_fill, args=(path, n)) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    with AnswerCache(path) as cache:
        assert cache.count() == 120


def test_a_fork_opens_its_own_connection(tmp_path):
    cache = AnswerCache(tmp_path / "a.sqlite")
    cache.put("amap", "before", "1")
    mine = cache._connection()
    cache._local.pid = -1  # as a child of a fork would find it
    assert cache._connection() is not mine
    assert cache.get("amap", "before") == "1"
    mine.close()
    cache.close()


def test_a_file_that_is_no_database_is_set_aside(tmp_path, caplog):
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"this is not a database, not at all" * 100)
    with AnswerCache(path) as cache:
        cache.put("amap", "合肥", "1")
        assert cache.get("amap", "合肥") == "1"
    assert (tmp_path / "a.sqlite.broken").read_bytes().startswith(b"this is not")
    assert "no database" in caplog.text


def test_a_pickle_in_the_cache_is_only_text(tmp_path):
    """What somebody else wrote into the file is text to check, never an object to load."""
    from geomap.geocode.providers import Answer

    evil = "cos\nsystem\n(S'touch pwned'\ntR."
    assert Answer.from_json(evil) is None
    assert Answer.from_json('{"provider": "amap"}') is None
    good = Answer("amap", "合肥", "合肥市", 31.8, 117.2, "site", 0.5)
    assert Answer.from_json(good.to_json()) == good
    assert Answer.from_json(good.to_json().replace("31.8", '"31.8"')) is None
    assert Answer.from_json(good.to_json().replace("31.8", "931.8")) is None


def test_a_read_only_place_raises_sqlites_own_error(tmp_path):
    folder = tmp_path / "a.sqlite"
    folder.mkdir()
    with pytest.raises(sqlite3.Error):
        AnswerCache(folder).get("amap", "合肥")
