"""`greenward survey xlsform …`: a form to field apps, and their submissions back."""

from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.core import clock
from greenward.core.console import answer, json_option
from greenward.survey import queries
from greenward.survey.actions.exports import take_xlsform
from greenward.survey.actions.submissions import Outcome, record_submissions
from greenward.survey.workbooks.opening import FROM_COMMAND_LINE
from greenward.survey.xlsform.reading import read_file
from greenward.territories.queries import place_with_code

form_option = click.option("--form", "form_id", default="community", show_default=True, help="The form's id.")


@click.group()
def xlsform() -> None:
    """Field apps (ODK, Kobo): forms out, submissions in."""


@xlsform.command()
@click.argument("round_code")
@form_option
@click.option("--place", "code", help="Only places below this one (12-digit code).")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The .xlsx to write."
)
@json_option
def make(round_code: str, form_id: str, code: str | None, out: Path, *, as_json: bool) -> None:
    """Write a form of a round as XLSForm; say which rules and fields it does not carry."""
    held, now = queries.get_round(round_code), clock.now()
    place = place_with_code(code) if code else held.programme.territory
    under = queries.standing(place, timezone.localdate(now))
    made = take_xlsform(held, form_id, under, by=None, at=now)
    out.write_bytes(made.content)
    data = {
        "file": str(out),
        "form_id": made.form_id,
        "version": made.version,
        "rules_left": [{"name": one.name, "rule": one.rule} for one in made.left],
        "fields_left": made.left_fields,
    }
    lines = [_("已写入 %(file)s（%(form_id)s，版本 %(version)s）。") % data]
    lines += [
        _("没有带上的规则：%(name)s  %(rule)s") % {"name": one.name, "rule": one.rule} for one in made.left
    ]
    if made.left_fields:
        lines.append(_("没有带上的字段：%(fields)s") % {"fields": "、".join(made.left_fields)})
    answer(data, as_json=as_json, text="\n".join(lines))


@xlsform.command("import")
@click.argument("round_code")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@form_option
@json_option
@click.pass_context
def import_(ctx: click.Context, round_code: str, file: Path, form_id: str, *, as_json: bool) -> None:
    """Take submissions in, each once. Exit status 1 when any was refused."""
    held = queries.get_round(round_code)
    found = read_file(file.name, file.read_bytes(), queries.form_of(held, form_id), FROM_COMMAND_LINE)
    done = record_submissions(held, form_id, found, by=None, at=clock.now())
    counts = {outcome.value: sum(one.outcome == outcome for one in done) for outcome in Outcome}
    refused = [one for one in done if one.outcome == Outcome.REFUSED]
    data = {
        "file": file.name,
        **counts,
        "problems": [
            {
                "label": one.label,
                "place": one.code,
                "code": one.problem,
                "message": one.message,
                "fields": one.fields,
            }
            for one in refused
        ],
    }
    lines = [
        _("记录 %(recorded)d，没有变化 %(unchanged)d，以前已收到 %(repeated)d，未收下 %(refused)d") % counts
    ]
    lines += [f"{one.label}  {one.code}  {one.message} {'；'.join(one.fields.values())}" for one in refused]
    answer(data, as_json=as_json, text="\n".join(lines))
    if refused:
        ctx.exit(1)
