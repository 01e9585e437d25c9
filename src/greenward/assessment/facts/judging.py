"""Facts from judgements: what was decided of a community, as long as it stands and is not too old.

A standard names one by ``origin: {source: judging, key: …}``, of type ``judgement`` (points) or ``bool``.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl
from django.db.models import Max, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from greenward.assessment.engine.facts import Value
from greenward.assessment.engine.frame import UNTIL
from greenward.assessment.facts.registry import PLACE, Marks
from greenward.assessment.facts.values import FactValue
from greenward.assessment.models import Decision, Reopening
from greenward.assessment.rules import COLUMN_TYPES, FACT_TYPES
from greenward.core.clock import end_of
from greenward.core.months import after_months
from greenward.packs.schema.facts import Fact, FromSource
from greenward.packs.schema.pack import Pack

JUDGING = "judging"
"""The name of the source."""
DECISIONS, REOPENINGS = "judging.decisions", "judging.reopenings"
FEW = 1000
"""Up to so many communities are named to the database; for more, everything is read."""


class JudgingFacts:
    """Provides what people decided: the latest decision on a key that stands as of the day."""

    def frame(
        self,
        pack: Pack,
        facts: Sequence[Fact],
        as_of: date,
        places: Collection[int],
        *,
        seen: Marks | None = None,
    ) -> pl.DataFrame:
        """Return ``place``, a column per fact and, for facts that expire, the last day on which it counts."""
        rows = standing(pack, as_of, seen).filter(judging__key__in=[_key(f) for f in facts])
        if len(places) <= FEW:
            rows = rows.filter(judging__place__in=places)
        latest: dict[str, dict[int, tuple[Value, date]]] = {}
        told = ("judging__key", "judging__place_id", "met", "points", "observed_on")
        for key, place, met, points, on in rows.values_list(*told):
            latest.setdefault(key, {})[place] = (float(points) if met is None else met, on)
        frame = pl.DataFrame({PLACE: list(places)}, schema={PLACE: pl.Int64})
        for fact in facts:
            frame = frame.join(_column(fact, latest.get(_key(fact), {})), on=PLACE, how="left")
        return frame

    def explain(self, pack: Pack, facts: Sequence[Fact], as_of: date, place: int) -> Mapping[str, FactValue]:
        """Return every fact at one community: the decision, by which office and why, or that it is stale."""
        rows = standing(pack, as_of).filter(judging__place=place).select_related("judging")
        latest = {row.judging.key: row for row in rows}
        return {fact.id: _value(fact, latest.get(_key(fact)), as_of) for fact in facts}

    def marks(self, as_of: date) -> Marks:
        """Return the newest decision and the newest reopening up to the day: one query, since all ask."""
        until = end_of(as_of)
        reopenings = Reopening.objects.filter(at__lt=until).order_by("-id").values("id")[:1]
        newest = Decision.objects.filter(at__lt=until).aggregate(
            decision=Max("id"), reopening=Max(Subquery(reopenings))
        )
        return {DECISIONS: newest["decision"] or 0, REOPENINGS: newest["reopening"] or 0}

    def touched_since(self, marks: Marks, as_of: date) -> set[int]:
        """Return the communities of which something was decided or taken back since."""
        until = end_of(as_of)
        decided = Decision.objects.filter(id__gt=marks.get(DECISIONS, 0), at__lt=until)
        reopened = Reopening.objects.filter(id__gt=marks.get(REOPENINGS, 0), at__lt=until)
        return set(decided.values_list("judging__place_id", flat=True)) | set(
            reopened.values_list("decision__judging__place_id", flat=True)
        )


def standing(pack: Pack, as_of: date, seen: Marks | None = None) -> QuerySet[Decision]:
    """Return the decisions under any edition of the pack that stand as of the day, the oldest first.

    ``seen``: as they stood when the marks did.
    """
    until = end_of(as_of)
    taken_back = Q(reopening__at__lt=until)
    rows = Decision.objects.filter(
        judging__pack__pack_id=pack.manifest.id, at__lt=until, observed_on__lte=as_of
    )
    if seen is not None:
        taken_back &= Q(reopening__id__lte=seen.get(REOPENINGS, 0))
        rows = rows.filter(id__lte=seen.get(DECISIONS, 0))
    return rows.exclude(taken_back).order_by("id")


def _key(fact: Fact) -> str:
    return fact.origin.key if isinstance(fact.origin, FromSource) else ""


def _until(fact: Fact, on: date) -> date | None:
    return None if fact.valid_months is None else after_months(on, fact.valid_months)


def _column(fact: Fact, known: Mapping[int, tuple[Value, date]]) -> pl.DataFrame:
    columns = [
        pl.Series(PLACE, list(known), dtype=pl.Int64),
        pl.Series(
            fact.id, [value for value, _on in known.values()], dtype=COLUMN_TYPES[FACT_TYPES[fact.type]]
        ),
    ]
    if fact.valid_months is not None:
        until = [_until(fact, on) for _value, on in known.values()]
        columns.append(pl.Series(fact.id + UNTIL, until, dtype=pl.Date))
    return pl.DataFrame(columns)


def _value(fact: Fact, row: Decision | None, as_of: date) -> FactValue:
    label, unit = str(fact.label), fact.unit or ""
    if row is None:
        return FactValue(fact.id, label, unit, None)
    source = _("%(office)s裁定：%(reason)s") % {"office": row.office, "reason": row.reason}
    until = _until(fact, row.observed_on)
    value: Value = row.met if row.met is not None else float(row.points or 0)
    if until is not None and as_of > until:
        return FactValue(fact.id, label, unit, None, source, row.observed_on, expired=value, until=until)
    return FactValue(fact.id, label, unit, value, source, row.observed_on, until=until)
