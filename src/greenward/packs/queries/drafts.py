"""Drafts within a person's reach, each with what checking it finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.packs import rules
from greenward.packs.access import WRITES
from greenward.packs.diff import Change, compare
from greenward.packs.drafting.entries import names_of
from greenward.packs.loader.loading import PackFaultyError, Reading, read
from greenward.packs.loader.nodes import path_at
from greenward.packs.loader.outcomes import CaseOutcome, outcomes_of
from greenward.packs.loader.problems import Problem
from greenward.packs.models import Draft, DraftChange, DraftFile
from greenward.packs.queries.editions import pack
from greenward.packs.schema.pack import Pack
from greenward.territories.access import reach_of
from greenward.territories.models import PlaceVersion


@dataclass(frozen=True)
class Placed:
    """A fault of a draft: where it stands in the text, in which cell it came, and the part that it is about.

    ``names`` lead to the part by names of entries; ``path`` by numbers. ``inconsistent``: an author may
    settle it by saying how it is to be read.
    """

    problem: Problem
    path: tuple[str | int, ...]
    names: tuple[str, ...]
    cell: str

    @property
    def inconsistent(self) -> bool:
        """Whether the source contradicts itself here."""
        return self.problem.code == "source_inconsistent"


@dataclass(frozen=True)
class Checked:
    """What checking found: the pack where the files make one, every fault, and how each case came out."""

    pack: Pack | None
    problems: tuple[Placed, ...]
    outcomes: tuple[CaseOutcome, ...]

    @property
    def sound(self) -> bool:
        """Whether the draft may be submitted."""
        return self.pack is not None and not self.problems


def drafts_for(user: User | AnonymousUser) -> QuerySet[Draft]:
    """Return the drafts of territories whose editions the person may write, the newest first."""
    paths = reach_of(user).paths(WRITES)
    if not paths:
        return Draft.objects.none()
    within = Q(pk__in=[])
    for path in paths:
        within |= Q(path__startswith=path)
    places = PlaceVersion.objects.filter(within, during__contains=clock.today())
    return (
        Draft.objects.filter(territory__in=places.values("place__code"))
        .select_related("created_by", "submitted_by", "decided_by", "base", "published")
        .defer("base__content", "published__content", "cells")
    )


def draft_for(user: User | AnonymousUser, number: int) -> Draft:
    """Return one draft within reach; NotFoundError for everybody else."""
    found = drafts_for(user).filter(pk=number).first()
    if found is None:
        raise NotFoundError(
            _("没有找到这份草稿，或者您无权查看。"), hint=_("请从草稿清单进入。"), draft=number
        )
    return found


def texts(draft: Draft) -> dict[str, str]:
    """Return the texts of a draft's files, by name."""
    return dict(DraftFile.objects.filter(draft=draft).values_list("path", "text"))


def file_of(draft: Draft, path: str) -> DraftFile:
    """Return one file of a draft; NotFoundError when it has none of that name."""
    found = DraftFile.objects.filter(draft=draft, path=path).first()
    if found is None:
        raise NotFoundError(_("草稿里没有 {path}。").format(path=path), hint=_("请核对文件名。"))
    return found


def history_of(draft: Draft) -> QuerySet[DraftChange]:
    """Return what was changed since the beginning, by whom and when, the newest first."""
    changes = DraftChange.objects.filter(draft=draft, version__gt=0)
    return changes.select_related("by").defer("text")


def text_before(change: DraftChange) -> str:
    """Return a file's text before a change; empty where there was none."""
    earlier = DraftChange.objects.filter(draft=change.draft_id, path=change.path, version__lt=change.version)
    return earlier.order_by("-version").values_list("text", flat=True).first() or ""


def checked(draft: Draft, *, instead: Mapping[str, str] | None = None) -> Checked:
    """Check a draft as ``greenward pack check`` checks a folder; ``instead`` stands for texts being typed."""
    written = {**texts(draft), **(instead or {})}
    found = _read(tuple(sorted(written.items())), get_language() or "")
    placed = placed_problems(found, draft.cells)
    outcomes = tuple(outcomes_of(found.pack, rules.reader())) if found.pack is not None else ()
    return Checked(found.pack, placed, outcomes)


def placed_problems(found: Reading, cells: Mapping[str, Mapping[str, str]]) -> tuple[Placed, ...]:
    """Return every fault with the part that it is about, and the cell that the part came from."""
    return tuple(_placed(found, each, cells) for each in found.problems)


@lru_cache(maxsize=16)
def _read(written: tuple[tuple[str, str], ...], language: str) -> Reading:  # noqa: ARG001 - faults are words
    return read(dict(written))


def _placed(found: Reading, problem: Problem, cells: Mapping[str, Mapping[str, str]]) -> Placed:
    sheet = next((each for each in found.sheets if each.file == problem.file), None)
    if sheet is None:
        return Placed(problem, (), (), "")
    path = path_at(sheet.root, problem.line, problem.column)
    names = names_of(sheet.data, path)
    cell = _cell(cells.get(problem.file, {}), names)
    if problem.code == "source_inconsistent" and names[-1:] == ("points",):
        path, names = path[:-1], names[:-1]
    return Placed(problem, path, names, cell)


def _cell(cells: Mapping[str, str], names: tuple[str, ...]) -> str:
    """Return the cell of a part, or of the smallest part around it that has one."""
    for length in range(len(names), 0, -1):
        found = cells.get("/".join(names[:length]))
        if found:
            return found
    return ""


def changes_against_base(draft: Draft, found: Pack) -> list[Change]:
    """Return what a draft changes against the edition it began from; nothing without one."""
    return compare(pack(draft.base), found) if draft.base is not None else []


def pack_of_draft(number: int) -> Pack:
    """Return a draft's pack for the command line; NotFoundError without such a draft, PackFaultyError."""
    draft = Draft.objects.filter(pk=number).first()
    if draft is None:
        raise NotFoundError(_("没有第 {n} 号草稿。").format(n=number), hint=_("请核对编号。"), draft=number)
    found = read(texts(draft))
    if found.pack is None:
        raise PackFaultyError(list(found.problems))
    return found.pack
