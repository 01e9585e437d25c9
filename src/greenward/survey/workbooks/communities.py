"""Which community a row is about: by code, or by a name that only one community within reach bears."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from greenward.accounts.models import User
from greenward.survey.queries.values import copied
from greenward.territories.models import Alias, Level
from greenward.territories.queries import places_for, urban_communities, versions_on
from greenward.territories.roles import Permission

TEXT, ID = pl.String(), pl.Int64()
OFFICES = r"(街道办事处|人民政府|街道|地区|镇|乡|新区|区)$"
COMMITTEES = r"(社区)?(居民委员会|居委会)$|社区$"
ASKED = ("code", "community", "street", "district")
"""What a row may say of its community, as written."""
MOST_CANDIDATES = 20
ROUNDED = r"(?i)^\d\.\d+e\+?1\d$"
"""A code that Excel showed as 9.90101E+11 and wrote so: its digits are gone."""


@dataclass(frozen=True)
class Candidate:
    """A community that a row may mean: what a person needs to choose."""

    code: str
    name: str
    street: str
    district: str


def bare(text: pl.Expr, ending: str) -> pl.Expr:
    """Return names without spaces, full-width signs and their usual ending; 一里社区居委会 → 一里."""
    plain = text.str.normalize("NFKC").str.replace_all(r"\s+", "")
    short = plain.str.replace(ending, "")
    return pl.when(short.str.len_chars() > 0).then(short).otherwise(plain)


def communities_within(by: User | None, day: date) -> pl.DataFrame:
    """Return the urban communities that ``by`` may survey, as of ``day``, the round's reference date.

    Columns: ``community_id``, ``code``, ``path``, ``name``, ``street`` and ``district`` (their names, null
    where there is none). Everybody's for the system (None).
    """
    found = urban_communities(day)
    if by is not None:
        reach = places_for(by, on=day, permission=Permission.SURVEY)
        found = found.filter(pk__in=reach.filter(place__level=Level.COMMUNITY).values("pk"))
    shape: dict[str, pl.DataType] = {"community_id": ID, "code": TEXT, "path": TEXT, "name": TEXT}
    communities = rows_of(found.values_list("place_id", "place__code", "path", "name"), shape)
    offices = rows_of(
        versions_on(day)
        .filter(place__level__in=[Level.DISTRICT, Level.SUBDISTRICT])
        .values_list("place__code", "name"),
        {"at": TEXT, "name": TEXT},
    )
    codes = pl.col("path").str.split("/")
    placed = communities.with_columns(
        at_district=codes.list.get(1, null_on_oob=True), at_street=codes.list.get(2, null_on_oob=True)
    )
    for level in ("district", "street"):
        names = offices.select(pl.col("at").alias(f"at_{level}"), pl.col("name").alias(level))
        placed = placed.join(names, on=f"at_{level}", how="left", maintain_order="left")
    return placed.drop("at_district", "at_street")


def rows_of(query: QuerySet[Any, Any], shape: dict[str, pl.DataType]) -> pl.DataFrame:
    """Return a query's rows as columns."""
    try:
        statement, parameters = query.order_by().query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking: somebody without any reach
        return pl.DataFrame(schema=shape)
    return copied(statement, parameters, shape)


