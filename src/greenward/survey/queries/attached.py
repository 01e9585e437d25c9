"""Files that a place holds: those that were ever an answer about it."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import NotFoundError
from greenward.evidence.models import File
from greenward.evidence.queries import file_of, kept_by
from greenward.survey.models import Entry
from greenward.territories.models import Place
from greenward.territories.queries import get_place_for


def held_at(place: Place | int, digests: Collection[str]) -> set[str]:
    """Return which of ``digests`` were ever answered about the place. One query."""
    entries = Entry.objects.filter(place=place).values_list("values", flat=True)
    answers = {value for values in entries for value in values.values() if isinstance(value, str)}
    return answers & set(digests)


def file_for(user: User | AnonymousUser, place: str, digest: str) -> File:
    """Return a file of a place within the person's reach, or one that they handed in themselves.

    NotFoundError for every other: strangers cannot tell whether it exists.
    """
    version = get_place_for(user, place)
    found = file_of(digest)
    if found is None or not (
        held_at(version.place_id, [digest]) or (isinstance(user, User) and kept_by(user, [digest]))
    ):
        raise NotFoundError(_("没有找到这个附件。"), hint=_("请从填报页面打开附件。"), place=place)
    return found
