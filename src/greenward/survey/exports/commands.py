"""`greenward survey export …`: values, the dictionary and own files, for the whole territory."""

from datetime import date
from pathlib import Path

import click
from django.utils.translation import gettext as _

from greenward.core import clock
from greenward.core.console import answer, as_of_option, json_option
from greenward.programmes import queries as programmes
from greenward.survey.actions.exports import take_out, take_own_file
from greenward.survey.exports.chosen import WORDINGS, chosen_for
from greenward.survey.exports.dictionary import dictionary_rows
from greenward.survey.exports.documents import own_file_pdf
from greenward.survey.exports.formats import FORMATS, format_named
from greenward.survey.exports.own_file import own_file_for
from greenward.survey.exports.separated import dictionary_csv
from greenward.survey.exports.workbook import dictionary_workbook

out_option = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)


@click.group()
def export() -> None:
    """Values out again: files, the field dictionary, a community's own file."""


@export.command()
@out_option
@click.option("--format", "name", type=click.Choice(list(FORMATS)), help="By the file's ending if left out.")
@click.option("--place", "code", default="", help="Only below this place (12-digit code).")
@click.option("--level", default="", help="A level or a facility's sort; all if left out.")
@click.option("--form", "form_id", default="", help="Only what this form asks.")
@click.option("--fields", default="", help="Only these fields, by id, parted by commas.")
@click.option("--wording", type=click.Choice(WORDINGS), default="labels", show_default=True)
@click.option("--sources", is_flag=True, help="With the source of each value.")
@as_of_option
@json_option
def values(  # noqa: PLR0917 - click gives options by name
    out: Path,
    name: str | None,
    code: str,
    level: str,
    form_id: str,
    fields: str,
    wording: str,
    as_of: date,
    *,
    sources: bool,
    as_json: bool,
) -> None:
    """Write values as of a day to a file. Every community is in it: it is the system that asks."""
    form = format_named(name or _by_ending(out))
    chosen = chosen_for(
        None,
        as_of=as_of,
        place=code,
        subject=level,
        form=form_id,
        fields=[one for one in fields.split(",") if one],
        wording=wording,
        sources=sources,
    )
    pack = programmes.policy(programmes.current(as_of))
    with out.open("wb") as target:
        rows = take_out(chosen, pack, form, target, by=None, at=clock.now())
    data = {"file": str(out), "format": form.name, "as_of": as_of, "rows": rows, "bytes": out.stat().st_size}
    answer(data, as_json=as_json, text=_("已写入 %(file)s：%(rows)d 行。") % data)


@export.command()
@out_option
@as_of_option
@json_option
def dictionary(out: Path, as_of: date, *, as_json: bool) -> None:
    """Write the field dictionary as .xlsx or, for any other ending, .csv."""
    pack = programmes.policy(programmes.current(as_of))
    made = dictionary_workbook(pack) if out.suffix == ".xlsx" else dictionary_csv(pack)
    out.write_bytes(made)
    data = {"file": str(out), "fields": len(dictionary_rows(pack))}
    answer(data, as_json=as_json, text=_("已写入 %(file)s：%(fields)d 个字段。") % data)


@export.command("own-file")
@click.argument("code")
@out_option
@as_of_option
@json_option
def own_file(code: str, out: Path, as_of: date, *, as_json: bool) -> None:
    """Write a community's own file as PDF."""
    file = own_file_for(None, code, as_of=as_of)
    out.write_bytes(own_file_pdf(file))
    take_own_file(file.place, by=None, at=clock.now(), as_of=as_of)
    data = {"file": str(out), "code": code, "known": file.known, "asked": file.asked}
    answer(data, as_json=as_json, text=_("已写入 %(file)s。") % data)


def _by_ending(out: Path) -> str:
    return "csv.zip" if out.suffix == ".zip" else out.suffix.removeprefix(".")
