"""What importing a workbook would do, row by row, before anything is written."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.packs.schema.forms import Field, Form
from greenward.survey.models import Round
from greenward.survey.queries.rounds import forms_of
from greenward.survey.states import Outcome
from greenward.survey.workbooks import communities
from greenward.survey.workbooks.changes import Knowledge
from greenward.survey.workbooks.communities import ID, TEXT
from greenward.survey.workbooks.decisions import UNDECIDED, Decisions
from greenward.survey.workbooks.opening import Workbook, WorkbookError
from greenward.survey.workbooks.part import Bringing, Doubt, brought
from greenward.survey.workbooks.problems import MOST_DETAILS, Problems, sentence
from greenward.survey.workbooks.settled import Cases, cases_of
from greenward.survey.workbooks.sheets import assigned, key_of
from greenward.survey.workbooks.targets import Ground, nothing_fresh
from greenward.territories.models import Level

ROW: dict[str, pl.DataType] = {
    "form": TEXT, "sheet": TEXT, "row": ID, "code": TEXT, "name": TEXT, "compound": TEXT, "unit": TEXT,
    "community_id": ID, "parent_id": ID, "place_id": ID, "outcome": TEXT, "given": ID, "changes": TEXT,
}  # fmt: skip
ACCEPTED = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED)
MOST_PROBLEMS = 100_000
MOST_DOUBTS = 200


@dataclass
class Brought:
    """What becomes of the rows of one form: :data:`ROW`, ``reasons`` and the ``+field`` columns to keep."""

    form: Form
    fields: tuple[Field, ...]
    frame: pl.DataFrame

    @property
    def kept(self) -> pl.Expr:
        """Whether a row makes an entry."""
        return pl.col("outcome").is_in([Outcome.NEW.value, Outcome.CHANGED.value])


@dataclass
class Plan:
    """Row by row what an import does.

    ``parts``: by form, in the order in which they must be written. ``notes`` say what was left aside:
    sheets, total rows, columns nobody knows; ``warnings`` which rows break a check that refuses nothing, or
    would go over a newer value; ``columns`` how each heading was read; ``doubts`` communities to confirm;
    ``cases`` what is on its way up.
    """

    parts: list[Brought]
    problems: Problems
    warnings: Problems
    notes: list[str] = field(default_factory=list)
    columns: list[dict[str, Any]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    cases: Cases | None = None

    @cached_property
    def rows(self) -> pl.DataFrame:
        """Every row: the columns :data:`ROW`; ``changes`` is JSON: field → [old, new] for changed ones."""
        return pl.concat([part.frame.select(list(ROW)) for part in self.parts])

    @cached_property
    def outcomes(self) -> Counter[str]:
        """Rows by outcome."""
        return Counter(dict(self.rows["outcome"].value_counts().iter_rows()))

    @property
    def accepted(self) -> int:
        """Rows that can be imported, unchanged ones among them."""
        return sum(self.outcomes[outcome] for outcome in ACCEPTED)

    @property
    def rejected(self) -> int:
        """Rows with a problem."""
        return self.outcomes[Outcome.REJECTED]

    def report(self, *, fingerprint: str = "") -> dict[str, Any]:
        """Return the plan in numbers, with its problems, warnings and notes, as plain data."""
        return {
            "rows": self.rows.height,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "outcomes": dict(self.outcomes),
            "forms": [part.form.id for part in self.parts],
            "problem_counts": dict(self.problems.counts),
            "problems": [problem.as_dict() for problem in self.problems.sorted()[:MOST_DETAILS]],
            "warning_counts": dict(self.warnings.counts),
            "warnings": [warning.as_dict() for warning in self.warnings.sorted()[:MOST_DETAILS]],
            "notes": self.notes,
            "columns": self.columns,
            "doubts": [doubt.as_dict() for doubt in self.doubts[:MOST_DOUBTS]],
            "doubt_count": len(self.doubts),
            "fingerprint": fingerprint,
        }

    def fingerprint(self) -> str:
        """Return a digest of everything that the import would do: another plan has another one."""
        digest = hashlib.sha256()
        for part in self.parts:
            told = ["sheet", "row", "community_id", "parent_id", "unit", "place_id", "outcome", "reasons"]
            columns = part.frame.select(*told, pl.col("^\\+.*$"))
            digest.update(part.form.id.encode())
            digest.update(columns.hash_rows(seed=1).to_frame("row").write_csv().encode())
        return digest.hexdigest()


def plan(
    survey_round: Round,
    form: Form | None,
    workbook: Workbook,
    *,
    by: User | None,
    today: date,
    decided: Decisions = UNDECIDED,
) -> Plan:
    """Return the plan; WorkbookError when the workbook is another form's template or has no heading row.

    Without a form each sheet is read as the form that its key or its headings say.
    """
    forms = forms_of(survey_round)
    parts, notes = assigned(forms, form, workbook, decided)
    day = survey_round.reference_on
    within = communities.communities_within(by, day)
    bringing = Bringing(
        Knowledge(survey_round, key_of(workbook).seen),
        Ground(within, today, nothing_fresh()),
        communities.named(within, day),
        decided,
        cases_of(survey_round),
        Problems(most=MOST_PROBLEMS),
        Problems(most=MOST_PROBLEMS),
    )
    made = Plan([], bringing.problems, bringing.warnings, [*workbook.notes, *notes], cases=bringing.cases)
    for part in parts:
        found = brought(part, bringing)
        if found is None:
            continue
        done, told = found
        made.parts.append(Brought(part.form, done.fields, done.frame))
        made.columns += told
        bringing = replace(bringing, ground=_with_fresh(bringing.ground, made.parts[-1]))
    made.notes += bringing.notes
    made.doubts = sorted(bringing.doubts.values(), key=lambda doubt: -doubt.count)
    if not made.parts:
        raise WorkbookError(
            sentence("no_headings"), hint=_("请下载模板，把数据粘贴进去再上传。"), reason="no_headings"
        )
    return made


def _with_fresh(ground: Ground, part: Brought) -> Ground:
    """Count the compounds that the file will make among those that its buildings may name."""
    if part.form.level != Level.COMPOUND.value:
        return ground
    fresh = part.frame.filter(part.kept & pl.col("place_id").is_null()).select("community_id", "unit")
    return replace(ground, fresh=pl.concat([ground.fresh, fresh]))
