"""The large figures on top of a dashboard, each with its base and its definition."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from greenward.assessment.queries import AttainmentRow
from greenward.workspace.queries.scene import Scene
from greenward.workspace.web.steps import dated


@dataclass(frozen=True)
class Headline:
    """A rate in percent (None: unknown), its base, its unit, and the page with definition and list."""

    label: StrOrPromise
    share: float | None
    numerator: int | None
    denominator: int
    unit: StrOrPromise
    address: str


def headlines_of(scene: Scene, request: HttpRequest) -> list[Headline]:
    """Return the headlines, the policy's own measure first."""
    return [*_rates(scene.own, request), *_coverage(scene, request)]


def _rates(own: AttainmentRow, request: HttpRequest) -> Iterator[Headline]:
    rates = (
        ("both", _("参与创建并达到要求"), own.attained_percent, own.both),
        ("participating", _("参与创建"), own.participating_percent, own.participating),
        ("meeting", _("达到要求"), own.meeting_percent, own.meeting),
        ("unknown", _("资料不全"), own.unknown_percent, own.unknown),
    )
    for measure, label, share, number in rates:
        address = dated(request, "assessment:definition", measure, place=own.code)
        yield Headline(label, share, number, own.denominator, _("个社区"), address)


def _coverage(scene: Scene, request: HttpRequest) -> Iterator[Headline]:
    covered = scene.covered.get(scene.own.path)
    if covered is not None:
        address = dated(request, "survey:coverage", covered.survey_round, place=scene.own.code)
        yield Headline(_("已摸底 / 应摸底"), covered.share, covered.done, covered.due, _("个社区"), address)
