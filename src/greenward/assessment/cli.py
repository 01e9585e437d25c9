"""``greenward assess`` and ``greenward attainment``.

The command line acts as the system: no permission is asked, and the audit trail shows no person.
"""

from dataclasses import asdict
from datetime import date

import click

from greenward.assessment import actions, queries
from greenward.assessment.api.schemas import AssessmentOut, AttainmentOut, RowOut
from greenward.assessment.models import FrozenRun, Result
from greenward.assessment.queries import frozen
from greenward.assessment.queries.editions import edition_named
from greenward.assessment.queries.reading import reading_of
from greenward.assessment.reading.outline import outlined
from greenward.assessment.reading.proof import proof_json
from greenward.core import clock, console
from greenward.packs import queries as packs
from greenward.packs.cli import pack_commands
from greenward.packs.schema.pack import Pack
from greenward.programmes import queries as programmes

SIGNS = {"met": "✓", "unmet": "✗", "unknown": "?", "not_applicable": "–"}


@click.command()
@click.option("--place", "code", help="Explain the community with this 12-digit code.")
@click.option("--all", "everything", is_flag=True, help="Assess every urban community and store the run.")
@console.as_of_option
@console.json_option
def assess(*, code: str | None, everything: bool, as_of: date, as_json: bool) -> None:
    """Hold one community, or all of them, against the standard as of a day."""
    if (code is None) is not everything:
        raise click.UsageError("Give either --place CODE or --all.")
    if code is None:
        _assess_all(as_of, as_json=as_json)
    else:
        _explain(code, as_of, as_json=as_json)


def _explain(code: str, as_of: date, *, as_json: bool) -> None:
    found = queries.assessment_with_code(code, as_of)
    lines = [f"{found.place.name} {found.as_of} {SIGNS[found.verdict]} {found.edition}"]
    for item in found.items:
        wanting = [*item.shortfalls, *(f"? {value.label}" for value in item.missing)]
        lines.append(f"{SIGNS[item.status]} {item.id:>3} {item.item.short}  {'；'.join(wanting)}".rstrip())
    data = AssessmentOut.of(found).model_dump(mode="json")
    console.answer(data, as_json=as_json, text="\n".join(lines))


def _assess_all(as_of: date, *, as_json: bool) -> None:
    run = actions.assess(programme=programmes.current(as_of), as_of=as_of, by=None, at=clock.now())
    verdicts = list(Result.objects.filter(run=run).values_list("verdict", flat=True))
    counts = {verdict: verdicts.count(verdict) for verdict in ("met", "unmet", "unknown")}
    data = {"as_of": as_of, "digest": run.pack_digest, "communities": len(verdicts), **counts}
    text = f"{len(verdicts)} communities: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.items())
    console.answer(data, as_json=as_json, text=text)


@click.command()
@console.as_of_option
@console.json_option
def attainment(*, as_of: date, as_json: bool) -> None:
    """Show city, districts and subdistricts against their targets as of a day."""
    rows = queries.attainment(as_of)
    data = AttainmentOut(as_of=as_of, rows=[RowOut.of(row) for row in rows]).model_dump(mode="json")
    lines = [
        f"{r.code} {r.both:>5}/{r.denominator:<5} target {r.target:>5} lacking {r.distance:>5} {r.name}"
        for r in rows
        if r.level != "subdistrict"
    ]
    console.answer(data, as_json=as_json, text="\n".join(lines))


@click.group("assessment")
def assessment_commands() -> None:
    """Read results: why a community has its verdict."""


@assessment_commands.command("explain")
@click.argument("code")
@click.option("--under", help="Another installed edition, such as beijing-2021@2021.2.")
@console.as_of_option
@console.json_option
def explain(*, code: str, under: str | None, as_of: date, as_json: bool) -> None:
    """Say why the community with this 12-digit code has its verdict, and what would change it."""
    edition = edition_named(under) if under else None
    reading = reading_of(queries.assessment_with_code(code, as_of, under=edition))
    console.answer(proof_json(reading), as_json=as_json, text="\n".join(outlined(reading)))


