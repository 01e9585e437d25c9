"""Writing: install an edition of a pack."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from greenward.core import audit
from greenward.packs import access
from greenward.packs.loader.loading import content, digest, load
from greenward.packs.models import InstalledPack
from greenward.packs.schema.pack import Pack

if TYPE_CHECKING:
    from greenward.accounts.models import User


@transaction.atomic
def install(folder: Path, *, by: "User | None", at: datetime) -> InstalledPack:
    """Install the pack in a folder; the same content again changes nothing.

    PackFaultyError when the pack has faults; StandardAloneError when it holds no programme; EditionTakenError
    when the edition stands with other content.
    """
    pack = load(folder)
    access.check_holds_programme(pack)
    same = InstalledPack.objects.filter(digest=digest(pack)).first()
    if same is not None:
        return same
    access.check_edition_is_free(pack)
    installed = store(pack, by=by, at=at)
    audit.record("packs.install", installed, by=by, at=at, edition=str(installed), digest=installed.digest)
    return installed


def store(pack: Pack, *, by: "User | None", at: datetime) -> InstalledPack:
    """Store a sound pack as an edition; a part of the verbs that install, which check and record."""
    return InstalledPack.objects.create(
        pack_id=pack.manifest.id,
        edition=pack.manifest.edition,
        digest=digest(pack),
        content=content(pack),
        installed_at=at,
        installed_by=by,
    )
