"""What is no plain workbook is refused with the way out, within seconds and bounded memory."""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.factories.hostile import HOSTILE

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 10
"""The most that any of them may take; on an idle machine none takes three."""
ADDRESSES = 4 * 1024**3
"""Bytes of address space that the process may have at all."""
MEGABYTES = 1200
"""What it may really use, with everything that was built and read one after the other.

Some 630 where it is alone, 930 were seen on a busy machine, where freed memory goes back later; a bomb
unpacked would take thousands.
"""


def open_all() -> None:
    """Open every hostile file, and print what became of it (in a process with a limit on its memory)."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    from greenward.survey.workbooks.opening import FROM_BROWSER, WorkbookError, open_workbook

    for name, one in HOSTILE.items():
        content = one.content()
        start = time.perf_counter()
        reason, hint, rows = None, "", 0
        try:
            rows = sum(
                sheet.cells.height for sheet in open_workbook(one.file_name, content, FROM_BROWSER).sheets
            )
        except WorkbookError as error:
            reason, hint = error.data["reason"], error.hint
        took = time.perf_counter() - start
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        said = {
            "name": name,
            "reason": reason,
            "hint": hint,
            "rows": rows,
            "seconds": took,
            "megabytes": used,
        }
        print(json.dumps(said))  # noqa: T201 - read by the test


@pytest.fixture(scope="module")
def outcomes() -> dict[str, dict[str, Any]]:
    own = "tests.survey.workbooks.test_hostile"
    command = f"import django; django.setup(); from {own} import open_all; open_all()"
    done = subprocess.run(
        [sys.executable, "-c", command],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
        env={"DJANGO_SETTINGS_MODULE": "greenward.config.settings", "PYTHONPATH": f"{ROOT}/src:{ROOT}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_for_its_reason_and_in_time(name: str, outcomes: dict[str, dict[str, Any]]) -> None:
    one = outcomes[name]
    assert one["reason"] == HOSTILE[name].reason
    assert bool(one["hint"]) == (HOSTILE[name].reason is not None)
    assert one["seconds"] < SECONDS


def test_memory_stays_bounded(outcomes: dict[str, dict[str, Any]]) -> None:
    assert max(one["megabytes"] for one in outcomes.values()) < MEGABYTES


@pytest.mark.parametrize("name", ["a million blank rows", "a million formatted cells"])
def test_blank_rows_are_no_rows(name: str, outcomes: dict[str, dict[str, Any]]) -> None:
    assert outcomes[name]["rows"] == 2
