"""Data quality of a round: what is suspicious below a place, why, who should look, and what was answered.

Everything is found over columns for whole districts at once (peers are the district's), so a street's page
and its district's page say the same. A suspicion is settled by a reason (``Entry.reasons`` under its code)
as long as the values that it is about stand.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
from django.core.cache import cache
from django.db import connection
from django.db.models import Max

from greenward.core import clock
from greenward.core.clock import end_of
from greenward.packs import rules
from greenward.packs.schema.facts import FromField, FromRows
from greenward.packs.schema.forms import CrossCheck, Form
from greenward.packs.schema.pack import Pack
from greenward.survey.answers.checks import figures_sentence
from greenward.survey.models import Entry, Round
from greenward.survey.quality import detect
from greenward.survey.queries.burden import previous_round
from greenward.survey.queries.coverage.ground import COMMUNITY, communities_due
from greenward.survey.queries.figures import figures
from greenward.survey.queries.rounds import everything_at, forms_of, policy_of
from greenward.survey.queries.surveyed import entries_by_place
from greenward.survey.queries.values import COMMUNITY_OF, JOINED, copied, values_frame
from greenward.survey.sensitivity import Sight
from greenward.survey.states import Suspect
from greenward.territories.models import Level, PlaceEvent, PlaceVersion

Kind = tuple[str, str]
"""A level, and for facilities their sort."""

SAID = """
    WITH fed AS (
        SELECT DISTINCT e.place_id, {community} AS community_id
        FROM survey_entry e {join}
        WHERE e.level = %(level)s AND e.way IN ('feed', 'record') AND e.at < %(until)s
            AND {community} = ANY(%(places)s)
    )
    SELECT DISTINCT ON (e.place_id, said.key, source)
        e.place_id, fed.community_id, said.key, said.value::text,
        CASE WHEN e.way IN ('feed', 'record') THEN split_part(e.origin, '：', 1) ELSE '' END AS source, e.id
    FROM survey_entry e JOIN fed USING (place_id), jsonb_each(e.values) AS said
    WHERE e.at < %(until)s AND e.way <> 'undo' AND (
        e.file_id IS NULL OR NOT EXISTS (
            SELECT 1 FROM survey_entry u
            WHERE u.place_id = e.place_id AND u.file_id = e.file_id AND u.way = 'undo'
        )
    )
    ORDER BY e.place_id, said.key, source, e.id DESC
"""
"""What each source said last, at places where a department or another register said anything."""


CONTRADICTIONS = (Suspect.CHECK, Suspect.CROSS, Suspect.DISAGREEMENT)
"""What leaves figures unclear until somebody says why it is so. The other kinds only ask for a look."""


@dataclass(frozen=True)
class Findings:
    """What was found below a place: ``rows`` as :data:`detect.FOUND` with ``reason``, empty where open.

    ``path`` of the community stands with each row.
    """

    rows: pl.DataFrame

    @property
    def unsettled(self) -> int:
        """How many nobody has given a reason for."""
        return self.rows.filter(pl.col("reason") == "").height

    def counts(self) -> dict[Suspect, tuple[int, int]]:
        """Return for each kind that occurs: how many there are, and how many of them are open."""
        found = self.rows.group_by("kind").agg(pl.len(), (pl.col("reason") == "").sum().alias("open"))
        by_kind = {kind: (number, still) for kind, number, still in found.iter_rows()}
        return {kind: by_kind[kind.value] for kind in Suspect if kind.value in by_kind}


def findings(survey_round: Round, path: str, day: date | None = None) -> Findings:
    """Return what is suspicious below the place at ``path`` as of a day (today if None)."""
    on = day or clock.today()
    district = "".join(f"{code}/" for code in path.split("/")[:2] if code)
    whole = _kept(survey_round, district, on)
    return Findings(whole.filter(pl.col("path").str.starts_with(path)))


def count_contradictions(survey_round: Round, place: PlaceVersion, day: date) -> int:
    """Return how many contradictions (:data:`CONTRADICTIONS`) below a place nobody has settled."""
    rows = findings(survey_round, place.path, day).rows
    binding = pl.col("kind").is_in([kind.value for kind in CONTRADICTIONS])
    return rows.filter(binding & (pl.col("reason") == "")).height


@dataclass(frozen=True)
class Contradiction:
    """A check across levels that a community breaks; ``reason`` is the one that stands, or empty.

    ``values`` are the facts that break it.
    """

    check: CrossCheck
    sentence: str
    reason: str
    values: Mapping[str, object]

    def shown_to(self, sight: Sight, pack: Pack, path: str) -> "Contradiction":
        """Return it as a person may read it of the community at ``path``: what they do not see is marked."""
        hidden = {name for name in self.values if not sight.shows_fact(pack, name, path)}
        told = figures_sentence(self.check, pack.facts, self.values, hidden)
        return replace(self, sentence=told, values={}) if hidden else self


def cross_contradictions(survey_round: Round, community: PlaceVersion, day: date) -> list[Contradiction]:
    """Return the checks across levels that one community breaks, in the pack's order."""
    pack = policy_of(survey_round)
    if not pack.checks:
        return []
    rows = detect.broken_checks(_facts(pack, [community.place_id], day), pack.checks, day, Suspect.CROSS)
    check_by_id = {check.id: check for check in pack.checks}
    return [
        Contradiction(check, figures_sentence(check, pack.facts, values), reason, values)
        for code, now, reason in zip(rows["code"], rows["now"], _reasons(pack, rows, day), strict=True)
        for check, values in [(check_by_id[code], json.loads(now))]
    ]


