"""What counts as suspicious, on frames alone."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from greenward.packs.schema.forms import Check, Form
from greenward.survey.quality import detect
from greenward.survey.quality.scores import FEWEST, robust_score
from greenward.survey.states import Suspect

DAY = date(2022, 6, 15)


def form_of(*fields: Mapping[str, object]) -> Form:
    both = {"zh": "项目", "en": "item"}
    whole = tuple({"label": both, "type": "count", **field} for field in fields)
    section = {"id": "all", "title": both, "fields": whole}
    return Form.model_validate({"id": "f", "title": both, "level": "community", "sections": (section,)})


def frame(**columns: list[object]) -> pl.DataFrame:
    height = len(next(iter(columns.values())))
    places = {"place_id": range(1, height + 1), "community_id": range(1, height + 1)}
    return pl.DataFrame({**places, "peers": ["甲"] * height, **columns})


def told(found: pl.DataFrame) -> list[tuple[int, str]]:
    return list(found.select("place_id", "code").iter_rows())


PEERS = [100 + n % 7 for n in range(FEWEST)]


def test_a_value_ten_times_its_peers_is_an_outlier() -> None:
    form = form_of({"id": "lamps", "usual_change": Decimal("0.5")})
    found = detect.outliers(frame(lamps=[*PEERS, 1030]), form)
    assert told(found) == [(FEWEST + 1, "outlier:lamps")]
    assert found.row(0, named=True)["against"] == "103.0"


def test_sizes_are_compared_per_what_the_field_names() -> None:
    form = form_of({"id": "households"}, {"id": "lamps", "compare_by": "households"})
    households = [n * 50 for n in range(1, FEWEST + 2)]
    lamps = [h // 10 for h in households]
    lamps[4] = households[4]
    assert told(detect.outliers(frame(households=households, lamps=lamps), form)) == [(5, "outlier:lamps")]


@pytest.mark.parametrize(
    "values",
    [
        [*PEERS[: FEWEST - 2], 100_000],
        [5] * (FEWEST + 5),
        [*PEERS, 0],
        [*PEERS, None],
    ],
    ids=["too few peers", "all the same", "zero is no size", "unknown"],
)
def test_no_outlier(values: list[int | None]) -> None:
    form = form_of({"id": "lamps", "usual_change": Decimal("0.5")})
    assert told(detect.outliers(frame(lamps=list(values)), form)) == []


def test_one_odd_value_among_equals_is_still_found() -> None:
    form = form_of({"id": "lamps", "usual_change": Decimal("0.5")})
    values: list[object] = [*[5] * (FEWEST + 5), 500]
    assert told(detect.outliers(frame(lamps=values), form)) == [(FEWEST + 6, "outlier:lamps")]


def test_scores_compare_within_the_group_only() -> None:
    rows = pl.DataFrame({"group": ["a"] * FEWEST + ["b"], "size": [*PEERS, 1]})
    scores = rows.select(robust_score(pl.col("size"), "group"))["size"]
    assert scores[-1] is None
    assert scores.null_count() == 1


@pytest.mark.parametrize(
    "before, now, jumps",
    [
        (100, 150, False),
        (100, 151, True),
        (100, 49, True),
        (0, 500, False),
        (None, 500, False),
        (100, None, False),
    ],
)
def test_a_jump_is_more_than_the_usual_change(before: int | None, now: int | None, jumps: bool) -> None:  # noqa: FBT001 - a case's outcome
    form = form_of({"id": "lamps", "usual_change": Decimal("0.5")})
    schema = {"lamps": pl.Int64()}
    then = frame(lamps=[before]).cast(schema)  # type: ignore[arg-type]  # polars' schema of instances
    found = detect.jumps(frame(lamps=[now]).cast(schema), then, form)  # type: ignore[arg-type]  # the same
    assert told(found) == ([(1, "jump:lamps")] if jumps else [])


NUMBERS = [f"n{number}" for number in range(detect.FEWEST_COPIED)]


def rows_of(*rows: list[int | None]) -> pl.DataFrame:
    return frame(**{name: [row[at] for row in rows] for at, name in enumerate(NUMBERS)})


def test_rows_that_are_the_same_in_every_number_are_copies_of_each_other() -> None:
    form = form_of(*({"id": name} for name in NUMBERS))
    row = [1, 2, 3, 4, 5, 6, 7, 8]
    found = detect.copies(rows_of([*row], [*row], [*row[:-1], 9]), form)
    assert list(found.select("place_id", "by").iter_rows()) == [(1, "2"), (2, "1")]


@pytest.mark.parametrize("row", [[0] * 8, [1, 2, 3, 4, 5, 6, 7, None]], ids=["no variety", "too few"])
def test_what_chance_explains_is_no_copy(row: list[int | None]) -> None:
    form = form_of(*({"id": name} for name in NUMBERS))
    assert told(detect.copies(rows_of(row, row), form)) == []


def said(*rows: tuple[str, str, int]) -> pl.DataFrame:
    schema = {
        "place_id": pl.Int64(), "community_id": pl.Int64(), "field": pl.String(), "value": pl.String(),
        "source": pl.String(), "entry": pl.Int64(),
    }  # fmt: skip
    return pl.DataFrame([(1, 1, "lamps", *row) for row in rows], schema=schema, orient="row")


def test_sources_that_differ_disagree_and_the_newest_is_held() -> None:
    form = form_of({"id": "lamps"})
    found = detect.disagreements(said(("7", "", 1), ("9", "住建委", 2)), form.fields)
    assert found.select("code", "now", "against", "by").rows() == [("disagreement:lamps", "9", "7", "")]
    assert told(detect.disagreements(said(("7", "", 1), ("7.0", "住建委", 2)), form.fields)) == []
    assert told(detect.disagreements(said(("null", "", 1), ("7", "住建委", 2)), form.fields)) == []


def test_a_check_that_lacks_an_answer_is_not_broken() -> None:
    both = {"zh": "多于", "en": "more"}
    check = Check.model_validate({"id": "a-b", "rule": "a <= b", "message": both, "level": "warning"})
    found = detect.broken_checks(frame(a=[1, 3, 3], b=[2, 2, None]), [check], DAY, Suspect.CHECK)
    assert told(found) == [(2, "a-b")]
