"""Sharing: the dictionaries of neighbouring packs that a pack takes into itself (`fields_from`)."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from greenward.packs.loader.problems import Problem, did_you_mean
from greenward.packs.loader.sheets import BY_FILE, BY_FOLDER, Sheet, read_file, refused_link, word

FIELDS = "fields"
NAME = re.compile(r"^[a-z][a-z0-9-]*$")
"""A neighbour is named by its folder alone: no path can leave the folder that holds the packs."""


def read_shared(folder: Path, sheets: list[Sheet], problems: list[Problem]) -> list[Sheet]:
    """Return the groups that neighbours lend to the pack in a folder, in the order of `fields_from`."""
    manifest = next((sheet for sheet in sheets if sheet.kind.name == "pack"), None)
    names = manifest.at(("fields_from",)) if manifest is not None else None
    if manifest is None or not isinstance(names, list):
        return []
    here, found = folder.resolve(), list[Sheet]()
    for number, name in enumerate(names):
        if not isinstance(name, str) or not NAME.match(name):
            continue  # said by the shape of pack.yaml
        why = _refusal(here, manifest, name, names[:number])
        if why is not None:
            problems.append(manifest.problem((FIELDS + "_from", number), *why))
            continue
        found += _groups(here.parent / name, name, problems)
    return found


def _refusal(here: Path, manifest: Sheet, name: str, earlier: list[object]) -> tuple[str, str] | None:
    """Return code and sentence when a neighbour cannot lend its dictionary."""
    neighbour = here.parent / name
    if name in (here.name, word(manifest.data, "id")):
        return "circular_reference", _("包不能取用自己的字典；请删去。")
    if name in earlier:
        return "duplicate_id", _("“{name}”已经写过；请删去一个。").format(name=name)
    if neighbour.is_symlink() or not neighbour.is_dir():
        hint = did_you_mean(name, _lenders(here))
        return "broken_reference", _("旁边没有名为“{name}”的包的文件夹。{hint}").format(name=name, hint=hint)
    if (neighbour / FIELDS).is_symlink() or not any((neighbour / FIELDS).glob("*.yaml")):
        sentence = _("包“{name}”没有字典（fields/*.yaml）可取用；请删去，或先写它的字典。")
        return "broken_reference", sentence.format(name=name)
    if _borrows(neighbour):
        sentence = _("包“{name}”自己也取用别的字典；请直接写字段所在的包。")
        return "circular_reference", sentence.format(name=name)
    return None


def _lenders(here: Path) -> Iterator[str]:
    return (each.name for each in here.parent.iterdir() if each != here and (each / FIELDS).is_dir())


def _borrows(neighbour: Path) -> bool:
    card = neighbour / "pack.yaml"
    if card.is_symlink() or not card.is_file():
        return False
    sheet = read_file(card, card.name, BY_FILE["pack.yaml"], [])
    return sheet is not None and bool(sheet.at((FIELDS + "_from",)))


def _groups(neighbour: Path, name: str, problems: list[Problem]) -> Iterator[Sheet]:
    for path in sorted((neighbour / FIELDS).glob("*.yaml")):
        file = f"../{name}/{FIELDS}/{path.name}"
        if path.is_symlink() or not path.is_file():
            problems.append(refused_link(file))
            continue
        sheet = read_file(path, file, BY_FOLDER[FIELDS], problems)
        if sheet is not None:
            yield sheet
