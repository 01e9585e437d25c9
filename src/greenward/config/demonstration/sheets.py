"""What a community's form says beyond the standard's items, at first and when it is surveyed again."""

from dataclasses import dataclass, field

from greenward.config.demonstration.answers import Values, further_answers, later_answers
from greenward.config.demonstration.chance import chance, dice_of
from greenward.config.demonstration.compounds import survey_again
from greenward.config.demonstration.oddities import JUMP, JUMPING, OUTLYING, REASONS, TOO_MANY, Oddity
from greenward.config.demonstration.story import Story

OFF_BY = 0.12
"""By this share of all households the compounds' sum is off where it is odd."""


@dataclass
class Sheet:
    """The further answers: ``first``, and what is ``later`` different; ``reasons`` come with the first."""

    first: Values = field(default_factory=dict)
    later: Values = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def number(self, name: str) -> int | None:
        """Return a count as it stands last; None where it is not known."""
        value = self.later.get(name, self.first.get(name))
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def sheet_of(
    code: str, story: Story, oddity: Oddity | None, *, like: str = "", has_twin: bool = False
) -> Sheet:
    """Return the further answers of a surveyed community.

    ``like`` is the code whose numbers it copied; what it and its twin cannot have in common stays blank.
    """
    dice = dice_of(f"sheet {code}")
    told, left = further_answers(like or code, story.good)
    sheet = Sheet(told)
    if "convention_published" not in story.gaps and chance(dice, 85):
        sheet.first["convention_version"] = dice.choice(("2020年版", "2021年版", "2021年修订版"))
    if not has_twin and chance(dice, 85):
        sheet.first["sorting_compounds_ledger"] = _sorting(story)
    survey_again(code, story.compounds)
    if oddity == Oddity.OUTLIER:
        _write_a_nought_too_many(code, sheet)
    sheet.later = later_answers(like or code, sheet.first, left)
    if oddity is not None:
        _make_odd(code, sheet, story, oddity)
    return sheet


def _sorting(story: Story) -> int:
    return sum(compound.values["waste_sorting"] is True for compound in story.compounds)


def _write_a_nought_too_many(code: str, sheet: Sheet) -> None:
    name = next((one for one in _turned(code, OUTLYING) if sheet.number(one)), None)
    if name is not None:
        sheet.first[name] = (sheet.number(name) or 0) * TOO_MANY


def _make_odd(code: str, sheet: Sheet, story: Story, oddity: Oddity) -> None:
    match oddity:
        case Oddity.JUMP:
            _jump(code, sheet, story)
        case Oddity.LEDGER:
            sheet.first["sorting_compounds_ledger"] = _sorting(story)
            sheet.later["sorting_compounds_ledger"] = max(0, _sorting(story) - 1)
        case Oddity.CANOPY:
            sheet.later |= _too_little_canopy(sheet)
        case Oddity.CANOPY_EXPLAINED:
            sheet.first |= (found := _too_little_canopy(sheet))
            sheet.later = {name: value for name, value in sheet.later.items() if name not in found}
            sheet.reasons |= _reason(oddity, "") if found else {}
        case Oddity.SUM | Oddity.SUM_EXPLAINED:
            _miscount(code, sheet, story, oddity)


def _jump(code: str, sheet: Sheet, story: Story) -> None:
    names = [name for name in _turned(code, JUMPING) if sheet.number(name) or name in story.good]
    before = sheet.number(names[0]) or int(str(story.good[names[0]]))
    sheet.later[names[0]] = round(before * JUMP[names[0]])


def _too_little_canopy(sheet: Sheet) -> Values:
    rate = sheet.first.get("green_rate")
    return {"canopy_rate": round(rate - 4.5, 1)} if isinstance(rate, float) else {}


def _miscount(code: str, sheet: Sheet, story: Story, oddity: Oddity) -> None:
    """Put the sum of the compounds' households off: later without a word, or at first with a reason."""
    more = chance(dice_of(f"miscount {code}"), 50)
    share = 1 + OFF_BY if more else 1 - OFF_BY
    for compound in story.compounds:
        households = round(int(str(compound.values["households"])) * share)
        kept = compound.later if oddity == Oddity.SUM else compound.values
        kept["households"] = max(households, int(str(compound.values["buildings"])))
    if oddity == Oddity.SUM_EXPLAINED:
        sheet.reasons |= _reason(oddity, "more" if more else "less")


def _reason(oddity: Oddity, key: str) -> dict[str, str]:
    check, texts = REASONS[oddity]
    return {check: texts[key]}


def _turned(code: str, names: tuple[str, ...]) -> list[str]:
    start = dice_of(f"which {code}").randrange(len(names))
    return [*names[start:], *names[:start]]
