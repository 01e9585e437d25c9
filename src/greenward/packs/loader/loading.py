"""The loader's doors: check a folder, load a folder, rebuild an installed pack."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from greenward.core.errors import InvalidInputError
from greenward.packs import rules
from greenward.packs.loader.balance import check_balance
from greenward.packs.loader.dictionary import asking_of, dictionary_of, resolved
from greenward.packs.loader.fields import check_fields
from greenward.packs.loader.fit import fit
from greenward.packs.loader.marks import Gathering, gather
from greenward.packs.loader.origins import check_origins
from greenward.packs.loader.problems import Problem
from greenward.packs.loader.questions import check_questions
from greenward.packs.loader.references import check_names
from greenward.packs.loader.rulebook import check_rules
from greenward.packs.loader.shared import read_shared
from greenward.packs.loader.sheets import Sheet, read_folder, read_texts, unread_kinds
from greenward.packs.loader.ties import check_ties
from greenward.packs.loader.trial import try_cases
from greenward.packs.schema.pack import Pack

PLURAL = {"pack": "manifest", "form": "forms", "refinement": "refinements", "case": "cases"}
"""Where a kind of file stands in a pack, when under another name."""


class PackFaultyError(InvalidInputError):
    """The folder is no sound pack; ``problems`` says why."""

    code = "pack_faulty"

    def __init__(self, problems: list[Problem]) -> None:
        detail = _("方案包有{n}处错误，第一处：{first}").format(n=len(problems), first=problems[0])
        hint = _("用 greenward pack check 查看全部错误。")
        super().__init__(detail, hint=hint, problems=[problem.as_dict() for problem in problems])
        self.problems = problems


@dataclass(frozen=True)
class Reading:
    """What was read: the pack where its files make one (its cases may still fail), and every fault."""

    pack: Pack | None
    problems: tuple[Problem, ...]
    sheets: tuple[Sheet, ...]

    @property
    def sound(self) -> bool:
        """Whether there is nothing to mend."""
        return self.pack is not None and not self.problems


def check(folder: Path) -> list[Problem]:
    """Return every fault of the pack in a folder, in order of file and line."""
    return list(_read(folder).problems)


def load(folder: Path) -> Pack:
    """Return the pack in a folder; PackFaultyError with every fault when there is one."""
    found = _read(folder)
    if found.pack is None or found.problems:
        raise PackFaultyError(list(found.problems))
    return found.pack


def read(texts: Mapping[str, str]) -> Reading:
    """Read a pack from the texts of its files, by name; it stands alone and takes nothing from neighbours."""
    sheets, problems = read_texts(texts)
    for sheet in sheets:
        if sheet.kind.name == "pack" and sheet.at(("fields_from",)):
            sentence = _("草稿旁边没有别的包；字典请写在 fields/ 里，并删去 fields_from。")
            problems.append(sheet.problem(("fields_from",), "broken_reference", sentence))
    return _assembled(sheets, problems)


def _read(folder: Path) -> Reading:
    own, problems = read_folder(folder)
    return _assembled([*read_shared(folder, own, problems), *own], problems)


def _assembled(sheets: list[Sheet], problems: list[Problem]) -> Reading:
    unread = unread_kinds(sheets, problems)
    gathering = gather(sheets)
    parts: dict[str, Any] = {"forms": [], "cases": [], "dictionary": [], "refinements": []}
    for sheet in sheets:
        shaped, faults = fit(sheet, gathering)
        problems += faults
        place = PLURAL.get(sheet.kind.name, sheet.kind.name)
        if sheet.kind.folder:
            parts[place].append(shaped)
        else:
            parts[place] = shaped
    problems += _contradictions(sheets, gathering, unread)
    if problems:
        return Reading(None, tuple(sorted(set(problems))), tuple(sheets))
    pack = Pack.model_validate(
        parts
        | {
            "forms": resolved(parts["forms"], parts["dictionary"]),
            "dictionary": tuple(parts["dictionary"]),
            "cases": tuple(parts["cases"]),
            "refinements": tuple(parts["refinements"]),
        }
    )
    return Reading(pack, tuple(sorted(try_cases(pack, sheets, rules.reader()))), tuple(sheets))


def _contradictions(sheets: list[Sheet], gathering: Gathering, unread: set[str]) -> list[Problem]:
    """Return what is wrong between files that are each readable."""
    dictionary = dictionary_of(sheets)
    asking = asking_of(sheets, dictionary)
    problems = [
        *check_names(gathering, unread),
        *check_questions(sheets, dictionary, unread),
        *check_balance(sheets),
        *check_ties(sheets),
    ]
    if "dictionary" in unread:
        return problems  # without it nobody knows what the forms ask
    problems += [*check_fields(sheets, dictionary, asking), *check_origins(sheets, asking)]
    if not unread & {"facts", "parameters"}:
        problems += check_rules(sheets, gathering, asking, rules.reader())
    return problems


def content(pack: Pack) -> dict[str, Any]:
    """Return a pack as canonical plain data: what stands at its default is left out."""
    data: dict[str, Any] = pack.model_dump(mode="json", exclude_defaults=True)
    return data


def from_content(data: dict[str, Any]) -> Pack:
    """Rebuild a pack from its canonical data."""
    return Pack.model_validate_json(json.dumps(data))


def digest(pack: Pack) -> str:
    """Return the SHA-256 of a pack's canonical data: comments, order of keys and layout do not count."""
    text = json.dumps(content(pack), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
