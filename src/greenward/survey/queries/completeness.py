"""Whether a round is complete at a place: 全覆盖, 无遗漏, 底数清, each with what it rests on."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.survey.models import Completeness, Entry, Round
from greenward.survey.queries.coverage import counts_of
from greenward.survey.queries.coverage.counting import PROGRESS, STATES
from greenward.survey.queries.coverage.ground import COMMUNITY
from greenward.survey.states import CaseState, Progress, Way
from greenward.territories.models import UNIT_PARENT, PlaceVersion
from greenward.territories.queries import places_for, urban_communities, versions_on

STATE_OF = {number: CaseState(state) for state, number in STATES.items()}
PROGRESS_OF = {number: progress for progress, number in PROGRESS.items()}
REASONS = """
    SELECT count(DISTINCT (e.place_id, r.key)) FROM survey_entry e
    JOIN territories_placeversion v ON v.place_id = e.place_id AND v.during @> %(on)s::date
    CROSS JOIN LATERAL jsonb_each_text(e.reasons) r
    WHERE e.round_id = %(round)s AND e.reasons <> '{}' AND v.path ^@ %(path)s AND r.key NOT LIKE 'field:%%'
"""

Counter = Callable[[Round, PlaceVersion, date], int]
_concerns: dict[str, tuple[StrOrPromise, Counter]] = {}


@dataclass(frozen=True)
class Statement:
    """One of the three: whether it holds, and the count that it rests on out of the communities due."""

    slug: str
    name: str
    rests_on: str
    reached: int
    of: int
    holds: bool


@dataclass(frozen=True)
class Lacking:
    """A community that keeps the round from being complete: how far it is, and where its case stands."""

    code: str
    name: str
    progress: Progress
    state: CaseState
    lacking: int


@dataclass(frozen=True)
class Figures:
    """What a certificate rests on, as counts of a place as of a day.

    Communities: ``due`` on the reference date, of them ``recorded`` (something came in in this round),
    ``done`` (every required answer of the community and its units is valid) and by the state of their case.
    ``units`` by level. ``reasons``: warnings that stand with a reason. ``corrections`` of accepted values.
    ``concerns``: what other registers count as unsettled. ``newest``: the number of the newest entry seen.
    """

    place: str
    name: str
    round: str
    reference_on: str
    as_of: str
    due: int
    recorded: int
    done: int
    states: Mapping[str, int]
    units: Mapping[str, int]
    reasons: int
    corrections: int
    concerns: Mapping[str, int]
    newest: int

    @property
    def accepted(self) -> int:
        """Communities whose survey the district has accepted."""
        return self.states.get(CaseState.ACCEPTED.value, 0)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The three statements with what each rests on."""
        unsettled = sum(self.concerns.values())
        found = (
            ("covered", _("全覆盖"), _("基准日应摸底的社区，本轮都有填报记录。"), self.recorded, True),
            (
                "nothing_left",
                _("无遗漏"),
                _("每个社区及其小区、楼栋、设施的必填项都已填且在有效期内，有小区表的至少登记一个小区。"),
                self.done,
                True,
            ),
            (
                "clear",
                _("底数清"),
                _("每个社区都经街道核对、区核验，提交时每条提示都写明了理由，没有未了结的疑点。"),
                self.accepted,
                unsettled == 0,
            ),
        )
        return tuple(
            Statement(slug, name, text, reached, self.due, 0 < self.due == reached and else_holds)
            for slug, name, text, reached, else_holds in found
        )

    @property
    def is_complete(self) -> bool:
        """True where all three hold."""
        return all(one.holds for one in self.statements)

    def frozen(self) -> dict[str, Any]:
        """Return the figures as plain JSON, with the statements in words as they were said."""
        return {**asdict(self), "statements": [asdict(one) for one in self.statements]}


def register_concern(slug: str, label: StrOrPromise, count: Counter) -> None:
    """Add what keeps figures from being clear: ``count`` says how much of it is unsettled below a place."""
    _concerns[slug] = (label, count)


def concern_labels() -> dict[str, str]:
    """Return what each registered concern is called."""
    return {slug: str(label) for slug, (label, _count) in _concerns.items()}


