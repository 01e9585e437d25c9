"""Installed packs: the list, and one with its whole content."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from greenward.packs import queries
from greenward.packs.api.schemas import EditionOut, PackOut

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
