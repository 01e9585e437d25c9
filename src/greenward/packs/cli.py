"""The command ``greenward pack``: check, install, compare and show packs."""

import json
from pathlib import Path

import click
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.console import answer, json_option, no_database
from greenward.packs import actions, queries
from greenward.packs.diff import compare
from greenward.packs.drafting.written import texts_of
from greenward.packs.loader.editors import editor_schemas
from greenward.packs.loader.loading import check, load, read
from greenward.packs.models import Draft, InstalledPack
from greenward.packs.queries.drafts import placed_problems
from greenward.packs.workbook.reading import drafted
from greenward.packs.workbook.writing import workbook_of

FOLDER = click.Path(path_type=Path)
SCHEMAS = Path("docs/reference/pack")


@click.group("pack")
def pack_commands() -> None:
    """Packs: a programme's policy as a folder of YAML."""


@pack_commands.command("check")
@click.argument("folder", type=FOLDER)
@json_option
@no_database
def check_command(folder: Path, *, as_json: bool) -> None:
    """Report every fault of the pack in FOLDER; exit status 1 when there is one."""
    problems = check(folder)
    data = {"ok": not problems, "problems": [problem.as_dict() for problem in problems]}
    lines = [str(problem) for problem in problems] or ["ok"]
    answer(data, as_json=as_json, text="\n".join(lines))
    if problems:
        raise click.exceptions.Exit(1)


@pack_commands.command("install")
@click.argument("folder", type=FOLDER)
@json_option
def install_command(folder: Path, *, as_json: bool) -> None:
    """Install the pack in FOLDER as an immutable edition."""
    edition = actions.install(folder, by=None, at=clock.now())
    answer(_card(edition), as_json=as_json, text=_line(edition))


@pack_commands.command("diff")
@click.argument("old", type=FOLDER)
@click.argument("new", type=FOLDER)
@json_option
@no_database
def diff_command(old: Path, new: Path, *, as_json: bool) -> None:
    """Say what the pack in NEW changes against the one in OLD."""
    changes = compare(load(old), load(new))
    data = {"changes": [change.as_dict() for change in changes]}
    answer(data, as_json=as_json, text="\n".join(str(change) for change in changes) or "=")


@pack_commands.command("show")
@click.argument("pack_id", required=False)
@click.option("--edition", help="Which edition; the latest when left out.")
@json_option
def show_command(pack_id: str | None, edition: str | None, *, as_json: bool) -> None:
    """List the installed editions, or show one with its standard, targets and duties."""
    if pack_id is None:
        editions = list(queries.installed_packs())
        data = {"packs": [_card(each) for each in editions]}
        answer(data, as_json=as_json, text="\n".join(_line(each) for each in editions))
        return
    found = queries.installed(pack_id, edition)
    answer(_card(found) | {"content": found.content}, as_json=as_json, text=_summary(found))


@pack_commands.command("schema")
@click.option("--out", type=FOLDER, default=SCHEMAS, show_default=True)
@no_database
def schema_command(out: Path) -> None:
    """Write the JSON Schemas that let an editor help with a pack."""
    out.mkdir(parents=True, exist_ok=True)
    for name, schema in editor_schemas().items():
        (out / name).write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        click.echo(str(out / name))


@pack_commands.command("template")
@click.option("--from", "source", required=True, help="A pack's folder, or an installed pack/edition.")
@click.option("--out", type=FOLDER, required=True, help="The workbook to write (.xlsx).")
@click.option("--empty", is_flag=True, help="Without the pack's own indicators.")
def template_command(source: str, out: Path, *, empty: bool) -> None:
    """Write a pack's standard as a workbook to be filled in."""
    texts, _edition = _source(source)
    out.write_bytes(workbook_of(texts, filled=not empty))
    click.echo(str(out))


@pack_commands.command("draft")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--from", "source", required=True, help="A pack's folder, or an installed pack/edition.")
@click.option("--out", type=FOLDER, help="Write a folder instead of a draft in the product.")
@click.option("--by", "username", help="Whose draft it is: the account's name.")
@click.option("--title", default="", help="What the draft is called.")
@json_option
def draft_command(
    file: Path, source: str, out: Path | None, username: str | None, title: str, *, as_json: bool
) -> None:
    """Read a workbook into a draft; every fault at its cell; exit status 1 when there is one."""
    texts, edition = _source(source)
    found = drafted(file.read_bytes(), texts)
    placed = placed_problems(read(found.texts), found.cells) if not found.faults else ()
    data: dict[str, object] = {
        "rows": found.rows,
        "cells": [fault.as_dict() for fault in found.faults],
        "problems": [{**one.problem.as_dict(), "cell": one.cell} for one in placed],
    }
    lines = [str(fault) for fault in found.faults]
    lines += [f"{one.cell}: {one.problem}" if one.cell else str(one.problem) for one in placed]
    if not found.faults and out is not None:
        for path, text in found.texts.items():
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            (out / path).write_text(text, encoding="utf-8")
        lines.append(str(out))
    elif not found.faults and edition is not None and username:
        by = User.objects.get(username=username)
        made = actions.begin_from_workbook(
            file.read_bytes(), edition, filename=file.name, title=title or file.stem, by=by, at=clock.now()
        )
        data["draft"] = made.pk
        lines.append(_("草稿 {n}").format(n=made.pk))
    answer(data, as_json=as_json, text="\n".join(lines) or "ok")
    if found.faults or placed:
        raise click.exceptions.Exit(1)


@pack_commands.command("drafts")
@json_option
def drafts_command(*, as_json: bool) -> None:
    """List the drafts of editions and where they stand."""
    found = list(Draft.objects.select_related("base", "published").order_by("-pk"))
    data = {
        "drafts": [
            {"id": one.pk, "title": one.title, "pack": one.pack_id, "state": one.state} for one in found
        ]
    }
    answer(data, as_json=as_json, text="\n".join(f"{one.pk} {one.state} {one}" for one in found))


def _source(name: str) -> tuple[dict[str, str], InstalledPack | None]:
    """Return the files of a folder or of an installed edition, and the edition."""
    if Path(name).is_dir():
        return texts_of(load(Path(name))), None
    pack_id, _slash, number = name.partition("/")
    edition = queries.installed(pack_id, number or None)
    return texts_of(queries.pack(edition)), edition


def _card(edition: InstalledPack) -> dict[str, object]:
    return {
        "id": edition.pack_id,
        "edition": edition.edition,
        "digest": edition.digest,
        "installed_at": localtime(edition.installed_at),
    }


def _line(edition: InstalledPack) -> str:
    return f"{edition} {edition.digest[:12]} {localtime(edition.installed_at):%Y-%m-%d}"


def _summary(edition: InstalledPack) -> str:
    pack = queries.pack(edition)
    lines = [_line(edition), str(pack.manifest.title), ""]
    for item in pack.item_by_id.values():
        doubt = "" if item.verified else _("（文本待核）")
        lines.append(f"{item.id:>4} {item.title}{doubt} [{item.clause}]  {item.rule or ''}".rstrip())
        lines += [f"{part.id:>9} {part.title}  {part.rule or ''}".rstrip() for part in item.indicators]
    for refinement in pack.refinements:
        lines += ["", f"{refinement.district} {refinement.title}"]
        lines += [f"{own.id:>9} → {own.item} {own.title}  {own.rule}" for own in refinement.indicators]
    lines += ["", *(f"{target.due} {target.level} {target.definition}" for target in pack.targets)]
    lines += ["", *(f"{duty.title} → {duty.to} [{duty.clause}]" for duty in pack.duties)]
    return "\n".join(lines)


commands: list[click.Command] = [pack_commands]
