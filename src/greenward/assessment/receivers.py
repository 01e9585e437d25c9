"""Answers to new facts: the run of today takes them in, so that figures move at once."""

from collections.abc import Collection

from greenward.assessment import actions
from greenward.assessment.facts import registry
from greenward.assessment.models import Run
from greenward.core import clock
from greenward.programmes import queries as programmes


def take_in(places: Collection[int], **_event: object) -> None:
    """Refresh the stored run of today, if there is one; without one, figures are computed when asked for."""
    today = Run.objects.filter(as_of=clock.today())
    if not today.exists():  # most days: no more is asked then
        return
    run = today.select_related("programme__pack").first()
    if run is not None:
        actions.refresh(run=run, places=places, by=None, at=clock.now())


def take_in_records(places: Collection[int], records: str, **_event: object) -> None:
    """Do the same when something comes on record, where the edition in force names such records at all."""
    today = Run.objects.filter(as_of=clock.today()).select_related("programme__pack").first()
    if today is not None and registry.is_named(records, programmes.policy(today.programme)):
        actions.refresh(run=today, places=places, by=None, at=clock.now())
