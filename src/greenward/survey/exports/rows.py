"""The places of a subject with their values, block by block, so that memory stays bounded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from greenward.survey.exports.chosen import Chosen, Subject
from greenward.survey.exports.sources import sources_frame
from greenward.survey.exports.withholding import PATH, without_hidden
from greenward.survey.queries.values import copied, values_frame
from greenward.survey.sensitivity import Sight, sight_of
from greenward.survey.workbooks.communities import rows_of
from greenward.territories.models import Level
from greenward.territories.queries import versions_on

COMMUNITIES = 2000
"""Communities of a block."""
DEPTHS = {"district": 1, "subdistrict": 2, "community": 3, "compound": 4}
"""Where the code of what is above stands in a path."""
ABOVE: dict[Level, tuple[str, ...]] = {
    Level.COMMUNITY: ("district", "subdistrict"),
    Level.COMPOUND: ("district", "subdistrict", "community"),
    Level.FACILITY: ("district", "subdistrict", "community"),
    Level.BUILDING: ("district", "subdistrict", "community", "compound"),
}
PLACE = {"#id": pl.Int64(), "#code": pl.String(), "#name": pl.String(), PATH: pl.String()}


@dataclass(frozen=True)
class Block:
    """Some places of a subject.

    ``rows``: ``#id``, ``#code``, ``#name``, ``#path``, then ``#<level>`` and ``#<level>_code`` for each level
    above, then a column per field (``values.kind_of``), null where unknown or withheld. ``sources``: see
    :func:`sources_frame`; None where nobody asked for them.
    """

    subject: Subject
    rows: pl.DataFrame
    sources: pl.DataFrame | None


def blocks(chosen: Chosen, subject: Subject, *, size: int = COMMUNITIES) -> Iterator[Block]:
    """Yield the places of a subject by path, ``size`` communities at a time. Two or three queries a block."""
    places = placed(chosen, subject)
    sight = sight_of(chosen.person)
    for part in parts(places, size):
        yield _block(chosen, subject, part, sight)


def placed(chosen: Chosen, subject: Subject) -> pl.DataFrame:
    """Return the places of a subject with what is above them, by path; the first columns of a block."""
    query = chosen.places(subject).values_list("place_id", "place__code", "name", "path")
    places = rows_of(query, PLACE).sort(PATH)
    names = _names(chosen.as_of, ABOVE[subject.level], chosen)
    above = pl.col(PATH).str.split("/")
    for level in ABOVE[subject.level]:
        code = f"#{level}_code"
        places = places.with_columns(above.list.get(DEPTHS[level], null_on_oob=True).alias(code))
        places = places.join(
            names.rename({"name": f"#{level}"}),
            left_on=code,
            right_on="code",
            how="left",
            maintain_order="left",
        )
    return places


def one_block(chosen: Chosen, subject: Subject, places: pl.DataFrame) -> Block:
    """Return a block of just these places (rows of :func:`placed`)."""
    return _block(chosen, subject, places, sight_of(chosen.person))


def _block(chosen: Chosen, subject: Subject, places: pl.DataFrame, sight: Sight) -> Block:
    communities = community_ids(subject, places)
    values = values_frame(subject.form, chosen.as_of, communities)
    fields = [field.id for field in subject.fields]
    rows = places.join(
        values.select("place_id", *fields),
        left_on="#id",
        right_on="place_id",
        how="left",
        maintain_order="left",
    )
    rows = without_hidden(rows, subject.fields, sight)
    sources = None
    if chosen.sources:
        sources = sources_frame(subject.level, rows["#id"].to_list(), fields, chosen.as_of)
        sources = _of_what_is_shown(sources, rows, fields)
    return Block(subject, rows, sources)


def _of_what_is_shown(sources: pl.DataFrame, rows: pl.DataFrame, fields: Sequence[str]) -> pl.DataFrame:
    """Leave out the sources of values that are unknown or withheld."""
    known = rows.select("#id", *(pl.col(name).is_not_null() for name in fields)).unpivot(
        index="#id", variable_name="field", value_name="known"
    )
    return sources.join(
        known.filter("known"), left_on=["place_id", "field"], right_on=["#id", "field"], how="semi"
    )


def community_ids(subject: Subject, places: pl.DataFrame) -> list[int]:
    """Return the communities (ids) of rows of :func:`placed`."""
    if subject.level == Level.COMMUNITY:
        return places["#id"].to_list()
    codes = places["#community_code"].unique().to_list()
    found = copied(
        "SELECT id FROM territories_place WHERE code = ANY(%(codes)s)", {"codes": codes}, {"id": pl.Int64()}
    )
    return found["id"].to_list()


def parts(places: pl.DataFrame, size: int) -> Iterator[pl.DataFrame]:
    """Yield the places, cut between communities."""
    column = "#community_code" if "#community_code" in places.columns else "#code"
    number = places[column].rle_id() // size
    for (_number,), part in places.group_by(number.alias("#part"), maintain_order=True):
        yield part.drop("#part", strict=False)


def _names(day: date, levels: Sequence[str], chosen: Chosen) -> pl.DataFrame:
    """Return code and name of the places above; what is above the chosen place is named too."""
    top = chosen.place.path.split("/")[0]
    found = versions_on(day).filter(place__level__in=levels, path__startswith=f"{top}/")
    return rows_of(found.values_list("place__code", "name"), {"code": pl.String(), "name": pl.String()})
