"""Running a standard over every urban community, and taking in what changed since."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone

from greenward.accounts.models import User
from greenward.assessment import access, rules
from greenward.assessment.facts import registry
from greenward.assessment.facts.measures import PARTICIPATES
from greenward.assessment.facts.registry import PLACE
from greenward.assessment.models import FrozenRun, Result, Run, SeenChange, VerdictChange
from greenward.assessment.queries import frozen, peers
from greenward.assessment.queries.verdicts import PLACES, assessed, marks_on, stored
from greenward.core import audit
from greenward.core.bulk import copy_csv
from greenward.packs.schema.pack import Pack
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.territories.queries import urban_communities, versions_on

FOUND = ["statuses", "verdict", "points_least", "points_most", "level"]
STORED = [PLACE, *FOUND, "participates"]
MOST_CHANGES = 5000
"""A run that moves more communities than this is a new survey, not news; its changes are not listed."""


@transaction.atomic
def assess(*, programme: Programme, as_of: date, by: User | None, at: datetime) -> Run:
    """Assess every urban community of the day and store the run; an earlier run of the day is replaced.

    Raises NotAllowedError. Communities whose items moved since the earlier run are recorded as changes.
    """
    access.check_may_assess(by, _territory(programme, as_of))
    run = _locked(programme, as_of, at)
    _take_in(run, programme, None, at)
    audit.record("assessment.assess", run, by=by, at=at, as_of=as_of, digest=run.pack_digest)
    return run


@transaction.atomic
def refresh(*, run: Run, places: Collection[int] = (), by: User | None, at: datetime) -> Run:
    """Assess only what changed since the run: the communities touched, new or gone, and ``places``.

    A run of another edition is assessed as a whole. Raises NotAllowedError.
    """
    programme = run.programme
    access.check_may_assess(by, _territory(programme, run.as_of))
    run = _locked(programme, run.as_of, at)
    whole = run.pack_digest != programme.pack.digest
    pack = programmes.policy(programme)
    touched = None if whole else registry.touched_since(run.marks, run.as_of, pack) | set(places)
    count = _take_in(run, programme, touched, at)
    audit.record("assessment.refresh", run, by=by, at=at, as_of=run.as_of, communities=count)
    return run


@transaction.atomic
def freeze(*, programme: Programme, as_of: date, reason: str, by: User | None, at: datetime) -> FrozenRun:
    """Assess the day anew and keep the outcome for good, for a declaration or a report.

    Raises NotAllowedError, and InvalidInputError without a reason.
    """
    access.check_may_assess(by, _territory(programme, as_of))
    access.check_reason(reason)
    run = assess(programme=programme, as_of=as_of, by=by, at=at)
    kept = FrozenRun(
        programme=programme,
        as_of=as_of,
        reason=reason.strip(),
        edition=str(programme.pack),
        pack_digest=run.pack_digest,
        marks=run.marks,
        items=[item.id for item in programmes.policy(programme).standard.items],
        content=frozen.content_of(run),
        at=at,
        by=by,
    )
    kept.digest = frozen.digest_of(kept)
    kept.save()
    audit.record("assessment.freeze", kept, by=by, at=at, as_of=as_of, digest=kept.digest)
    return kept


def _territory(programme: Programme, on: date) -> str:
    path = versions_on(on).filter(place=programme.territory_id).values_list("path", flat=True).first()
    return path or ""


def _locked(programme: Programme, as_of: date, at: datetime) -> Run:
    """Return the day's run, made if need be, with its row locked until the commit."""
    Run.objects.get_or_create(
        programme=programme,
        as_of=as_of,
        defaults={"pack_digest": programme.pack.digest, "computed_at": at},
    )
    return Run.objects.select_for_update(of=("self",)).get(programme=programme, as_of=as_of)