def _kept(survey_round: Round, path: str, day: date) -> pl.DataFrame:
    """Return the findings of a district (or city), found anew when anything was recorded or moved since."""
    newest = Entry.objects.aggregate(last=Max("id"))["last"]
    event = PlaceEvent.objects.aggregate(last=Max("id"))["last"]
    key = f"survey.quality:{survey_round.pk}:{path}:{day}:{newest}:{event}"
    found: pl.DataFrame | None = cache.get(key)
    if found is None:
        found = _found(survey_round, path, day)
        cache.set(key, found)
    return found


def _found(survey_round: Round, path: str, day: date) -> pl.DataFrame:
    pack = policy_of(survey_round)
    due = communities_due(survey_round.reference_on).filter(pl.col("path").str.starts_with(path))
    due = due.select(pl.col(COMMUNITY).alias("community_id"), "path", pl.col("at1").alias("peers"))
    ids = due["community_id"].to_list()
    before = _day_before(survey_round)
    kinds = {(form.level, form.sort or "") for form in forms_of(survey_round).values()}
    parts = [part for kind in sorted(kinds) for part in _of_kind(pack, kind, due, day, before)]
    parts.append(detect.broken_checks(_facts(pack, ids, day), pack.checks, day, Suspect.CROSS))
    rows = pl.concat(parts).join(due.select("community_id", "path"), on="community_id")
    rows = rows.sort("path", "place_id", "kind", "code")
    return rows.with_columns(_reasons(pack, rows, day))


def _of_kind(
    pack: Pack, kind: Kind, due: pl.DataFrame, day: date, before: date | None
) -> Iterator[pl.DataFrame]:
    form = everything_at(pack, *kind)
    ids = due["community_id"].to_list()
    now = _frame(form, day, due)
    if not now.height:
        return
    yield detect.broken_checks(now, form.checks, day, Suspect.CHECK)
    yield detect.outliers(now, form)
    yield detect.copies(now, form)
    if before is not None:
        yield detect.jumps(now, _frame(form, before, due), form)
    yield detect.disagreements(_said(form, ids, day), form.fields)


def _frame(form: Form, day: date, due: pl.DataFrame) -> pl.DataFrame:
    values = values_frame(form, day, due["community_id"].to_list())
    if form.level == Level.COMMUNITY.value:
        values = values.with_columns(pl.col("place_id").alias("community_id"))
    return values.join(due.select("community_id", "peers"), on="community_id", maintain_order="left")


def _facts(pack: Pack, ids: Collection[int], day: date) -> pl.DataFrame:
    """Return the facts that cross checks name, and the parameters, a column each."""
    named = {name for check in pack.checks for name in rules.reader().names(check.rule)}
    facts = [fact for fact in pack.facts if fact.id in named]
    frame = figures(pack, facts, day, ids)
    numbers = [p for p in pack.parameters if p.id in named]
    return frame.with_columns(
        pl.col("place_id").alias("community_id"), *(pl.lit(float(p.value)).alias(p.id) for p in numbers)
    )


