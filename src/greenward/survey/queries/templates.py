"""The workbook for a round, filled with what is known of the places within reach."""

from collections.abc import Sequence
from datetime import date

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from greenward.accounts.models import User
from greenward.core import clock
from greenward.packs.schema.forms import Field, Form
from greenward.survey.models import Round
from greenward.survey.queries.rounds import form_of, forms_of
from greenward.survey.queries.values import values_frame
from greenward.survey.workbooks.changes import still_valid
from greenward.survey.workbooks.communities import ID, TEXT, rows_of
from greenward.survey.workbooks.targets import known_units
from greenward.survey.workbooks.template import Page, leading, template
from greenward.survey.workbooks.template.columns import in_cells, tables_of
from greenward.territories.models import Level
from greenward.territories.queries import places_for, urban_communities, versions_on
from greenward.territories.roles import Permission

SETTLED = """
    SELECT pg_current_snapshot()::text,
           coalesce((SELECT max(id) FROM survey_entry), 0)::text
"""
"""What is over by now, and what still runs: what is over, a reader sees from now on."""


def template_for(
    user: User | AnonymousUser | None,
    survey_round: Round,
    form_id: str,
    *,
    under: str = "",
    as_of: date | None = None,
) -> bytes:
    """Return an .xlsx: a row per urban community below the path ``under``, or per unit known there.

    ``form_id`` empty: every form of the round, each on its sheet. Only communities that ``user`` may survey;
    None is the system, which may survey all. Known values as of ``as_of`` (today if None) stand in it.
    """
    forms = [form_of(survey_round, form_id)] if form_id else list(forms_of(survey_round).values())
    day = as_of or clock.today()
    with connection.cursor() as cursor:
        cursor.execute(SETTLED)
        seen, newest = cursor.fetchone()
    communities = _communities(user, survey_round.reference_on, under)
    pages = [_page(survey_round, form, communities, day) for form in forms]
    key = {
        "form": form_id,
        "pack": survey_round.programme.pack.digest,
        "place": under,
        "seen": seen,
        "newest": newest,
    }
    return template(survey_round, pages, key)


def _page(survey_round: Round, form: Form, communities: pl.DataFrame, day: date) -> Page:
    targets = _targets(form, communities, day)
    values = values_frame(form, day, communities["#id"].to_list())
    fields = (*in_cells(form), *tables_of(form))
    rows = targets.join(
        values.select("place_id", *(field.id for field in fields)),
        on="place_id", how="left", maintain_order="left",
    )  # fmt: skip
    if form.key is not None:
        rows = rows.with_columns(pl.coalesce(pl.col(form.key).cast(TEXT), "#unit").alias(form.key))
    asked, until = _asked(survey_round, form, rows, fields)
    shown = {"community": ["#code", "#name", "#street"], "building": ["#code", "#name", "#compound"]}
    front = shown.get(form.level, ["#code", "#name"])[: len(leading(form))]
    return Page(form, rows.select(*front, *(field.id for field in fields)), asked, until)


def _asked(
    survey_round: Round, form: Form, rows: pl.DataFrame, fields: Sequence[Field]
) -> tuple[pl.DataFrame, dict[str, tuple[int, date | None]]]:
    """Return where the round asks a field, and per field how many it need not ask, until when."""
    valid = still_valid(rows["place_id"], survey_round, form, fields)
    both = rows.join(valid, on="place_id", how="left", maintain_order="left")
    known = {field.id: pl.col(field.id).is_not_null() & ~pl.col(f"^{field.id}") for field in fields}
    asked = both.select((~known[f.id].fill_null(value=False)).alias(f.id) for f in fields)
    counted = both.select(
        *(known[field.id].sum().alias(field.id) for field in fields),
        *(pl.col(f"until {f.id}").filter(known[f.id]).min().alias(f"until {f.id}") for f in fields),
    ).row(0, named=True)
    return asked, {f.id: (counted[f.id] or 0, counted[f"until {f.id}"]) for f in fields}


def _targets(form: Form, communities: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return the rows of a form before their values: ``place_id`` and names, null where there is no unit."""
    if form.level == Level.COMMUNITY.value:
        return communities.with_columns(place_id="#id")
    parents = communities
    if form.level == Level.BUILDING.value:
        compounds = known_units(Level.COMPOUND.value, "", communities["#id"], day)
        compounds = compounds.rename({"parent_id": "#id", "unit": "#compound", "place_id": "#compound_id"})
        parents = communities.join(
            compounds.sort("#compound_id"), on="#id", how="left", maintain_order="left"
        )
        parents = parents.with_columns(parent_id="#compound_id")
    else:
        parents = communities.with_columns(parent_id="#id")
    units = known_units(form.level, form.sort or "", parents["parent_id"], day).sort("place_id")
    found = parents.join(units, on="parent_id", how="left", maintain_order="left")
    return found.rename({"unit": "#unit"})


def _communities(user: User | AnonymousUser | None, day: date, under: str) -> pl.DataFrame:
    found = urban_communities(day, under=under)
    if user is not None:
        reach = places_for(user, on=day, permission=Permission.SURVEY)
        found = found.filter(pk__in=reach.filter(place__level=Level.COMMUNITY).values("pk"))
    shape: dict[str, pl.DataType] = {"#id": ID, "#code": TEXT, "#path": TEXT, "#name": TEXT}
    streets = rows_of(
        versions_on(day).filter(place__level=Level.SUBDISTRICT).values_list("place__code", "name"),
        {"street": TEXT, "#street": TEXT},
    )
    rows = rows_of(found.values_list("place_id", "place__code", "path", "name"), shape)
    rows = rows.with_columns(street=pl.col("#path").str.split("/").list.get(2, null_on_oob=True))
    return rows.join(streets, on="street", how="left").sort("#path")