def named(communities: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return every name of the communities: ``community_id``, ``bare`` and the offices above, bare."""
    aliases = rows_of(
        Alias.objects.filter(place__level=Level.COMMUNITY, during__contains=day).values_list(
            "place_id", "text"
        ),
        {"community_id": ID, "name": TEXT},
    )
    placed = communities.select(
        "community_id",
        "name",
        district_bare=bare(pl.col("district"), OFFICES),
        street_bare=bare(pl.col("street"), OFFICES),
    )
    where = ["community_id", "district_bare", "street_bare"]
    also = aliases.join(placed.select(where), on="community_id")
    names = pl.concat([placed.select("name", *where), also.select("name", *where)])
    return names.select(bare(pl.col("name"), COMMITTEES).alias("bare"), *where).unique()


def located(rows: pl.DataFrame, communities: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Return ``rows`` (``index`` and :data:`ASKED`, texts or null) with the community that they mean.

    ``community_id`` is null and ``where_problem`` a problem's code where the community is not certain;
    ``candidates`` are the ids of those that it may be.
    """
    by_code = rows.with_columns(
        code=pl.col("code").str.normalize("NFKC").str.replace_all(r"[\s'’‘`]", "").str.replace(r"\.0+$", "")
    ).join(communities.select("code", by_code="community_id"), on="code", how="left", maintain_order="left")
    asked = by_code.filter(pl.col("community").is_not_null()).select(
        "index",
        bare=bare(pl.col("community"), COMMITTEES),
        street_asked=bare(pl.col("street"), OFFICES),
        district_asked=bare(pl.col("district"), OFFICES),
    )
    by_name = _fitting(asked, names).group_by("index").agg(pl.col("community_id").unique().sort())
    by_name = by_name.rename({"community_id": "candidates"})
    found = by_code.join(by_name, on="index", how="left", maintain_order="left").with_columns(*_decided())
    return found.with_columns(candidates=_worth_asking())


def candidates(communities: pl.DataFrame, ids: Iterable[int]) -> tuple[Candidate, ...]:
    """Return the communities with these ids as people know them, by code, at most :data:`MOST_CANDIDATES`."""
    found = communities.filter(pl.col("community_id").is_in(list(ids))).sort("code").head(MOST_CANDIDATES)
    columns = found.select("code", "name", pl.col("street", "district").fill_null(""))
    return tuple(Candidate(*row) for row in columns.iter_rows())


def _fitting(asked: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Return ``index`` and ``community_id`` of every name that fits: bare, else with its office before it.

    东街街道一里社区 is 一里 of 东街; 甲区东街一里 too.
    """
    fits = asked.join(names, on="bare")
    missing = asked.join(fits.select("index"), on="index", how="anti")
    if missing.height:
        parts = [pl.col("street_bare"), pl.lit("街道"), pl.col("bare")]
        with_offices = [
            names.with_columns(bare=pl.concat_str(before + after))
            for before in ([], [pl.col("district_bare")], [pl.col("district_bare"), pl.lit("区")])
            for after in (parts, [parts[0], parts[2]], [parts[0], pl.lit("镇"), parts[2]],
                          [parts[0], pl.lit("地区"), parts[2]], [parts[0], pl.lit("乡"), parts[2]])
        ]  # fmt: skip
        longer = pl.concat(with_offices).unique()
        fits = pl.concat([fits, missing.join(longer, on="bare")])
    return fits.filter(
        (pl.col("street_asked").is_null() | (pl.col("street_asked") == pl.col("street_bare")))
        & (pl.col("district_asked").is_null() | (pl.col("district_asked") == pl.col("district_bare")))
    )


def _decided() -> Sequence[pl.Expr]:
    count = pl.col("candidates").list.len().fill_null(0)
    has_code = pl.col("code").is_not_null() & (pl.col("code") != "")
    agrees = pl.col("community").is_null() | pl.col("candidates").list.contains(pl.col("by_code")).fill_null(
        value=False
    )
    certain = pl.when(has_code & agrees).then(pl.col("by_code")).when(~has_code & (count == 1))
    return (
        certain.then(pl.col("candidates").list.first()).alias("community_id"),
        pl.when(has_code & pl.col("by_code").is_null() & pl.col("code").str.contains(ROUNDED))
        .then(pl.lit("code_rounded"))
        .when(has_code & pl.col("by_code").is_null())
        .then(pl.lit("community_not_found"))
        .when(has_code & ~agrees)
        .then(pl.lit("code_and_name_differ"))
        .when(~has_code & pl.col("community").is_null())
        .then(pl.lit("community_missing"))
        .when(~has_code & (count == 0))
        .then(pl.lit("community_not_found"))
        .when(~has_code & (count > 1))
        .then(pl.lit("community_ambiguous"))
        .alias("where_problem"),
    )


def _worth_asking() -> pl.Expr:
    """Return the candidates of rows that are not certain; a code that was found is one of them."""
    both = pl.concat_list(
        pl.col("candidates").fill_null(pl.lit([], dtype=pl.List(ID))),
        pl.concat_list(pl.col("by_code")).list.drop_nulls(),
    ).list.unique()
    return pl.when(pl.col("where_problem").is_not_null()).then(both.list.sort())