def _take_in(run: Run, programme: Programme, touched: Collection[int] | None, at: datetime) -> int:
    """Assess the touched communities (None: all) and store them; return how many were assessed."""
    pack = programmes.policy(programme)
    seen = marks_on(run.as_of, pack)  # read before the facts: a change in between is seen again next time
    if touched is not None:
        touched = peers.with_peers(run, pack, touched)
    urban, before = urban_communities(run.as_of), Result.objects.filter(run=run)
    if touched is not None and seen[PLACES] == run.marks.get(PLACES):
        urban, before = urban.filter(place__in=touched), before.filter(place__in=touched)
    counting = list(urban.order_by("place_id").values_list("place_id", flat=True))
    known = stored(before)
    assessed_before = set(known[PLACE].to_list())
    gone = assessed_before.difference(counting)
    places = [p for p in counting if touched is None or p in touched or p not in assessed_before]
    outcome, facts = assessed(pack, run.as_of, places)
    taking_part = registry.frame_of(pack, [PARTICIPATES], run.as_of, places)
    after = outcome.join(taking_part, on=PLACE, how="left", maintain_order="left")
    if run.pack_digest == programme.pack.digest:
        _record_changes(run, pack, known.join(after, on=PLACE, suffix="_new"), facts, at)
    _store(run, after.join(known, on=STORED, how="anti", nulls_equal=True), assessed_before, gone)
    run.marks, run.pack_digest, run.computed_at = seen, programme.pack.digest, at
    run.save(update_fields=["marks", "pack_digest", "computed_at"])
    return len(places)


def _store(run: Run, moved: pl.DataFrame, before: AbstractSet[int], gone: AbstractSet[int]) -> None:
    """Put the results that are new or moved in by COPY, and take away those of places that do not count."""
    replaced = [place for place in moved[PLACE].to_list() if place in before]
    if replaced or gone:
        Result.objects.filter(run=run, place__in=[*replaced, *gone]).delete()
    rows = moved.select(pl.lit(run.pk).alias("run"), *STORED).write_csv(include_header=False)
    copy_csv(Result, ["run_id", "place_id", *FOUND, "participates"], rows.encode())


def _record_changes(run: Run, pack: Pack, both: pl.DataFrame, facts: pl.DataFrame, at: datetime) -> None:
    moved = both.filter(pl.col("statuses") != pl.col("statuses_new"))
    if not moved.height or moved.height > MOST_CHANGES:
        return
    places = moved[PLACE].to_list()
    new = {row[PLACE]: row for row in facts.filter(pl.col(PLACE).is_in(places)).to_dicts()}
    old = {row[PLACE]: row for row in _facts_then(run, pack, places).to_dicts()}
    VerdictChange.objects.bulk_create(
        VerdictChange(
            run=run,
            place_id=row[PLACE],
            old=row["verdict"],
            new=row["verdict_new"],
            items=_moved_items(pack, row["statuses"], row["statuses_new"], old[row[PLACE]], new[row[PLACE]]),
            at=at,
        )
        for row in moved.to_dicts()
    )


def _facts_then(run: Run, pack: Pack, places: Sequence[int]) -> pl.DataFrame:
    """Return the facts as the run knew them: as of its day, with the changes that it had seen."""
    named = rules.facts_named_by(pack, rules.standard_of(pack))
    return registry.frame_of(pack, named, run.as_of, places, seen=run.marks)


def _moved_items(
    pack: Pack, before: str, after: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> list[dict[str, Any]]:
    found = []
    for item, was, now in zip(pack.standard.items, before, after, strict=True):
        if was != now:
            names = {name for rule in rules.rules_of(item) for name in rule.facts} & set(new)
            facts = [
                {"fact": name, "old": _plain(old.get(name)), "new": _plain(new[name])}
                for name in sorted(names)
            ]
            found.append({"item": item.id, "old": was, "new": now, "facts": facts})
    return found


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def see(*, changes: Collection[VerdictChange], by: User, at: datetime) -> int:
    """Mark changes as seen by a person; return how many were new for them. Raises NotAllowedError.

    Seeing something twice changes nothing.
    """
    places = {change.place_id for change in changes}
    paths = versions_on(timezone.localdate(at)).filter(place__in=places).values_list("path", flat=True)
    access.check_may_see(by, paths)
    known = set(SeenChange.objects.filter(person=by, change__in=changes).values_list("change_id", flat=True))
    new = [SeenChange(person=by, change=one, at=at) for one in changes if one.pk not in known]
    SeenChange.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        audit.record("assessment.see", by, by=by, at=at, changes=len(new))
    return len(new)