@pack_commands.command("effect")
@click.argument("subject")
@click.option("--against", required=True, help="The edition to compare with, such as beijing-2021/2021.2.")
@click.option("--district", default="", help="Only below the place with this 12-digit code.")
@console.as_of_option
@console.json_option
def effect(*, subject: str, against: str, district: str, as_of: date, as_json: bool) -> None:
    """Say who would gain and who would lose under SUBJECT: a draft's number, or pack/edition."""
    new, old = _pack_named(subject), _pack_named(against)
    found = queries.effect_of(new, old, as_of, under=district)
    lines = [
        (
            f"{found.total.communities} communities: met {found.total.met_before} -> "
            f"{found.total.met_after}, lose {found.total.lose}, gain {found.total.gain}"
        ),
        *(
            f"  {row.id:>4} better {row.better} worse {row.worse}  {row.title}"
            for row in found.items
            if row.differs
        ),
        *(f"- {one.code} {one.district} {one.street} {one.name}" for one in found.losing),
        *(f"+ {one.code} {one.district} {one.street} {one.name}" for one in found.gaining),
    ]
    console.answer(_effect_data(found), as_json=as_json, text="\n".join(lines))


def _pack_named(name: str) -> Pack:
    """Return the pack of a draft (its number) or of an edition (``pack/edition``, the latest of ``pack``)."""
    if name.isdigit():
        return packs.pack_of_draft(int(name))
    pack_id, _slash, edition = name.partition("/")
    return packs.pack(packs.installed(pack_id, edition or None))


def _effect_data(found: queries.Effect) -> dict[str, object]:
    return {
        "as_of": found.as_of,
        "total": asdict(found.total),
        "districts": [asdict(row) for row in found.districts],
        "items": [
            {"id": row.id, "old": row.old, "new": row.new, "better": row.better, "worse": row.worse}
            for row in found.items
        ],
        "losing": [{"code": one.code, "name": one.name, "district": one.district} for one in found.losing],
        "gaining": [{"code": one.code, "name": one.name, "district": one.district} for one in found.gaining],
    }


@assessment_commands.command("freeze")
@click.option("--reason", required=True, help="What it is for, such as the report of a quarter.")
@console.as_of_option
@console.json_option
def freeze(*, reason: str, as_of: date, as_json: bool) -> None:
    """Assess the day and keep the outcome for good: it can be read again, and never changed."""
    programme = programmes.current(as_of)
    kept = actions.freeze(programme=programme, as_of=as_of, reason=reason, by=None, at=clock.now())
    _answer(kept, as_json=as_json)


@assessment_commands.command("frozen")
@click.option("--number", type=int, help="Show this one, and check it against its hash.")
@console.json_option
def show_frozen(*, number: int | None, as_json: bool) -> None:
    """List what was frozen, or read one of them again."""
    if number is not None:
        _answer(frozen.frozen_with_number(number), as_json=as_json)
        return
    runs = frozen.frozen_runs()
    data = [
        {"number": run.pk, "as_of": run.as_of, "reason": run.reason, "digest": run.digest} for run in runs
    ]
    console.answer(data, as_json=as_json, text="\n".join(f"{run.pk:>4} {run}" for run in runs))


def _answer(kept: FrozenRun, *, as_json: bool) -> None:
    """Tell a frozen run; its hash is checked on the way."""
    count = frozen.counted(kept, frozen.results_of(kept)["verdict"].to_list())
    data: dict[str, object] = {
        "number": kept.pk,
        "as_of": kept.as_of,
        "reason": kept.reason,
        "edition": kept.edition,
        "digest": kept.digest,
        "communities": count.communities,
        "met": count.met,
        "unmet": count.unmet,
        "unknown": count.unknown,
    }
    console.answer(data, as_json=as_json, text="\n".join(f"{name}: {value}" for name, value in data.items()))


commands: list[click.Command] = [assess, attainment, assessment_commands]
