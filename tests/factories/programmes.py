"""Installed packs and programmes for tests: Beijing's pack, moved to another territory where asked."""

from datetime import date

from greenward.core import clock
from greenward.packs.models import InstalledPack
from greenward.packs.schema.pack import Pack
from greenward.programmes import actions
from greenward.programmes.models import Programme
from tests.factories.packs import beijing_pack, store
from tests.factories.territories import CITY

IN_FORCE = date(2021, 9, 27)


def installed(territory: str = CITY, **changes: object) -> InstalledPack:
    """Install Beijing's pack for a territory; ``changes`` replace parts of it (``targets=...``)."""
    pack = beijing_pack()
    manifest = pack.manifest.model_copy(update={"territory": territory})
    parts = {name: getattr(pack, name) for name in Pack.model_fields}
    moved = Pack.model_validate({**parts, "manifest": manifest, **changes})
    return store(moved)


def programme(territory: str = CITY, **changes: object) -> Programme:
    """Bring Beijing's pack into force at a territory that exists already."""
    return actions.bring_into_force(
        pack=installed(territory, **changes), in_force_from=IN_FORCE, by=None, at=clock.now()
    )
