"""`greenward survey`: rounds, coverage, the template, and bringing a workbook back in."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.core import clock
from greenward.core.console import DAY, answer, as_of_option, json_option
from greenward.core.errors import NotFoundError
from greenward.programmes import queries as programmes
from greenward.survey import actions, queries
from greenward.survey.exports.commands import export
from greenward.survey.models import Round
from greenward.survey.planning.commands import asks_option, forms_option, plan_round
from greenward.survey.states import Asks
from greenward.survey.workbooks.opening import FROM_COMMAND_LINE, open_workbook
from greenward.survey.workbooks.plan import plan
from greenward.survey.xlsform.commands import xlsform
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import place_with_code

round_option = click.option(
    "--round", "round_code", help="The round's code; the newest open one if left out."
)
form_option = click.option(
    "--form", "form_id", default="community", show_default=True, help="The form's id, or all of them: all."
)
EVERY_FORM = "all"


@click.group()
def survey() -> None:
    """Baseline survey: rounds, coverage, workbooks, exports, field apps."""


survey.add_command(export)
survey.add_command(xlsform)


@survey.command()
@as_of_option
@json_option
def rounds(as_of: date, *, as_json: bool) -> None:
    """List the rounds with the communities due and done."""
    rows = []
    for held in queries.rounds():
        covered = queries.coverage_of(held, _territory(held), as_of)
        rows.append(
            {"code": held.code, "reference_on": held.reference_on, "due": covered.due, "done": covered.done}
        )
    lines = (f"{row['code']}  {row['reference_on']}  {row['done']}/{row['due']}" for row in rows)
    answer(rows, as_json=as_json, text="\n".join(lines))


@survey.command()
@round_option
@click.option("--place", "code", help="12-digit code; the whole territory if left out.")
@as_of_option
@json_option
def coverage(round_code: str | None, code: str | None, as_of: date, *, as_json: bool) -> None:
    """Count the communities surveyed below a place, by district, subdistrict or community."""
    held = _round(round_code)
    place = _place(held, code) if code else _territory(held)
    rows = [queries.coverage_of(held, place, as_of), *queries.coverage_below(held, place, as_of)]
    listed = [
        {
            "code": row.place.place.code,
            "name": row.place.name,
            "level": row.place.place.level,
            "due": row.due,
            "done": row.done,
            "started": row.started,
        }
        for row in rows
    ]
    data = {"round": held.code, "as_of": as_of, "rows": listed}
    lines = (f"{row['code']}  {row['name']}  {row['done']}/{row['due']}" for row in listed)
    answer(data, as_json=as_json, text="\n".join(lines))


@survey.command()
@form_option
@round_option
@click.option("--place", "code", help="Only the communities below this place (12-digit code).")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The .xlsx to write."
)
@json_option
def template(form_id: str, round_code: str | None, code: str | None, out: Path, *, as_json: bool) -> None:
    """Write the workbook to fill in, with what is known already."""
    held = _round(round_code)
    under = _place(held, code).path if code else _territory(held).path
    content = queries.template_for(None, held, _form(form_id), under=under)
    out.write_bytes(content)
    answer(
        {"file": str(out), "round": held.code, "form": form_id, "bytes": len(content)},
        as_json=as_json,
        text=_("已写入 %(file)s") % {"file": out},
    )


@survey.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@round_option
@form_option
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--only-valid", is_flag=True, help="Import the sound rows although others have problems.")
@json_option
@click.pass_context
def import_(
    ctx: click.Context,
    file: Path,
    round_code: str | None,
    form_id: str,
    *,
    dry_run: bool,
    only_valid: bool,
    as_json: bool,
) -> None:
    """Bring a workbook in: all of it or nothing. Exit status 1 when rows have problems."""
    held = _round(round_code)
    report, number = _brought_in(held, form_id, file, dry_run=dry_run, only_valid=only_valid)
    imported = number is not None
    data = {
        "file": file.name,
        "round": held.code,
        "dry_run": dry_run,
        **{name: report[name] for name in ("rows", "accepted", "rejected", "problems", "warnings", "notes")},
        "imported": imported,
        "number": number,
    }
    answer(data, as_json=as_json, text=_told(report, imported=imported))
    if report["rejected"]:
        ctx.exit(1)


@survey.command("undo-import")
@click.argument("number", type=int)
@round_option
@json_option
def undo_import(number: int, round_code: str | None, *, as_json: bool) -> None:
    """Take an import of the command line back as a whole, until somebody builds on it."""
    done = actions.undo_import(queries.get_import(_round(round_code), number), by=None, at=clock.now())
    data = {"number": done.pk, "undone": done.report["undone"], "withdrawn": done.report["withdrawn"]}
    answer(data, as_json=as_json, text=_("已撤回 %(undone)d 条记录。") % data)


@survey.command()
@click.argument("code")
@click.option("--title", required=True)
@click.option("--reference-on", type=DAY, required=True)
@click.option("--opens-on", type=DAY, required=True)
@click.option("--closes-on", type=DAY, required=True)
@forms_option
@asks_option
@json_option
def open_round(
    code: str,
    *,
    title: str,
    reference_on: date,
    opens_on: date,
    closes_on: date,
    forms: tuple[str, ...],
    asks: str,
    as_json: bool,
) -> None:
    """Open a round for the programme in force."""
    made = actions.open_round(
        programme=programmes.current(),
        code=code,
        title=title,
        reference_on=reference_on,
        opens_on=opens_on,
        closes_on=closes_on,
        forms=forms,
        asks=Asks(asks),
        by=None,
        at=clock.now(),
    )
    answer({"code": made.code, "reference_on": made.reference_on}, as_json=as_json, text=made.code)


@survey.command()
@click.argument("code")
@json_option
def close_round(code: str, *, as_json: bool) -> None:
    """Close a round: it takes no more values."""
    closed = actions.close_round(queries.get_round(code), by=None, at=clock.now())
    answer(
        {"code": closed.code, "closed_at": closed.closed_at},
        as_json=as_json,
        text=_("已关闭 %(code)s。") % {"code": closed.code},
    )


def _brought_in(
    held: Round, form_id: str, file: Path, *, dry_run: bool, only_valid: bool
) -> tuple[dict[str, Any], int | None]:
    """Return what the import said and, where it was done, its number."""
    content, now = file.read_bytes(), clock.now()
    if dry_run:
        workbook = open_workbook(file.name, content, FROM_COMMAND_LINE)
        form = queries.form_of(held, form_id) if _form(form_id) else None
        planned = plan(held, form, workbook, by=None, today=timezone.localdate(now))
        return planned.report(), None
    try:
        done = actions.import_workbook(
            held, _form(form_id), file.name, content, by=None, at=now, only_valid=only_valid
        )
    except actions.FaultyRowsError as error:
        return error.report, None
    return done.report, done.pk


def _form(form_id: str) -> str:
    """Return the form's id as actions take it: empty where each sheet says its own."""
    return "" if form_id == EVERY_FORM else form_id


def _told(report: dict[str, Any], *, imported: bool) -> str:
    head = _("%(rows)d 行：可导入 %(accepted)d，有问题 %(rejected)d") % report
    said = _("已导入。") if imported else _("没有导入。")
    wrong = [_line(one) for one in report["problems"]]
    doubtful = [_("请核对：%(line)s") % {"line": _line(one)} for one in report["warnings"]]
    return "\n".join([head, *report["notes"], *wrong, *doubtful, said])


def _line(one: dict[str, Any]) -> str:
    return f"{one['sheet']} {one['column']}{one['row']}  {one['value']}  {one['message']}"


def _round(code: str | None) -> Round:
    if code is not None:
        return queries.get_round(code)
    held = queries.current_round()
    if held is None:
        raise NotFoundError(_("还没有摸底轮次。"), hint=_("先用 greenward survey open-round 开一个轮次。"))
    return held


def _territory(held: Round) -> PlaceVersion:
    return queries.standing(held.programme.territory, held.reference_on)


def _place(held: Round, code: str) -> PlaceVersion:
    return queries.standing(place_with_code(code), held.reference_on)


survey.add_command(plan_round)
commands: list[click.Command] = [survey]
