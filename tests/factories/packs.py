"""Packs for tests: Beijing's, a copy that a test may spoil, and an installed edition."""

import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings

from greenward.core import clock
from greenward.packs import actions
from greenward.packs.models import InstalledPack

BEIJING = settings.ROOT / "packs" / "beijing-2021"


def copy_of_beijing(folder: Path) -> Path:
    """Return a copy of Beijing's pack inside a folder."""
    copy = folder / "beijing-2021"
    shutil.copytree(BEIJING, copy)
    return copy


def spoil(pack: Path, file: str, old: str, new: str) -> int:
    """Replace a text that stands once in a pack's file; return the line, from 1, where it stands."""
    path = pack / file
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise AssertionError(f"{old!r} stands {text.count(old)} times in {file}")
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def install_beijing(*, at: datetime | None = None) -> InstalledPack:
    """Install Beijing's pack."""
    return actions.install(BEIJING, by=None, at=at or clock.now())
