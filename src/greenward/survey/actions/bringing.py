"""Writing what a plan says: units first, then the entries, inside the transaction of the import."""

from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import ConflictError
from greenward.survey.actions.returned import settle_imported
from greenward.survey.events import tell
from greenward.survey.models import ImportFile
from greenward.survey.queries.values import MANY
from greenward.survey.workbooks.communities import ID
from greenward.survey.workbooks.plan import Brought, Plan
from greenward.survey.workbooks.settled import cases_of
from greenward.survey.workbooks.targets import alike, known_units
from greenward.survey.workbooks.writing import write_entries
from greenward.territories.actions import create_units
from greenward.territories.models import Level, Place, PlaceVersion


def bring_in(file: ImportFile, planned: Plan, *, by: User | None, at: datetime) -> dict[str, Any]:
    """Write the plan's rows; return how many entries and units it made, and by which events of places.

    ConflictError when a community went up the tree since the plan was made.
    """
    written, made, events, communities = 0, 0, [], set[int]()
    for part in planned.parts:
        rows = part.frame.filter(part.kept)
        rows, fresh = _with_places(part, rows, reason=file.file_name, by=by, at=at)
        communities |= set(rows["community_id"].unique().to_list())
        made += len(fresh)
        events += sorted({version.event_id for version in fresh})
        written += write_entries(file, part.form, part.fields, rows)
    _check_unmoved(file, planned, communities)
    settle_imported(file, by=by, at=at)
    tell(file.round, communities)
    return {"written": written, "made": made, "events": events, "communities": len(communities)}


def _check_unmoved(file: ImportFile, planned: Plan, communities: set[int]) -> None:
    """Hold the communities' cases where they are; for a nation's worth, looking again must do."""
    if communities and len(communities) <= MANY:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM territories_place WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE",
                [[*communities]],
            )
    if planned.cases is not None and cases_of(file.round).seen != planned.cases.seen:
        raise ConflictError(
            _("导入期间有社区提交或退回了。"), hint=_("请重新比对预览，再确认导入。"), number=file.pk
        )


def _with_places(
    part: Brought, rows: pl.DataFrame, *, reason: str, by: User | None, at: datetime
) -> tuple[pl.DataFrame, list[PlaceVersion]]:
    """Return the rows with whose entries they become; units that do not exist yet are made, all at once."""
    fresh = rows.filter(pl.col("place_id").is_null())
    if not fresh.height:
        return rows, []
    level, sort = Level(part.form.level), part.form.sort or ""
    fresh = _with_parents(fresh, level, at=at)
    standing = _found(fresh, known_units(level, sort, fresh["parent_id"], timezone.localdate(at)))
    names = dict(
        standing.filter(pl.col("place_id").is_null())
        .group_by("parent_id", maintain_order=True)
        .agg(pl.col("unit"))
        .iter_rows()
    )
    parents = Place.objects.in_bulk(list(names))
    made = create_units(
        {parents[pk]: texts for pk, texts in names.items()}, level, sort=sort, reason=reason, by=by, at=at
    )
    known = pl.DataFrame(
        [(version.parent_id, version.name, version.place_id) for version in made],
        {"parent_id": ID, "unit": pl.String(), "place_id": ID},
        orient="row",
    )
    done = standing.drop("place_id").join(
        pl.concat([known, standing.select("parent_id", "unit", "place_id").drop_nulls()]),
        on=["parent_id", "unit"],
        how="left",
        maintain_order="left",
    )
    return pl.concat([rows.filter(pl.col("place_id").is_not_null()), done.select(rows.columns)]), made


def _with_parents(fresh: pl.DataFrame, level: Level, *, at: datetime) -> pl.DataFrame:
    """Return rows of units with the place that each stands under; a file's own compounds exist by now."""
    if level != Level.BUILDING or fresh["parent_id"].null_count() == 0:
        return fresh
    compounds = known_units(Level.COMPOUND.value, "", fresh["community_id"], timezone.localdate(at))
    compounds = compounds.select(
        pl.col("parent_id").alias("community_id"), alike("unit").alias("#compound"), made_id="place_id"
    ).unique(["community_id", "#compound"], keep="first")
    rows = fresh.with_columns(alike("compound").alias("#compound"))
    rows = rows.join(compounds, on=["community_id", "#compound"], how="left", maintain_order="left")
    return rows.with_columns(parent_id=pl.coalesce("parent_id", "made_id")).drop("#compound", "made_id")


def _found(fresh: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return rows with the unit that an earlier part of the same file has made meanwhile."""
    return fresh.drop("place_id").join(
        known.unique(["parent_id", "unit"]), on=["parent_id", "unit"], how="left", maintain_order="left"
    )
