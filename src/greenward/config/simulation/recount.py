"""What must hold afterwards: the audit chain, the tables' states and moves, figures counted anew in SQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from greenward.assessment import actions as assessment
from greenward.assessment.queries.attainment import attainment
from greenward.certification.models import Application, ApplicationMove, Recheck, RecheckMove
from greenward.certification.queries.titles import holders_on
from greenward.certification.states import (
    MOVES,
    RECHECK_MOVES,
    ApplicationState,
    ObjectionState,
    RecheckState,
)
from greenward.config.simulation.clock import at_ten
from greenward.core import audit
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import urban_communities

COUNT = """
SELECT count(*),
       count(*) FILTER (WHERE taking.place_id IS NOT NULL),
       count(*) FILTER (WHERE found.verdict = 'met'),
       count(*) FILTER (WHERE taking.place_id IS NOT NULL AND found.verdict = 'met'),
       count(*) FILTER (WHERE EXISTS (
           SELECT 1 FROM certification_titleholding holding
           JOIN certification_title title ON title.id = holding.title_id
           WHERE holding.place_id = version.place_id AND holding.during @> %(day)s::date
                 AND title.programme_id = %(programme)s))
FROM territories_placeversion version
JOIN territories_place place ON place.id = version.place_id AND place.level = 'community'
JOIN territories_urbanstatus status ON status.place_id = version.place_id
     AND status.counts_as_urban_community AND status.during @> %(boundaries)s::date
LEFT JOIN certification_participation taking ON taking.place_id = version.place_id
     AND taking.programme_id = %(programme)s AND taking.during @> %(day)s::date
LEFT JOIN assessment_result found ON found.place_id = version.place_id AND found.run_id = %(run)s
WHERE version.during @> %(boundaries)s::date AND starts_with(version.path, %(path)s)
"""
"""The district's figures without a line of the product's own counting, in the order of ``Figures``."""
STATES = """
SELECT 'application', state FROM certification_application
UNION SELECT 'objection', state FROM certification_objection
UNION SELECT 'recheck', state FROM certification_recheck
"""
RECOGNISED = """
SELECT (SELECT count(*) FROM certification_applicationmove WHERE verb = 'recognise'),
       (SELECT count(*) FROM certification_application WHERE state = 'recognised'),
       (SELECT count(*) FROM certification_title)
"""
KNOWN = {
    "application": set(ApplicationState.values),
    "objection": set(ObjectionState.values),
    "recheck": set(RecheckState.values),
}


@dataclass(frozen=True)
class Figures:
    """Communities of the district: all, taking part, meeting, both of these, holding a title."""

    communities: int
    participating: int
    meeting: int
    both: int
    recognised: int


@dataclass(frozen=True)
class Findings:
    """What was found: the chain's breaks, what no table knows, and the figures by both ways of counting."""

    breaks: list[str]
    strange: list[str]
    told: Figures
    counted: Figures

    @property
    def is_sound(self) -> bool:
        """True where nothing is wrong."""
        return not self.breaks and not self.strange and self.told == self.counted


def look_back(programme: Programme, district: PlaceVersion, on: date) -> Findings:
    """Assess the day, and hold everything against its tables and a second count."""
    run = assessment.assess(programme=programme, as_of=on, by=None, at=at_ten(on))
    row = next(one for one in attainment(on, under=district.path) if one.path == district.path)
    boundaries = row.frozen_on or on
    own = urban_communities(boundaries, under=district.path).values_list("place_id", flat=True)
    recognised = len(holders_on(programme, on).intersection(own))
    told = Figures(row.denominator, row.participating, row.meeting, row.both, recognised)
    parameters: dict[str, str | int | date] = {
        "boundaries": boundaries,
        "programme": programme.pk,
        "day": on,
        "run": run.pk,
        "path": district.path,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, parameters)
        counted = Figures(*cursor.fetchone())
    return Findings(
        [f"{one.number} {one.code}" for one in audit.verify()],
        [*_states(), *_moves(), *_recheck_moves(), *_titles()],
        told,
        counted,
    )


def _states() -> Iterator[str]:
    """Yield states that stand in the database and in no table."""
    with connection.cursor() as cursor:
        cursor.execute(STATES)
        for kind, state in cursor.fetchall():
            if state not in KNOWN[kind]:
                yield f"{kind}: {state}"


def _moves() -> Iterator[str]:
    """Yield moves that the table does not allow: every application's way is walked again from its draft."""
    state: dict[int, ApplicationState] = {}
    for move in ApplicationMove.objects.order_by("id").iterator(chunk_size=2000):
        before = state.get(move.application_id, ApplicationState.DRAFT)
        rule = MOVES.get(move.verb)
        if rule is None or before not in rule.begins or move.state != rule.ends:
            yield f"application {move.application_id}: {before} → {move.verb} → {move.state}"
        state[move.application_id] = ApplicationState(move.state)
    for pk, kept in Application.objects.values_list("pk", "state"):
        if kept != state.get(pk, ApplicationState.DRAFT):
            yield f"application {pk}: {kept} is not where its moves lead"


def _recheck_moves() -> Iterator[str]:
    """Yield the same of rechecks."""
    state: dict[int, str] = {}
    for move in RecheckMove.objects.order_by("id").iterator(chunk_size=2000):
        before = state.get(move.recheck_id, RecheckState.PLANNED.value)
        rule = RECHECK_MOVES.get(move.verb)
        if rule is None or before not in rule.begins or move.state != rule.ends:
            yield f"recheck {move.recheck_id}: {before} → {move.verb} → {move.state}"
        state[move.recheck_id] = move.state
    for pk, kept in Recheck.objects.values_list("pk", "state"):
        if kept != state.get(pk, RecheckState.PLANNED):
            yield f"recheck {pk}: {kept} is not where its moves lead"


def _titles() -> Iterator[str]:
    """Yield a difference between what was recognised, what stands so, and the titles given."""
    with connection.cursor() as cursor:
        cursor.execute(RECOGNISED)
        moves, states, titles = cursor.fetchone()
    if not moves == states == titles:
        yield f"recognised: {moves} moves, {states} applications, {titles} titles"
