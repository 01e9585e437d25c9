"""What people decided about a workbook: what columns mean, whom rows are about, why values stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NEWER = "newer-value"
"""The question whether the workbook's value goes before one that is newer than the template."""

Meanings = Mapping[str, Mapping[str, str]]
"""By form id: heading (as ``headings.key_of`` spells it) → field id, a mark for the community, or empty."""


@dataclass(frozen=True)
class Decisions:
    """``headings``: of this file; ``remembered``: of the office's earlier files.

    ``places``: a community as written → its 12-digit code. ``reasons``: check id (or :data:`NEWER`) → why.
    """

    headings: Meanings = field(default_factory=dict)
    remembered: Meanings = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    def given(self, form_id: str) -> dict[str, str]:
        """Return what people said of a form's headings; this file's before earlier ones'."""
        return {**self.remembered.get(form_id, {}), **self.headings.get(form_id, {})}


UNDECIDED = Decisions()
