"""``greenward certification simulate``: a district's year on a demonstration database, undone afterwards."""

from datetime import date

import click
from django.db import transaction
from django.utils.translation import gettext as _

from greenward.certification.cli import certification
from greenward.config.simulation.recount import Findings, look_back
from greenward.config.simulation.year import Term, play
from greenward.core.console import DAY, answer, json_option
from greenward.core.errors import ConflictError
from greenward.core.models import Demonstration
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import place_with_code, version_on

BEGINS, ENDS = date(2022, 1, 4), date(2022, 12, 31)


@certification.command()
@click.option("--district", required=True, help="The district's 12-digit code.")
@click.option("--seed", type=int, required=True, help="The same seed plays the same year.")
@click.option("--communities", type=click.IntRange(1, 2000), default=200, show_default=True)
@click.option("--from", "begins", type=DAY, default=BEGINS.isoformat(), show_default=True)
@click.option("--to", "ends", type=DAY, default=ENDS.isoformat(), show_default=True)
@click.option("--keep", is_flag=True, help="Keep what was played; without it everything is undone.")
@json_option
def simulate(
    district: str, seed: int, communities: int, begins: date, ends: date, *, keep: bool, as_json: bool
) -> None:
    """Play a district's year through the real actions and count again; exit 1 where something is wrong.

    Only on a demonstration database: officials are made for it, and it says so.
    """
    check_is_demonstration()
    place = _district(district, begins)
    with transaction.atomic():
        stage = play(place, seed=seed, term=Term(begins, ends), communities=communities)
        found = look_back(stage.programme, place, ends)
        if not keep:
            transaction.set_rollback(True)
    told = {
        "district": district,
        "seed": seed,
        "counted": dict(sorted(stage.counted.items())),
        "breaks": found.breaks,
        "strange": found.strange,
        "told": vars(found.told),
        "recounted": vars(found.counted),
        "sound": found.is_sound,
        "kept": keep,
    }
    answer(told, as_json=as_json, text=_report(place, told, found))
    if not found.is_sound:
        raise click.exceptions.Exit(1)


def check_is_demonstration() -> None:
    """Raise ConflictError on a database that is not marked as a demonstration."""
    if not Demonstration.objects.exists():
        raise ConflictError(
            _("这个数据库不是演示库，不能模拟。"),
            hint=_("请另用一个数据库：greenward demo load。"),
        )


def _district(code: str, on: date) -> PlaceVersion:
    place = version_on(place_with_code(code), on)
    if place is None or place.place.level != "district":
        raise ConflictError(
            _("%(code)s 不是区。") % {"code": code}, hint=_("请给出区的12位代码。"), code=code
        )
    return place


def _report(place: PlaceVersion, told: dict[str, object], found: Findings) -> str:
    counted = told["counted"]
    lines = [f"{place.name} {told['seed']}"]
    if isinstance(counted, dict):
        lines += [f"  {name}: {number}" for name, number in counted.items()]
    lines += [
        _("审计链：%(found)s") % {"found": _("完整") if not found.breaks else "、".join(found.breaks)},
        _("状态与流转：%(found)s")
        % {"found": _("都在表内") if not found.strange else "；".join(found.strange)},
        _("达标情况：%(told)s；重新计数：%(counted)s") % {"told": found.told, "counted": found.counted},
        _("已保留在库中。") if told["kept"] else _("已全部撤销，库中没有留下任何内容。"),
    ]
    return "\n".join(lines)


commands: list[click.Command] = []
"""None of its own: ``simulate`` stands in certification's group."""
"""The module's own group, which this command has joined."""
