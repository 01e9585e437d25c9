"""Reading kept files; who may read one, the module decides whose place holds it."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Sum

from greenward.accounts.models import User
from greenward.evidence.models import File, Keeping


def file_of(digest: str) -> File | None:
    """Return the kept file of this SHA-256 without its content (read when asked for); None for none."""
    return File.objects.defer("content").filter(digest=digest).first()


def kept_by(user: User | None, digests: Collection[str]) -> set[str]:
    """Return which of ``digests`` the person handed in; for the system, which are kept at all."""
    files = File.objects.filter(digest__in=list(digests))
    if user is not None:
        files = files.filter(keepings__by=user)
    return set(files.values_list("digest", flat=True))


def kept_since(user: User, moment: datetime) -> int:
    """Return how many bytes the person handed in since then."""
    mine = Keeping.objects.filter(by=user, at__gte=moment)
    return int(mine.aggregate(total=Sum("file__size"))["total"] or 0)
