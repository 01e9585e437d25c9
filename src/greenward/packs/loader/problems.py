"""A fault in a pack, with its place."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches

from django.utils.translation import gettext as _
from yaml import Mark


@dataclass(frozen=True, order=True)
class Problem:
    """A fault: line and column count from 1; `code` is stable, `message` says what would be right."""

    file: str
    line: int
    column: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message} [{self.code}]"

    def as_dict(self) -> dict[str, str | int]:
        """Return the fault as plain data."""
        return asdict(self)


def problem_at(file: str, mark: Mark | None, code: str, message: str) -> Problem:
    """Return a fault at a mark of PyYAML, whose lines and columns count from 0."""
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Problem(file, line, column, code, message)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a sentence that proposes the nearest known name, or lists the known ones when they are few."""
    options = sorted(set(known))
    near = get_close_matches(name, options, n=1, cutoff=0.6)
    if near:
        return _("是不是“{name}”？").format(name=near[0])
    if options and len(options) <= 20:  # noqa: PLR2004 - a longer list would hide the message
        return _("可用：{names}。").format(names=", ".join(options))
    return ""
