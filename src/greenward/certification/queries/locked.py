"""Rows held until commit, always in the same order, so that two people on one case follow one another."""

from collections.abc import Collection

from greenward.certification.models import Application


def locked(applications: Collection[int]) -> list[Application]:
    """Return the applications locked until commit, by number; inside a transaction."""
    rows = Application.objects.select_for_update(no_key=True).filter(pk__in=list(applications))
    return list(rows.order_by("pk"))


def lock(application: Application) -> Application:
    """Return the application as it is now, and keep it so until commit."""
    held = Application.objects.select_for_update(of=("self",)).select_related("programme__pack", "place")
    return held.defer("programme__pack__content").get(pk=application.pk)