def _said(form: Form, ids: Collection[int], day: date) -> pl.DataFrame:
    statement = SAID.format(community=COMMUNITY_OF[form.level], join=JOINED[form.level])
    parameters = {
        "level": form.level, "sort": form.sort or "", "until": end_of(day), "on": day, "places": list(ids)
    }  # fmt: skip
    whole, text = pl.Int64(), pl.String()
    schema: dict[str, pl.DataType] = {
        "place_id": whole, "community_id": whole, "field": text, "value": text, "source": text, "entry": whole
    }  # fmt: skip
    return copied(statement, parameters, schema).with_columns(pl.col("source").fill_null(""))


def _day_before(survey_round: Round) -> date | None:
    """Return the last day of the round before this one; None for the first."""
    last = previous_round(survey_round)
    return min(last.closes_on, survey_round.opens_on) if last is not None else None


def _reasons(pack: Pack, rows: pl.DataFrame, day: date) -> pl.Series:
    """Return the reason that settles each row, empty where none stands."""
    concerned = rows.filter(pl.col("kind") == Suspect.CROSS)["community_id"].unique().to_list()
    below = _units_of(concerned, day)
    places = {*rows["place_id"].to_list(), *below}
    told = _places_with_reasons(places)
    if not told:
        return pl.Series("reason", [""] * rows.height, dtype=pl.String())
    entries = entries_by_place({*told, *(unit for unit, above in below.items() if above in told)}, day)
    fields = _fields_behind(pack)
    said = [
        _reason(row, entries, fields, [unit for unit, above in below.items() if above == row["place_id"]])
        if row["place_id"] in told
        else ""
        for row in rows.iter_rows(named=True)
    ]
    return pl.Series("reason", said, dtype=pl.String())


def _places_with_reasons(places: Collection[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT place_id FROM survey_entry WHERE reasons <> '{}' AND place_id = ANY(%s)",
            [list(places)],
        )
        return {place for (place,) in cursor.fetchall()}


def _units_of(communities: Collection[int], day: date) -> dict[int, int]:
    """Return the units inside communities on a day, each with its community."""
    if not communities:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH inside AS (
                SELECT place_id, parent_id FROM territories_placeversion
                WHERE parent_id = ANY(%(places)s) AND during @> %(on)s::date
            )
            SELECT place_id, parent_id FROM inside
            UNION ALL SELECT v.place_id, inside.parent_id FROM inside
            JOIN territories_placeversion v ON v.parent_id = inside.place_id AND v.during @> %(on)s::date""",
            {"on": day, "places": list(communities)},
        )
        return dict(cursor.fetchall())


def _fields_behind(pack: Pack) -> dict[str, frozenset[str]]:
    """Return for each check the fields whose change makes a reason void, by the check's id."""
    found = {check.id: rules.reader().names(check.rule) for form in pack.forms for check in form.checks}
    for check in pack.checks:
        origins = [
            pack.fact_by_id[n].origin for n in rules.reader().names(check.rule) if n in pack.fact_by_id
        ]
        named = {o.field for o in origins if isinstance(o, FromField | FromRows) and o.field}
        named |= {o.where.field for o in origins if isinstance(o, FromRows) and o.where}
        found[check.id] = frozenset(named)
    return found


def _reason(
    row: Mapping[str, object],
    entries: Mapping[int, list[Entry]],
    fields: Mapping[str, frozenset[str]],
    units: Collection[int],
) -> str:
    """Return the last reason for a row's code that no later value of its fields has overtaken."""
    code, place = str(row["code"]), int(str(row["place_id"]))
    said = [one for one in entries.get(place, ()) if one.reasons.get(code)]
    if not said:
        return ""
    watched = {str(row["field"])} if row["field"] else fields.get(code)
    others = units if row["kind"] == Suspect.CROSS else ()
    for one in (place, *others):
        if _changed_after(entries.get(one, ()), said[-1].pk, watched):
            return ""
    return str(said[-1].reasons[code])


def _changed_after(entries: Collection[Entry], number: int, watched: Collection[str] | None) -> bool:
    """Tell whether a watched field (None: any) got another value by an entry after ``number``."""
    kept: dict[str, object] = {}
    for entry in entries:
        for name, value in entry.values.items():
            if entry.pk > number and (watched is None or name in watched) and kept.get(name) != value:
                return True
            kept[name] = value
    return False
