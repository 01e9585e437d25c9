"""The workbook for a round, filled with what is known of the places within reach."""

from datetime import date

import polars as pl
from django.contrib.auth.models import AnonymousUser

from greenward.accounts.models import User
from greenward.core import clock
from greenward.packs.schema.forms import Form
from greenward.survey.models import Round
from greenward.survey.queries.rounds import form_of
from greenward.survey.queries.values import values_frame
from greenward.survey.workbooks.communities import ID, TEXT, rows_of
from greenward.survey.workbooks.template import leading, template
from greenward.territories.models import Level
from greenward.territories.queries import places_for, urban_communities, versions_on
from greenward.territories.roles import Permission


def template_for(
    user: User | AnonymousUser | None,
    survey_round: Round,
    form_id: str,
    *,
    under: str = "",
    as_of: date | None = None,
) -> bytes:
    """Return an .xlsx: a row per urban community below the path ``under``, or per compound known there.

    Only communities that ``user`` may survey; None is the system, which may survey all. Known values
    as of ``as_of`` (today if None) stand in it.
    """
    form = form_of(survey_round, form_id)
    communities = _communities(user, survey_round.reference_on, under)
    values = values_frame(form, as_of or clock.today(), communities["#id"].to_list())
    key = "place_id" if form.level == "community" else "community_id"
    rows = communities.join(values, left_on="#id", right_on=key, how="left").sort("#path", *_order(form))
    shown = ["#code", "#name", "#street"][: len(leading(form))]
    filled = rows.select(*shown, *(field.id for field in form.fields))
    return template(survey_round, form, survey_round.programme.pack.digest, filled)


def _order(form: Form) -> list[str]:
    return [form.key] if form.key else []


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
    return rows.join(streets, on="street", how="left")
