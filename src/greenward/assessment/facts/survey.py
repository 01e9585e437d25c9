"""Facts from the survey: answers of the community form, and figures over the compounds' form."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl
from django.db.models import Max
from django.utils.translation import gettext as _

from greenward.assessment.engine.facts import Value
from greenward.assessment.facts.registry import PLACE, Marks
from greenward.assessment.facts.values import FactValue, Gap
from greenward.assessment.rules import COLUMN_TYPES, FACT_TYPES
from greenward.core.clock import end_of
from greenward.packs.schema.facts import Fact, FromField, FromRows
from greenward.packs.schema.forms import Form
from greenward.packs.schema.pack import Pack
from greenward.survey import queries as survey
from greenward.survey.models import Entry
from greenward.survey.queries import freshness, rollup
from greenward.territories.models import UNIT_PARENT, Level, PlaceEvent, PlaceVersion
from greenward.territories.queries import versions_on

ENTRIES = "survey.entries"
EVENTS = "survey.places"
NAME = "unit_name"


class SurveyFacts:
    """Provides what communities answered, and what their compounds add up to."""

    def frame(
        self,
        pack: Pack,
        facts: Sequence[Fact],
        as_of: date,
        places: Collection[int],
        *,
        seen: Marks | None = None,
    ) -> pl.DataFrame:
        """Return ``place`` and a column per fact: null where no answer is known or the known one expired."""
        until = None if seen is None else seen.get(ENTRIES)
        frame = survey.figures(pack, facts, as_of, places, until=until, expiring=True)
        typed = [pl.col(f.id).cast(COLUMN_TYPES[FACT_TYPES[f.type]]) for f in facts if f.id in frame.columns]
        return frame.select(pl.col("place_id").alias(PLACE), *typed)

    def explain(self, pack: Pack, facts: Sequence[Fact], as_of: date, place: int) -> Mapping[str, FactValue]:
        """Return every fact at one community: answers with their source, figures with what they add up."""
        found: dict[str, FactValue] = {}
        for form in pack.forms:
            answered = [f for f in facts if isinstance(f.origin, FromField) and f.origin.form == form.id]
            if answered:
                values = survey.values_of(place, form, as_of)
                found.update({f.id: _answer(form, f, values, as_of) for f in answered})
            added = [f for f in facts if isinstance(f.origin, FromRows) and f.origin.form == form.id]
            if added:
                rows = _rows(form, as_of, place)
                days = _days(form, as_of, rows, added)
                found.update({f.id: _sum(form, f, rows, days) for f in added})
        return found

    def marks(self, as_of: date) -> Marks:
        """Return the newest entry that holds as of the day, and the newest event of places."""
        entries = Entry.objects.filter(at__lt=end_of(as_of)).aggregate(newest=Max("id"))["newest"]
        events = PlaceEvent.objects.aggregate(newest=Max("id"))["newest"]
        return {ENTRIES: entries or 0, EVENTS: events or 0}

    def touched_since(self, marks: Marks, as_of: date) -> set[int]:
        """Return the communities with new answers, and those whose compounds changed."""
        entries = Entry.objects.filter(id__gt=marks.get(ENTRIES, 0), at__lt=end_of(as_of))
        touched = set(entries.values_list("place_id", flat=True).distinct())
        units = PlaceVersion.objects.filter(place__level__in=UNIT_PARENT)
        moved = units.filter(place__in=touched) | units.filter(event__id__gt=marks.get(EVENTS, 0))
        above = set(moved.exclude(parent=None).values_list("parent_id", flat=True).distinct())
        compounds = PlaceVersion.objects.filter(place__in=above, place__level=Level.COMPOUND)
        return (
            touched | above | set(compounds.values_list("parent_id", flat=True).distinct() if above else ())
        )


def _rows(form: Form, as_of: date, place: int) -> pl.DataFrame:
    """Return every unit of a community that the form asks about, with its answers, null for none."""
    units = versions_on(as_of).filter(place__level=form.level, sort=form.sort or "")
    if Level(form.level) == Level.BUILDING:
        standing = units.filter(parent__in=versions_on(as_of).filter(parent=place).values("place"))
    else:
        standing = units.filter(parent=place)
    names = list(standing.order_by("path").values_list("place_id", "name"))
    compounds = pl.DataFrame(names, schema={"place_id": pl.Int64, NAME: pl.String}, orient="row")
    needed = {one.id for one in form.fields}
    answers = freshness.fresh_values(survey.values_frame(form, as_of, [place]), form, as_of, needed)
    rows = compounds.join(answers, on="place_id", how="left", maintain_order="left")
    return rows.with_columns(pl.lit(place).alias(rollup.COMMUNITY))


def _gap(form: Form, field: str, compounds: tuple[str, ...] = ()) -> Gap:
    section = next(s for s in form.sections if any(f.id == field for f in s.fields))
    return Gap(form.id, field, section.id, str(form.field(field).label), compounds)


def _answer(form: Form, fact: Fact, values: Mapping[str, survey.Value], as_of: date) -> FactValue:
    field = fact.origin.field if isinstance(fact.origin, FromField) else ""
    known = values.get(field)
    label, unit = str(fact.label), fact.unit or ""
    if known is None or known.value is None or isinstance(known.value, list):
        return FactValue(fact.id, label, unit, None, gap=_gap(form, field))
    until = freshness.valid_until(form.field(field), known)
    counts = until is None or as_of <= until
    return FactValue(
        fact.id,
        label,
        unit,
        known.value if counts else None,
        known.source,
        known.on,
        gap=None if counts else _gap(form, field),
        form=form.id,
        field=field,
        entry=known.entry.pk,
        expired=None if counts else known.value,
        until=until,
    )


def _days(form: Form, as_of: date, rows: pl.DataFrame, facts: Sequence[Fact]) -> Mapping[str, date]:
    """Return per field the day of the oldest answer among the units; none where a unit's day is unknown."""
    names = sorted({name for fact in facts for name in _looked_at(fact)})
    places = rows["place_id"].to_list()
    if not names or not places:
        return {}
    said = rows.select("place_id").join(
        freshness.said_on(form, as_of, places, names), on="place_id", how="left"
    )
    return {name: min(said[name].to_list()) for name in names if not said[name].null_count()}


def _looked_at(fact: Fact) -> list[str]:
    """Return the fields of the units' form that a figure adds up or chooses by."""
    origin = fact.origin
    if not isinstance(origin, FromRows):
        raise TypeError(fact.id)
    return [name for name in (origin.field, origin.where.field if origin.where else None) if name]


def _sum(form: Form, fact: Fact, rows: pl.DataFrame, days: Mapping[str, date]) -> FactValue:
    origin = fact.origin
    if not isinstance(origin, FromRows):
        raise TypeError(fact.id)
    label, unit = str(fact.label), fact.unit or ""
    needs = origin.field or (origin.where.field if origin.where else form.key or form.fields[0].id)
    if not rows.height:
        return FactValue(fact.id, label, unit, None, gap=_gap(form, needs))
    lacking = rows.filter(rollup.lacks(origin))[NAME].to_list()
    if lacking:
        return FactValue(fact.id, label, unit, None, gap=_gap(form, needs, tuple(lacking)))
    value: Value = rows.select(rollup.figure(origin)).item()
    source = _("%(count)s 个小区汇总") % {"count": rows.height}
    known = [days.get(name) for name in _looked_at(fact)]
    dated = [day for day in known if day is not None]
    on = min(dated) if dated and len(dated) == len(known) else None
    return FactValue(fact.id, label, unit, value, source, on, form=form.id, field=needs)
