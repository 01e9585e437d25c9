"""Facts from records with a day, such as files filed under a community; other modules offer their own.

A standard names one by ``origin: {records: evidence, item: "13", gives: count, months: 12}``. A community
without any such record is unknown, not zero: did nothing happen, or was nothing filed?
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.assessment.facts.registry import PLACE, Marks, label_of
from greenward.assessment.facts.values import FactValue
from greenward.assessment.rules import COLUMN_TYPES, FACT_TYPES
from greenward.core.clock import end_of
from greenward.core.months import months_before
from greenward.evidence.models import Use
from greenward.packs.schema.facts import Fact, FromRecords
from greenward.packs.schema.pack import Pack

USES, WITHDRAWALS = "evidence.uses", "evidence.withdrawals"
FEW = 1000
"""Up to so many communities are named to the database; for more, everything is read."""
MICROSECONDS = 1_000_000
Row = tuple[int, str, str, int, date | None]
"""A record: place, the item that it is for, its kind (both empty for none), what it is, its day."""
RECORDS: dict[str, pl.DataType] = {
    PLACE: pl.Int64(), "item": pl.String(), "kind": pl.String(), "what": pl.Int64(), "on": pl.Date()
}  # fmt: skip
LAST, NUMBER = "last", "number"


class RecordFacts(ABC):
    """Provides how many records there are, on how many days, and which day is the last.

    A module offers its records by a class that reads them, registered under their name as the source.
    """

    @abstractmethod
    def rows(self, as_of: date, seen: Marks | None, places: Collection[int] | None) -> Iterable[Row]:
        """Return what was on record at the end of the day, of some places or all (None). One query.

        ``seen``: as it was when the marks stood so.
        """

    @abstractmethod
    def marks(self, as_of: date) -> Marks:
        """Return how far the records go that can matter as of the day."""

    @abstractmethod
    def touched_since(self, marks: Marks, as_of: date) -> set[int]:
        """Return the communities whose records changed after the marks."""

    def frame(
        self,
        pack: Pack,
        facts: Sequence[Fact],
        as_of: date,
        places: Collection[int],
        *,
        seen: Marks | None = None,
    ) -> pl.DataFrame:
        """Return ``place`` and a column per fact. One query."""
        del pack
        records = _records(self.rows(as_of, seen, places if len(places) <= FEW else None))
        frame = pl.DataFrame({PLACE: list(places)}, schema={PLACE: pl.Int64})
        for fact in facts:
            found = _found(fact, records, as_of).select(PLACE, fact.id)
            frame = frame.join(found, on=PLACE, how="left", maintain_order="left")
        return frame

    def explain(self, pack: Pack, facts: Sequence[Fact], as_of: date, place: int) -> Mapping[str, FactValue]:
        """Return every fact at one community: of how many records since when, and when the last was."""
        del pack
        records = _records(self.rows(as_of, None, [place]))
        return {fact.id: _value(fact, _found(fact, records, as_of), as_of) for fact in facts}


class EvidenceFacts(RecordFacts):
    """Provides what is told by the files that are filed under a community; their kind is the daily work's."""

    def rows(self, as_of: date, seen: Marks | None, places: Collection[int] | None) -> Iterable[Row]:
        """Return what stood filed: what has no day counts nowhere, the same content once a day."""
        found = _filed(as_of, seen)
        if places is not None:
            found = found.filter(place__in=places)
        return found.values_list("place_id", "item", "source", "file_id", "observed_on")

    def marks(self, as_of: date) -> Marks:
        """Return the newest filing and the moment of the latest withdrawal up to the day. One query."""
        until = end_of(as_of)
        newest = Use.objects.aggregate(
            use=Max("id", filter=Q(at__lt=until)),
            withdrawn=Max("withdrawn_at", filter=Q(withdrawn_at__lt=until)),
        )
        return {USES: newest["use"] or 0, WITHDRAWALS: _stamp(newest["withdrawn"])}

    def touched_since(self, marks: Marks, as_of: date) -> set[int]:
        """Return the communities where something was filed or withdrawn since. One query."""
        until = end_of(as_of)
        filed = Q(id__gt=marks.get(USES, 0), at__lt=until)
        gone = Q(withdrawn_at__gt=_moment(marks.get(WITHDRAWALS, 0)), withdrawn_at__lt=until)
        return set(Use.objects.filter(filed | gone).values_list("place_id", flat=True))


def _filed(as_of: date, seen: Marks | None) -> QuerySet[Use]:
    """Return what stood filed at the end of the day and shows how things were by then.

    What has no day counts nowhere. ``seen``: as it stood when the marks did.
    """
    until = end_of(as_of)
    gone = Q(withdrawn_at__isnull=False, withdrawn_at__lt=until)
    rows = Use.objects.filter(at__lt=until, observed_on__lte=as_of)
    if seen is not None:
        gone &= Q(withdrawn_at__lte=_moment(seen.get(WITHDRAWALS, 0)))
        rows = rows.filter(id__lte=seen.get(USES, 0))
    return rows.exclude(gone)


def _records(rows: Iterable[Row]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=RECORDS, orient="row")


def _found(fact: Fact, records: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return a row per community that has any such record: the figure, the last day and how many count.

    The same thing on the same day counts once, for however many items or years it is on record.
    """
    origin = _origin(fact)
    kept = records
    for name, value in (("item", origin.item), ("kind", origin.kind)):
        kept = kept if value is None else kept.filter(pl.col(name) == value)
    day = pl.col("on").filter(pl.col("on") >= (_since(origin, as_of) or date.min))
    figure = {"count": day.len(), "days": day.n_unique(), "last": day.max()}[origin.gives]
    told = [
        figure.cast(COLUMN_TYPES[FACT_TYPES[fact.type]]).alias(fact.id),
        day.max().alias(LAST),
        day.len().alias(NUMBER),
    ]
    return kept.unique([PLACE, "what", "on"]).group_by(PLACE).agg(told)


def _origin(fact: Fact) -> FromRecords:
    if not isinstance(fact.origin, FromRecords):
        raise TypeError(fact.id)
    return fact.origin


def _since(origin: FromRecords, as_of: date) -> date | None:
    return None if origin.months is None else months_before(as_of, origin.months)


def _value(fact: Fact, found: pl.DataFrame, as_of: date) -> FactValue:
    label, unit = str(fact.label), fact.unit or ""
    if not found.height:
        return FactValue(fact.id, label, unit, None)
    row: dict[str, Any] = found.row(0, named=True)
    origin = _origin(fact)
    told = {"records": label_of(origin.records), "number": row[NUMBER], "until": as_of}
    since = _since(origin, as_of)
    if since is None:
        source = _("%(records)s %(number)d 份，截至 %(until)s") % told
    else:
        source = _("%(records)s %(number)d 份，%(since)s 至 %(until)s") % {**told, "since": since}
    return FactValue(fact.id, label, unit, row[fact.id], source, row[LAST])


def _stamp(moment: datetime | None) -> int:
    """Return a moment as a number that marks can hold: microseconds."""
    return 0 if moment is None else round(moment.timestamp() * MICROSECONDS)


def _moment(stamp: int) -> datetime:
    seconds, rest = divmod(stamp, MICROSECONDS)
    return datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone()).replace(microsecond=rest)
