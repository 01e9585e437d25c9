"""The loader's doors: check a folder, load a folder, rebuild an installed pack."""

import hashlib
import json
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
from greenward.packs.loader.sheets import Sheet, read_folder, unread_kinds
from greenward.packs.loader.trial import try_cases
from greenward.packs.schema.pack import Pack

PLURAL = {"pack": "manifest", "form": "forms", "case": "cases"}
"""Where a kind of file stands in a pack, when under another name."""


class PackFaultyError(InvalidInputError):
    """The folder is no sound pack; ``problems`` says why."""

    code = "pack_faulty"

    def __init__(self, problems: list[Problem]) -> None:
        detail = _("方案包有{n}处错误，第一处：{first}").format(n=len(problems), first=problems[0])
        hint = _("用 greenward pack check 查看全部错误。")
        super().__init__(detail, hint=hint, problems=[problem.as_dict() for problem in problems])
        self.problems = problems


def check(folder: Path) -> list[Problem]:
    """Return every fault of the pack in a folder, in order of file and line."""
    return _read(folder)[1]


def load(folder: Path) -> Pack:
    """Return the pack in a folder; PackFaultyError with every fault when there is one."""
    pack, problems = _read(folder)
    if pack is None or problems:
        raise PackFaultyError(problems)
    return pack


def _read(folder: Path) -> tuple[Pack | None, list[Problem]]:
    own, problems = read_folder(folder)
    sheets = [*read_shared(folder, own, problems), *own]
    unread = unread_kinds(sheets, problems)
    gathering = gather(sheets)
    parts: dict[str, Any] = {"forms": [], "cases": [], "dictionary": []}
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
        return None, sorted(set(problems))
    pack = Pack.model_validate(
        parts
        | {
            "forms": resolved(parts["forms"], parts["dictionary"]),
            "dictionary": tuple(parts["dictionary"]),
            "cases": tuple(parts["cases"]),
        }
    )
    return pack, sorted(try_cases(pack, sheets, rules.reader()))


def _contradictions(sheets: list[Sheet], gathering: Gathering, unread: set[str]) -> list[Problem]:
    """Return what is wrong between files that are each readable."""
    dictionary = dictionary_of(sheets)
    asking = asking_of(sheets, dictionary)
    problems = [
        *check_names(gathering, unread),
        *check_questions(sheets, dictionary, unread),
        *check_balance(sheets),
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
