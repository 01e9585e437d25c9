"""``greenward places``: the contract's shapes, and operations that move the figures."""

import json

import pytest
from click.testing import CliRunner, Result

from greenward.core.errors import NotFoundError
from greenward.core.models import AuditEntry
from greenward.territories.cli import places
from greenward.territories.models import Place
from tests.factories import territories as make

ON = ["--on", "2022-06-01", "--reason", "批复"]


@pytest.fixture
def tree(db: None) -> dict[str, Place]:
    return make.place_tree()


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(places, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def urban(day: str) -> int:
    return int(json.loads(run("summary", "--as-of", day, "--json").stdout)["urban_communities"])


def test_merge_changes_the_count_from_its_day(tree: dict[str, Place]) -> None:
    run("merge", make.SECOND, "--into", make.COMMUNITY, *ON)
    assert (urban("2022-05-31"), urban("2022-06-01")) == (4, 3)
    assert AuditEntry.objects.get().by is None


def test_merge_into_a_new_place_under_another_status(tree: dict[str, Place]) -> None:
    run("merge", make.VILLAGE, "--into", "990102100003=河口社区居委会", "--counts", *ON)
    assert (urban("2022-05-31"), urban("2022-06-01")) == (4, 5)


def test_every_operation_runs(tree: dict[str, Place]) -> None:
    run("create", "990101001003", "三里社区居委会", "--parent", make.STREET, *ON)
    run("rename", make.COMMUNITY, "新一里社区居委会", *ON)
    run("split", make.SECOND, "--into", "990101001004=东里社区居委会", "--keep", *ON)
    run("move", make.OTHER_STREET, "--to", make.OTHER_DISTRICT, *ON)
    run("status", make.VILLAGE, "--counts", *ON)
    run("close", make.TOWN_COMMUNITY, *ON)
    assert (urban("2022-05-31"), urban("2022-06-01")) == (4, 6)
    assert AuditEntry.objects.count() == 6


def test_split_shares_out_what_lies_below(tree: dict[str, Place]) -> None:
    new = ["--into", "990101003000=南街街道", "--into", "990101004000=北街街道"]
    below = ["--below", f"{make.COMMUNITY}=990101003000", "--below", f"{make.SECOND}=990101004000"]
    run("split", make.STREET, *new, *below, *ON)
    shown = json.loads(run("show", make.SECOND, "--as-of", "2022-06-01", "--json").stdout)
    assert shown["path"] == f"{make.CITY}/{make.DISTRICT}/990101004000/{make.SECOND}/"
    assert [event["kind"] for event in shown["history"]] == ["split", "import"]


def test_show_says_when_a_place_is_none(tree: dict[str, Place]) -> None:
    run("close", make.SECOND, *ON)
    shown = json.loads(run("show", make.SECOND, "--as-of", "2022-09-15", "--json").stdout)
    assert shown["exists"] is False
    assert shown["history"][0]["on"] == "2022-06-01"


def test_unknown_code_is_refused(tree: dict[str, Place]) -> None:
    with pytest.raises(NotFoundError):
        run("show", "1")


def test_new_place_must_be_code_and_name(tree: dict[str, Place]) -> None:
    result = run("split", make.SECOND, "--into", "nothing", "--keep", *ON)
    assert result.exit_code == 2
    assert AuditEntry.objects.count() == 0