def figures_of(survey_round: Round, place: PlaceVersion, day: date | None = None) -> Figures:
    """Return what the round's completeness at a place rests on; the caller has found the place."""
    on = day or clock.today()
    rows = counts_of(survey_round, on).under(place.path)
    states = dict(rows.group_by("case").len().iter_rows())
    below = versions_on(on).filter(path__startswith=place.path, place__level__in=UNIT_PARENT)
    units = below.order_by().values_list("place__level").annotate(number=Count("pk"))
    corrected = Entry.objects.filter(
        round=survey_round,
        way=Way.CORRECTION,
        place__in=versions_on(on).filter(path__startswith=place.path).values("place"),
    )
    newest = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    with connection.cursor() as cursor:
        cursor.execute(REASONS, {"round": survey_round.pk, "on": on, "path": place.path})
        (reasons,) = cursor.fetchone()
    return Figures(
        place=place.place.code,
        name=place.name,
        round=survey_round.code,
        reference_on=survey_round.reference_on.isoformat(),
        as_of=on.isoformat(),
        due=rows.height,
        recorded=rows.filter(pl.col("progress") != PROGRESS[Progress.NONE]).height,
        done=rows.filter(pl.col("progress") == PROGRESS[Progress.DONE]).height,
        states={state.value: states.get(number, 0) for number, state in STATE_OF.items()},
        units={str(level): number for level, number in units},
        reasons=reasons,
        corrections=corrected.count(),
        concerns={slug: count(survey_round, place, on) for slug, (_label, count) in _concerns.items()},
        newest=newest,
    )


def lacking_at(
    survey_round: Round, place: PlaceVersion, *, most: int | None = None
) -> tuple[int, list[Lacking]]:
    """Return how many communities below a place keep the round from being complete, and the first of them."""
    rows = counts_of(survey_round).under(place.path)
    short = rows.filter(
        (pl.col("progress") != PROGRESS[Progress.DONE]) | (pl.col("case") != STATES[CaseState.ACCEPTED.value])
    )
    shown = short.head(most) if most is not None else short
    names = urban_communities(survey_round.reference_on).filter(place__in=shown[COMMUNITY].to_list())
    named = {pk: (code, name) for pk, code, name in names.values_list("place_id", "place__code", "name")}
    listed = [
        Lacking(*named[row[COMMUNITY]], PROGRESS_OF[row["progress"]], STATE_OF[row["case"]], row["lacking"])
        for row in shown.iter_rows(named=True)
    ]
    return short.height, listed


def communities_of(survey_round: Round, place: PlaceVersion) -> list[list[Any]]:
    """Return every community due below a place as a certificate lists it: code, state, lacking fields."""
    rows = counts_of(survey_round).under(place.path)
    codes = dict(
        urban_communities(survey_round.reference_on, under=place.path).values_list("place_id", "place__code")
    )
    return [
        [codes[pk], STATE_OF[state].value, lacking]
        for pk, state, lacking in rows.select(COMMUNITY, "case", "lacking").iter_rows()
    ]


def digest_of(figures: Mapping[str, Any]) -> str:
    """Return the SHA-256 over figures and communities in canonical JSON."""
    text = json.dumps(figures, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def certificates_for(user: User | AnonymousUser, survey_round: Round) -> QuerySet[Completeness]:
    """Return the round's certificates of places within the person's reach, newest first."""
    reach = places_for(user, on=survey_round.reference_on).values("place")
    return Completeness.objects.filter(round=survey_round, place__in=reach).select_related(
        "place", "by", "round"
    )


def get_certificate_for(user: User | AnonymousUser, survey_round: Round, number: int) -> Completeness:
    """Return one certificate within the person's reach; NotFoundError for any other."""
    found = certificates_for(user, survey_round).filter(pk=number).first()
    if found is None:
        raise NotFoundError(
            _("没有这份完整性证明，或者它不在您的管辖范围内。"), hint=_("请从轮次页面打开。"), number=number
        )
    return found


def is_whole(certificate: Completeness) -> bool:
    """Tell whether a certificate says what it said when it was issued."""
    return digest_of(certificate.figures) == certificate.digest


def corrected_since(certificate: Completeness, place: PlaceVersion) -> QuerySet[Entry]:
    """Return the corrections below the certificate's place that came after it, oldest first."""
    today = clock.today()
    within = versions_on(max(today, certificate.as_of)).filter(path__startswith=place.path).values("place")
    after = Entry.objects.filter(
        round=certificate.round_id, way=Way.CORRECTION, pk__gt=certificate.figures["newest"], place__in=within
    )
    return after.select_related("place", "by").order_by("pk")
