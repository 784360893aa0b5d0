"""The one writer: whole or as it was, whatever happens, and nothing left beside it."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import evidence as ev
from evidence.files import alone, csv, put_folder, write, write_folder

Killed = Callable[[Callable[[], object], int], bool]

OLD = {"a": b"old a", "b": b"old b", "gone": b"old"}
NEW = {"a": b"new a", "b": b"old b", "c": b"new c"}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "raw"
    write_folder(place, OLD)
    (place / "print").mkdir()
    (place / "print" / "deep").write_bytes(b"deep")
    return place


def test_a_folder_killed_at_any_moment_is_old_or_new_and_the_next_run_leaves_nothing_beside_it(
    folder: Path, killed: Killed
) -> None:
    states = [{**OLD, "print/deep": b"deep"}, {**NEW, "print/deep": b"deep"}]
    kills = 0
    while killed(lambda: write_folder(folder, NEW), kills):
        kills += 1
        assert contents(folder) in states
        write_folder(folder, NEW)
        assert contents(folder) == states[1] and [path.name for path in folder.parent.iterdir()] == ["raw"]
        write_folder(folder, OLD)
    assert kills > 8 and contents(folder) == states[1]


def test_a_file_killed_at_any_moment_is_old_or_new(tmp_path: Path, killed: Killed) -> None:
    path, kills = write(tmp_path / "x.csv", b"old"), 0
    while killed(lambda: write(path, b"new"), kills):
        kills += 1
        assert path.read_bytes() in (b"old", b"new")
        write(path, b"old")
        assert list(tmp_path.iterdir()) == [path]
    assert kills > 2 and path.read_bytes() == b"new"


def test_a_site_killed_at_any_moment_is_there(tmp_path: Path, killed: Killed) -> None:
    site, new, kills = tmp_path / "site", tmp_path / "new", 0
    write_folder(site, OLD)
    write_folder(new, NEW)
    while killed(lambda: put_folder(new, site), kills):
        kills += 1
        assert contents(site) in (OLD, NEW)
        write_folder(site, OLD)
        write_folder(new, NEW)
    assert kills and contents(site) == NEW and not new.exists()


def test_where_folders_cannot_be_exchanged_files_are_put_one_by_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evidence.files._exchanged", lambda *_: False)
    write_folder(folder, NEW)
    assert contents(folder) == {**NEW, "print/deep": b"deep"} and len(list(folder.parent.iterdir())) == 1


def test_a_full_disk_is_said_and_leaves_everything_as_it_was(folder: Path) -> None:
    script = (
        "import resource, sys; from pathlib import Path; from evidence.files import write, write_folder\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: write(Path(sys.argv[1]) / 'a', b'x' * 5000)\n"
        "except Exception as error: print(error)\n"
        "write_folder(Path(sys.argv[1]), {'a': b'x' * 5000})"
    )
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1000
    before = contents(folder)
    done = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=False)
    assert done.stdout.startswith(f"{folder / 'a'} was not written, and is as it was: File too large")
    assert f"evidence.errors.NotWritten: {folder} was not written, and is as it was: File too large" in done.stderr
    assert contents(folder) == before and [path.name for path in folder.parent.iterdir()] == ["raw"]


def test_no_cell_of_a_csv_is_a_formula() -> None:
    frame = pd.DataFrame(
        {"word": ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "\t=1"], "x": -1.5}
    )
    assert [row.split(",")[0] for row in csv(frame).decode().splitlines()[1:]] == [f"'{cell}" for cell in frame["word"]]
    plain = pd.DataFrame({"word": ["=", "-17.11 to -3.40", "a = b", "-", "+0.5"], "x": -1.5})
    assert csv(plain) == plain.to_csv(index=False).encode()


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_folder(tmp_path / "link", NEW)
    write(tmp_path / "link" / "d", b"d")
    assert (tmp_path / "link").is_symlink() and contents(tmp_path / "real") == {**NEW, "d": b"d"}


def test_writers_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    errors: list[Exception] = []

    def again_and_again(content: bytes) -> None:
        try:
            for _ in range(50):
                write(tmp_path / "same", content)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=again_and_again, args=(letter * 1000,)) for letter in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors and set((tmp_path / "same").read_bytes()) in ({97}, {98}, {99})
    assert [path.name for path in tmp_path.iterdir()] == ["same"]


def test_a_second_process_waits_and_says_so(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from evidence.files import alone\n"
        "with alone(Path(sys.argv[1]), print): print('in', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    said: list[str] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout and other.stdin and other.stdout.readline() == "in\n"

        def say(words: str) -> None:
            said.append(words)
            if words:
                other.stdin.close()  # type: ignore[union-attr]

        with alone(tmp_path, say):
            assert other.wait(10) == 0
    assert said == ["waiting for another evidence command in this folder", ""]


def test_a_place_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for act in (lambda at: write(at / "x", b""), lambda at: write_folder(at / "x", {"a": b""})):
        with pytest.raises(ev.NotWritten, match="x was not written, and is as it was: "):
            act(tmp_path / "file")
