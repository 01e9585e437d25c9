"""Installed packs: the list, and one with its whole content."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from greenward.core.errors import NotFoundError
from greenward.packs import queries
from greenward.packs.api.schemas import (
    DraftCheckIn,
    DraftCheckOut,
    DraftOut,
    DraftWholeOut,
    EditionOut,
    PackOut,
)
from greenward.packs.models import Draft

router = Router(tags=["packs"])


@router.get("/packs", response=list[EditionOut])
def packs(request: HttpRequest) -> list[dict[str, Any]]:  # noqa: ARG001 - ninja's signature
    """List every installed edition, the latest first."""
    return [_card(listed) for listed in queries.listed_editions()]


@router.get("/packs/{pack_id}", response=PackOut)
def pack(request: HttpRequest, pack_id: str, edition: str | None = None) -> dict[str, Any]:  # noqa: ARG001 - the same
    """Return an edition of a pack, the latest one when none is named, with its content."""
    found = queries.installed(pack_id, edition)
    return _card(queries.listed(found)) | {"content": found.content}


def _card(listed: queries.Listed) -> dict[str, Any]:
    edition = listed.edition
    return {
        "id": edition.pack_id,
        "edition": edition.edition,
        "digest": edition.digest,
        "title": listed.title.model_dump(),
        "installed_at": edition.installed_at,
    }


@router.get("/packs/{pack_id}/drafts", response=list[DraftOut])
def pack_drafts(request: HttpRequest, pack_id: str) -> list[dict[str, Any]]:
    """List the drafts of a pack's editions that the asker may write; none for everybody else."""
    return [_draft_card(each) for each in queries.drafts_for(request.user).filter(pack_id=pack_id)]


@router.get("/packs/{pack_id}/drafts/{number}", response=DraftWholeOut)
def pack_draft(request: HttpRequest, pack_id: str, number: int) -> dict[str, Any]:
    """Return a draft with its files, every fault at its place and cell, and how its cases come out."""
    draft = _draft(request, pack_id, number)
    checked = _checked(queries.checked(draft))
    return _draft_card(draft) | {"files": queries.texts(draft), "check": checked}


@router.post("/packs/{pack_id}/drafts/{number}/check", response=DraftCheckOut)
def check_draft(request: HttpRequest, pack_id: str, number: int, sent: DraftCheckIn) -> dict[str, Any]:
    """Check a draft with other texts in place of some of its files; nothing is saved."""
    return _checked(queries.checked(_draft(request, pack_id, number), instead=sent.files))


def _draft(request: HttpRequest, pack_id: str, number: int) -> Draft:
    draft = queries.draft_for(request.user, number)
    if draft.pack_id != pack_id:
        raise NotFoundError(_("没有找到这份草稿，或者您无权查看。"), hint=_("请从草稿清单进入。"))
    return draft


def _draft_card(draft: Draft) -> dict[str, Any]:
    return {
        "number": draft.pk,
        "pack": draft.pack_id,
        "title": draft.title,
        "state": draft.state,
        "base": str(draft.base) if draft.base else None,
        "version": draft.version,
        "published": str(draft.published) if draft.published else None,
    }


def _checked(found: queries.Checked) -> dict[str, Any]:
    return {
        "sound": found.sound,
        "problems": [
            {**one.problem.as_dict(), "part": "/".join(one.names), "cell": one.cell} for one in found.problems
        ],
        "cases": [
            {
                "id": one.case.id,
                "agrees": one.agrees,
                "compared": [
                    {"about": each.about, "expected": each.expected, "found": each.found}
                    for each in one.compared
                ],
                "error": one.error,
            }
            for one in found.outcomes
        ],
    }
