"""Rows about communities whose survey is on its way up: only fields that were sent back may change."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from greenward.packs.schema.forms import Field
from greenward.survey.models import Case, Entry, ReturnedField, Round
from greenward.survey.states import LIST_OF_UNITS, UNDER_REVIEW, CaseState, Outcome
from greenward.survey.workbooks.problems import Problem, Problems, sentence

KIND = "community_submitted"


@dataclass(frozen=True)
class Cases:
    """The round's cases that keep values from being written: closed ones, and what returned ones open.

    ``opened``: place → fields that were sent back; ``listed``: community → when its list of units was.
    ``seen`` tells two states of affairs apart.
    """

    closed: Collection[int]
    returned: Collection[int]
    opened: Mapping[int, set[str]]
    listed: Mapping[int, datetime]
    seen: frozenset[tuple[int, str, datetime]]


def cases_of(survey_round: Round) -> Cases:
    """Return the round's cases that are no longer just being filled in. Two queries."""
    cases = list(Case.objects.filter(round=survey_round).exclude(state=CaseState.FILLING))
    moved = {case.pk: case for case in cases if case.state == CaseState.RETURNED}
    opened: dict[int, set[str]] = {}
    listed: dict[int, datetime] = {}
    for one in ReturnedField.objects.filter(case__in=moved).order_by("-at") if moved else ():
        case = moved[one.case_id]
        if one.at < case.moved_at:
            continue
        opened.setdefault(one.place_id, set()).add(one.field)
        if one.field == LIST_OF_UNITS:
            listed[case.place_id] = one.at
    return Cases(
        {case.place_id for case in cases if case.state in UNDER_REVIEW},
        {case.place_id for case in moved.values()},
        opened,
        listed,
        frozenset((case.place_id, case.state, case.moved_at) for case in cases),
    )


def closed_rows(rows: pl.DataFrame, fields: Sequence[Field], cases: Cases, problems: Problems) -> list[int]:
    """Return the ``index`` of rows that would change what was submitted, and tell them to ``problems``."""
    held = [*cases.closed, *cases.returned]
    if not held:
        return []
    written = rows.filter(
        pl.col("outcome").is_in([Outcome.NEW.value, Outcome.CHANGED.value])
        & pl.col("community_id").is_in(held)
    )
    names, old = [field.id for field in fields], _entered_before(written, cases)
    wrong = [row for row in written.iter_rows(named=True) if not _may(row, names, cases, old)]
    problems.add(KIND, len(wrong), _problems(wrong))
    return [row["index"] for row in wrong]


def _may(row: Mapping[str, object], names: Sequence[str], cases: Cases, old: Collection[int]) -> bool:
    community, place = row["community_id"], row["place_id"]
    if community in cases.closed:
        return False
    if community in cases.listed and (place is None or (place != community and place not in old)):
        return True
    opened = cases.opened.get(place, set()) if isinstance(place, int) else set()
    return all(row[f"+{name}"] is None or name in opened for name in names)


def _entered_before(rows: pl.DataFrame, cases: Cases) -> set[int]:
    """Return the units of returned communities that had entries before their list was sent back."""
    if not cases.listed:
        return set()
    places = rows.filter(pl.col("community_id").is_in(list(cases.listed)))
    community = dict(places.select("place_id", "community_id").drop_nulls().iter_rows())
    first = Entry.objects.filter(place__in=community).order_by("place", "id").distinct("place")
    return {place for place, at in first.values_list("place_id", "at") if at < cases.listed[community[place]]}


def _problems(rows: Sequence[Mapping[str, object]]) -> Iterator[Problem]:
    for row in rows:
        shown = " ".join(str(row[name]) for name in ("name", "unit") if row[name])
        yield Problem(str(row["sheet"]), int(str(row["row"])), "", shown, KIND, sentence(KIND))
