"""An import that dies in the middle leaves nothing; the same file again brings all of it, once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, connections

from greenward.survey.models import Entry, ImportFile, Round
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.territories import COMMUNITY, SECOND

ROWS = 1_500
RUN = [str(Path(sys.executable).with_name("greenward")), "survey", "import"]
RUN += ["--round", "r2022", "--form", "compound"]


@pytest.fixture
def held(transactional_db: None) -> Round:
    return make.survey_round()


def workbook(folder: Path) -> Path:
    """Write compounds of two communities, as many as may stand in each."""
    path = folder / "小区.xlsx"
    half = ROWS // 2
    rows = [[code, f"{number}号院", number] for code in (COMMUNITY, SECOND) for number in range(1, half + 1)]
    path.write_bytes(make.workbook([("社区代码", "小区名称", "楼栋数"), *rows]))
    return path


def counts() -> tuple[int, int, int]:
    return (
        Entry.objects.count(),
        Place.objects.filter(level="compound").count(),
        ImportFile.objects.filter(state="confirmed").count(),
    )


def environment() -> dict[str, str]:
    settings = connection.settings_dict
    base = os.environ["DATABASE_URL"]
    head, _slash, query = base.partition("?")
    address = f"{head.rpartition('/')[0]}/{settings['NAME']}" + (f"?{query}" if query else "")
    return {**os.environ, "DATABASE_URL": address, "GREENWARD_TODAY": "2022-06-15"}


def held_up() -> None:
    """Make one entry wait at a gate that we hold shut, so that the import stands in the middle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF NEW.row = 700 THEN PERFORM pg_advisory_xact_lock_shared(20220615); END IF;"
            " RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER gate BEFORE INSERT ON survey_entry FOR EACH ROW EXECUTE FUNCTION wait_at_gate()"
        )
        cursor.execute("SELECT pg_advisory_lock(20220615)")


def let_through() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(20220615)")
        cursor.execute("DROP TRIGGER gate ON survey_entry")
        cursor.execute("DROP FUNCTION wait_at_gate()")


def wait_until_it_stands(process: subprocess.Popen[bytes]) -> None:
    for _turn in range(600):
        assert process.poll() is None, process.communicate()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    pytest.fail("the import never came to the gate")


def test_killed_in_the_middle_it_leaves_nothing_and_then_comes_once(held: Round, tmp_path: Path) -> None:
    path = workbook(tmp_path)
    held_up()
    try:
        with subprocess.Popen(
            [*RUN, str(path)], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            wait_until_it_stands(process)
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert process.returncode == -signal.SIGKILL
    finally:
        let_through()
    wait_for_the_server()
    assert counts() == (0, 0, 0)
    for _turn in range(2):
        done = subprocess.run([*RUN, str(path)], env=environment(), capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert counts() == (ROWS, ROWS, 2)
    assert Entry.objects.values("place").distinct().count() == ROWS


def wait_for_the_server() -> None:
    """Wait until the server has noticed that nobody is there any more, and rolled back."""
    for _turn in range(300):
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND xact_start IS NOT NULL"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    pytest.fail("the killed import's transaction did not end")
