"""`greenward survey plan`, and the options that say what a round asks."""

from datetime import date

import click
from django.utils.translation import gettext as _

from greenward.core import clock
from greenward.core.console import DAY, answer, json_option
from greenward.core.errors import NotFoundError
from greenward.packs.schema.pack import Pack
from greenward.programmes import queries as programmes
from greenward.survey.planning.estimate import Cost, Estimate, estimate
from greenward.survey.states import Asks

forms_option = click.option(
    "--form", "forms", multiple=True, help="A form's id; may be given several times. All of them if left out."
)
asks_option = click.option(
    "--asks",
    type=click.Choice(Asks.values),
    default=Asks.EXPIRED.value,
    show_default=True,
    help="Ask what has expired or is missing, or everything.",
)
FIGURES = ("fields", "cost", "not_applicable", "elsewhere", "known", "again", "asked")


@click.command("plan")
@forms_option
@asks_option
@click.option("--reference-on", type=DAY, help="The reference date; today if left out.")
@json_option
def plan_round(forms: tuple[str, ...], asks: str, reference_on: date | None, *, as_json: bool) -> None:
    """Say what a round would ask, and what is known already. Changes nothing."""
    today = clock.today()
    pack = programmes.policy(programmes.current(today))
    chosen = _chosen(pack, forms)
    found = estimate(pack, chosen, asks=Asks(asks), reference_on=reference_on or today, day=today)
    costs = [found.whole, *(form.own for form in found.forms)]
    answer(_as_data(found), as_json=as_json, text="\n".join(_line(cost) for cost in costs))


def _chosen(pack: Pack, forms: tuple[str, ...]) -> tuple[str, ...]:
    strange = sorted(set(forms) - set(pack.form_by_id))
    if strange:
        raise NotFoundError(
            _("没有表“%(form)s”。") % {"form": "、".join(strange)},
            hint=_("可用的表：%(forms)s。") % {"forms": "、".join(pack.form_by_id)},
            form=strange[0],
        )
    return forms or tuple(pack.form_by_id)


def _as_data(found: Estimate) -> dict[str, object]:
    return {
        "communities": found.communities,
        "median": found.median,
        "highest": found.highest,
        **_figures(found.whole),
        "forms": [{"form": form.own.key, **_figures(form.own)} for form in found.forms],
        "held": [{"department": one.title, "asked": one.asked} for one in found.held],
    }


def _figures(cost: Cost) -> dict[str, object]:
    return {name: getattr(cost, name) for name in FIGURES}


def _line(cost: Cost) -> str:
    return _("%(title)s：成本 %(cost)d，已知有效 %(known)d，要问 %(asked)d") % {
        "title": cost.title,
        "cost": cost.cost,
        "known": cost.known,
        "asked": cost.asked,
    }
