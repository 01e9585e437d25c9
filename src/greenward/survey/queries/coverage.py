"""Coverage of a round (已摸底/应摸底): which urban communities have answered, and which are missing.

Due: the urban communities (clause 1.1) on the round's reference date. A community is done when it has
answered in this round, every required field of its form is known, and at least one of its compounds has
all its required fields; started when anything was entered in this round.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.db.models import Max

from greenward.accounts.models import User
from greenward.core import clock
from greenward.packs.schema.forms import Form
from greenward.survey.models import Entry, Round
from greenward.survey.queries.rounds import forms_of
from greenward.survey.queries.values import end_of
from greenward.survey.states import Progress
from greenward.territories.access import reach_of
from greenward.territories.models import Level, PlaceEvent, PlaceVersion
from greenward.territories.queries import places_for, urban_communities, versions_on

BELOW = {Level.CITY: Level.DISTRICT, Level.DISTRICT: Level.SUBDISTRICT, Level.SUBDISTRICT: Level.COMMUNITY}

STATES = """
    WITH community AS (
        SELECT place_id, bool_or(round_id = %(round)s) AS here,
               jsonb_strip_nulls(jsonb_merge(values ORDER BY id)) AS kept
        FROM survey_entry WHERE level = 'community' AND at < %(until)s GROUP BY place_id
    ), compound AS (
        SELECT v.parent_id, e.place_id, bool_or(round_id = %(round)s) AS here,
               jsonb_strip_nulls(jsonb_merge(values ORDER BY e.id)) ?& %(compound_fields)s AS whole
        FROM survey_entry e
        JOIN territories_placeversion v ON v.place_id = e.place_id AND v.during @> %(on)s::date
        WHERE e.level = 'compound' AND at < %(until)s GROUP BY v.parent_id, e.place_id
    ), compounds AS (
        SELECT parent_id, bool_or(here) AS here, bool_or(whole) AS whole FROM compound GROUP BY parent_id
    )
    SELECT coalesce(c.place_id, p.parent_id),
           coalesce(c.here, false) AND c.kept ?& %(community_fields)s AND coalesce(p.whole, %(no_compounds)s),
           coalesce(c.here, false) OR coalesce(p.here, false)
    FROM community c FULL JOIN compounds p ON p.parent_id = c.place_id
"""


@dataclass(frozen=True)
class CommunityProgress:
    """One community that is due, and how far it is."""

    place: PlaceVersion
    progress: Progress


@dataclass(frozen=True)
class Coverage:
    """A rate: communities ``done`` of those ``due`` at a place, as of a day. ``started`` are not done."""

    place: PlaceVersion
    due: int
    done: int
    started: int

    @property
    def missing(self) -> int:
        """Communities that are not done: started or not."""
        return self.due - self.done


def coverage_of(survey_round: Round, place: PlaceVersion, as_of: date | None = None) -> Coverage:
    """Return the coverage at ``place`` as of ``as_of`` (today if None). For calculations."""
    return _count(place, communities_below(survey_round, place.path, as_of))


def coverage_for(
    user: User | AnonymousUser, survey_round: Round, as_of: date | None = None
) -> list[Coverage]:
    """Return the coverage at the places where the person's reach begins; empty for strangers."""
    homes = reach_of(user).paths()
    here = places_for(user, on=survey_round.reference_on).filter(path__in=homes).order_by("path")
    return [coverage_of(survey_round, place, as_of) for place in here]


def coverage_below(survey_round: Round, place: PlaceVersion, as_of: date | None = None) -> list[Coverage]:
    """Return the coverage of each district, subdistrict or community right below ``place``."""
    level = BELOW.get(Level(place.place.level))
    if level is None:
        return []
    children = versions_on(survey_round.reference_on).filter(parent=place.place_id, place__level=level)
    communities = communities_below(survey_round, place.path, as_of)
    by_child: dict[str, list[CommunityProgress]] = defaultdict(list)
    depth = place.path.count("/")
    for community in communities:
        by_child[community.place.path.split("/")[depth]].append(community)
    return [
        _count(child, by_child[child.place.code])
        for child in children.order_by("path")
        if level != Level.COMMUNITY or child.place.code in by_child
    ]


def communities_below(survey_round: Round, path: str, as_of: date | None = None) -> list[CommunityProgress]:
    """Return every community due below ``path`` with its progress, by path. Two queries at most."""
    states = _states(survey_round, as_of or clock.today())
    due = urban_communities(survey_round.reference_on, under=path).order_by("path")
    return [CommunityProgress(place, states.get(place.place_id, Progress.NONE)) for place in due]


def _count(place: PlaceVersion, communities: Iterable[CommunityProgress]) -> Coverage:
    progress = [community.progress for community in communities]
    return Coverage(place, len(progress), progress.count(Progress.DONE), progress.count(Progress.STARTED))


def _states(survey_round: Round, as_of: date) -> Mapping[int, Progress]:
    """Return the progress of every community that entered anything, by id; kept until something changes."""
    newest = Entry.objects.aggregate(last=Max("id"))["last"]
    event = PlaceEvent.objects.aggregate(last=Max("id"))["last"]
    key = f"survey.coverage:{survey_round.pk}:{as_of}:{newest}:{event}"
    found: Mapping[int, Progress] | None = cache.get(key)
    if found is None:
        found = _computed(survey_round, as_of)
        cache.set(key, found)
    return found


def _computed(survey_round: Round, as_of: date) -> dict[int, Progress]:
    forms = forms_of(survey_round).values()
    community = [form for form in forms if form.level == "community"]
    compound = [form for form in forms if form.level == "compound"]
    parameters: dict[str, Any] = {
        "round": survey_round.pk,
        "until": end_of(as_of),
        "on": as_of,
        "community_forms": [form.id for form in community],
        "compound_forms": [form.id for form in compound],
        "community_fields": _required(community),
        "compound_fields": _required(compound),
        "no_compounds": not compound,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATES, parameters)
        return {
            place: Progress.DONE if done else Progress.STARTED
            for place, done, started in cursor.fetchall()
            if started
        }


def _required(forms: Iterable[Form]) -> list[str]:
    return [field.id for form in forms for field in form.fields if field.required]
