"""Which community a row means: by code, by names in any length, and never by guessing."""

from typing import Any

import polars as pl
import pytest

from greenward.survey.workbooks import communities
from greenward.survey.workbooks.communities import Candidate
from tests.factories.survey import TODAY
from tests.factories.territories import (
    COMMUNITY,
    OTHER_COMMUNITY,
    SECOND,
    STREET,
    TOWN_COMMUNITY,
    appoint,
    person,
    place_tree,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tree() -> None:
    place_tree()


def found(*, by: Any = None, **said: str) -> tuple[str | None, str | None, list[str]]:
    """Return the code that a row means, the problem, and the codes to choose from."""
    within = communities.communities_within(by, TODAY)
    names = communities.named(within, TODAY)
    rows = pl.DataFrame(
        {"index": [0], **{name: [said.get(name)] for name in communities.ASKED}},
        schema_overrides=dict.fromkeys(communities.ASKED, pl.String()),
    )
    row = communities.located(rows, within, names).row(0, named=True)
    codes = dict(within.select("community_id", "code").iter_rows())
    return (
        codes.get(row["community_id"]),
        row["where_problem"],
        sorted(codes[n] for n in row["candidates"] or ()),
    )


@pytest.mark.parametrize(
    "code",
    [
        COMMUNITY,
        f" {COMMUNITY} ",
        "990101 001 001",
        f"'{COMMUNITY}",
        f"{COMMUNITY}.0",
        "９９０１０１００１００１",
    ],
)
def test_a_code_is_found_however_it_is_written(code: str) -> None:
    assert found(code=code) == (COMMUNITY, None, [])


@pytest.mark.parametrize(
    "name",
    [
        "二里",
        "二里社区",
        "二里社区居委会",
        " 二 里 社区 ",
        "东街街道二里社区",
        "东街二里",
        "甲区东街二里社区",
    ],
)
def test_a_name_that_one_community_bears_is_enough(name: str) -> None:
    assert found(community=name) == (SECOND, None, [])


def test_a_name_of_two_is_asked_with_both() -> None:
    both = [COMMUNITY, OTHER_COMMUNITY]
    assert found(community="一里") == (None, "community_ambiguous", both)
    assert found(community="一里", street="西街街道") == (OTHER_COMMUNITY, None, [])
    assert found(community="西街一里社区") == (OTHER_COMMUNITY, None, [])
    assert found(community="河畔", district="乙区") == (TOWN_COMMUNITY, None, [])
    assert found(community="河口镇河畔社区") == (TOWN_COMMUNITY, None, [])


def test_what_contradicts_itself_is_asked_with_what_it_may_be() -> None:
    assert found(code=COMMUNITY, community="二里") == (None, "code_and_name_differ", [COMMUNITY, SECOND])
    assert found(code=COMMUNITY, community="一里") == (COMMUNITY, None, [])
    assert found(community="二里", street="西街") == (None, "community_not_found", [])


@pytest.mark.parametrize("code", ["9.90101E+11", "9.90101001e11"])
def test_a_code_that_excel_rounded_is_named_so(code: str) -> None:
    assert found(code=code) == (None, "code_rounded", [])
    assert found(code=code, community="二里") == (None, "code_rounded", [SECOND])


def test_nobody_is_offered_beyond_the_reach() -> None:
    clerk = person("clerk")
    appoint(clerk, "street_clerk", STREET)
    assert found(by=clerk, community="一里") == (COMMUNITY, None, [])
    assert found(by=clerk, code=OTHER_COMMUNITY) == (None, "community_not_found", [])
    assert found(by=person("stranger"), community="一里") == (None, "community_not_found", [])


def test_candidates_say_what_a_person_needs_to_choose() -> None:
    within = communities.communities_within(None, TODAY)
    ids = within.filter(pl.col("code").is_in([COMMUNITY, OTHER_COMMUNITY]))["community_id"].to_list()
    assert communities.candidates(within, ids) == (
        Candidate(COMMUNITY, "一里社区居委会", "东街街道", "甲区"),
        Candidate(OTHER_COMMUNITY, "一里社区居委会", "西街街道", "甲区"),
    )
