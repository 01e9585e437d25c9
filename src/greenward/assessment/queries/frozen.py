"""Frozen runs: what was found when something was declared or reported, read from there alone."""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment.models import FrozenRun, Result, Run
from greenward.core.errors import ConflictError, NotFoundError
from greenward.territories.models import Level
from greenward.territories.queries import places_for

COLUMNS = pl.Schema(
    {
        "code": pl.String,
        "verdict": pl.String,
        "statuses": pl.String,
        "points_least": pl.Int64,
        "points_most": pl.Int64,
        "level": pl.String,
        "participates": pl.Boolean,
    }
)
"""What is kept of each community."""
NAMES = ("verdict", "statuses", "points_least", "points_most", "level", "participates")


@dataclass(frozen=True)
class FrozenCount:
    """How many communities of a frozen run stand how, among those that the reader sees."""

    run: FrozenRun
    met: int
    unmet: int
    unknown: int

    @property
    def communities(self) -> int:
        """How many there are."""
        return self.met + self.unmet + self.unknown


def content_of(run: Run) -> str:
    """Return a stored run's results as the text that is kept: a line per community, by code."""
    rows = list(Result.objects.filter(run=run).order_by("place__code").values_list("place__code", *NAMES))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row").write_csv()


def digest_of(kept: FrozenRun) -> str:
    """Return the SHA-256 of everything that a frozen run says."""
    said = [kept.as_of.isoformat(), kept.reason, kept.edition, kept.pack_digest, kept.marks, kept.items]
    text = json.dumps([*said, kept.content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def results_of(kept: FrozenRun) -> pl.DataFrame:
    """Return the results by code, as they were; ConflictError where they no longer have their hash."""
    if digest_of(kept) != kept.digest:
        raise ConflictError(
            _("固定的对标结果 %(number)s 与其校验值不符。") % {"number": kept.pk},
            hint=_("数据库被绕过程序改动过；请从备份核对，并查操作记录。"),
            frozen=kept.pk,
        )
    # An empty text is a level that is none; nothing between two commas is null.
    return pl.read_csv(io.StringIO(kept.content), schema=COLUMNS)


def frozen_runs() -> list[FrozenRun]:
    """Return all frozen runs without their content, the newest first; for the command line."""
    return list(FrozenRun.objects.defer("content").select_related("programme__territory"))


def frozen_with_number(number: int) -> FrozenRun:
    """Return a frozen run; NotFoundError if there is none of that number."""
    kept = FrozenRun.objects.filter(pk=number).first()
    if kept is None:
        raise NotFoundError(
            _("没有编号为 %(number)s 的固定结果。") % {"number": number},
            hint=_("用 greenward assessment frozen 查看全部。"),
            number=number,
        )
    return kept


def frozen_for(user: User | AnonymousUser, number: int) -> tuple[FrozenCount, pl.DataFrame]:
    """Return a frozen run with the communities within the person's reach; NotFoundError where none is."""
    kept = frozen_with_number(number)
    places = places_for(user, on=kept.as_of).filter(place__level=Level.COMMUNITY)
    codes = list(places.values_list("place__code", flat=True))
    found = results_of(kept).filter(pl.col("code").is_in(codes))
    if not found.height:
        raise NotFoundError(_("没有编号为 %(number)s 的固定结果。") % {"number": number}, number=number)
    return counted(kept, found["verdict"].to_list()), found


def counted(kept: FrozenRun, verdicts: Sequence[str]) -> FrozenCount:
    """Return how many verdicts there are of each kind."""
    return FrozenCount(kept, verdicts.count("met"), verdicts.count("unmet"), verdicts.count("unknown"))
