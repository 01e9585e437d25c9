"""Points, levels and the parts of a score in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from greenward.assessment.engine import scores
from greenward.assessment.engine.outcome import LevelOutcome, PartOutcome
from greenward.assessment.engine.points import THOUSAND, Points, Rounding
from greenward.assessment.reading.conditions import Condition, Reader
from greenward.assessment.reading.lexicon import listed


@dataclass(frozen=True)
class Band:
    """A row of a table of points: its condition, what it gives, and whether it is the one that counts."""

    condition: Condition
    points: str
    counts: bool


@dataclass(frozen=True)
class PartReading:
    """A part of a score: how it gives points, how its measure stands, what it gives now, its bands.

    ``subject``: what is measured or judged; empty for bands. ``repeats``: ``now`` is ``points`` once more.
    """

    words: str
    now: str
    points: str
    bands: tuple[Band, ...] = ()
    subject: str = ""
    repeats: bool = False

    @property
    def short(self) -> str:
        """What it gives and why, in a line."""
        told = {"points": self.points, "subject": self.subject, "now": self.now or _("未知")}
        if self.repeats:
            return _("%(subject)s：%(points)s 分") % told
        if self.subject:
            return _("%(subject)s：%(now)s，得 %(points)s 分") % told
        band = next((one for one in self.bands if one.counts), None)
        if band is None:
            return _("各档条件：得 %(points)s 分") % told
        names = listed([f"{one.subject} {one.asked}" for one in band.condition.singles])
        return _("%(names)s：得 %(points)s 分") % {**told, "names": names}


@dataclass(frozen=True)
class LevelReading:
    """A level: whether it is reached (None: open), what it needs; ``passes``: it meets the requirement."""

    title: str
    holds: bool | None
    needs: Condition
    passes: bool
    quota: str = ""


def in_points(points: Points | None) -> str:
    """Return points for people: a number, or from the least to the most while facts are unknown."""
    if points is None:
        return "—"
    if points.settled:
        return number(points.least)
    return _("%(least)s 至 %(most)s") % {"least": number(points.least), "most": number(points.most)}


def number(thousandths: float) -> str:
    """Return thousandths as points, without zeros at the end."""
    return f"{thousandths / THOUSAND:.3f}".rstrip("0").rstrip(".")


def read_part(reader: Reader, found: PartOutcome) -> PartReading:
    """Return one part of a score in words."""
    points = in_points(found.points)
    match found.part:
        case scores.Bands() as bands:
            conditions = [reader.read(trace) for trace in found.traces]
            first = next((n for n, one in enumerate(conditions) if one.holds), None)
            rows = tuple(
                Band(one, number(given), counts=n == first)
                for n, (one, (_rule, given)) in enumerate(zip(conditions, bands.bands, strict=True))
            )
            otherwise = _("依次看下列条件，取第一个成立的；都不成立给 %(points)s 分")
            return PartReading(otherwise % {"points": number(bands.otherwise)}, "", points, rows)
        case scores.Steps() as steps:
            subject = reader.lexicon.expression(steps.measure.root)
            return PartReading(_steps(reader, steps), reader.now(found.traces[0]), points, subject=subject)
        case scores.Judged(least=least, most=most):
            words = _("由评审人在 %(least)s 至 %(most)s 分之间评定，须写明理由")
            told = {"least": number(least), "most": number(most)}
            subject = reader.lexicon.name(found.traces[0].text)
            trace = found.traces[0]
            judged = isinstance(trace.value, int | float) and number(trace.value * THOUSAND) == points
            return PartReading(words % told, reader.now(trace), points, subject=subject, repeats=judged)


def _steps(reader: Reader, steps: scores.Steps) -> str:
    parts = {
        Rounding.DOWN: _("不足一档不计"),
        Rounding.UP: _("不足一档按一档计"),
        Rounding.NEAREST: _("不足一档四舍五入"),
        Rounding.EXACT: _("按比例计"),
    }
    words = (
        _("从 %(start)s 分起；“%(measure)s”每低于 %(mark)s 达 %(every)s，%(each)s 分（%(rounding)s）")
        if steps.below
        else _("从 %(start)s 分起；“%(measure)s”每高于 %(mark)s 达 %(every)s，%(each)s 分（%(rounding)s）")
    )
    return words % {
        "start": number(steps.start),
        "measure": reader.lexicon.expression(steps.measure.root),
        "mark": f"{steps.beyond:g}",
        "every": f"{steps.every:g}",
        "each": ("+" if steps.each > 0 else "−") + number(abs(steps.each)),
        "rounding": parts[steps.rounding],
    }


def read_level(reader: Reader, found: LevelOutcome, *, passes: bool) -> LevelReading:
    """Return a level in words."""
    level = next(one for one in reader.lexicon.pack.standard.levels if one.id == found.level.id)
    quota, words = level.quota, ""
    if quota is not None:
        words = _("另有名额限制：%(n)s") % {
            "n": quota.count if quota.count is not None else f"{float(quota.share or 0):.0%}"
        }
    return LevelReading(str(level.title), found.holds, reader.read(found.needs.trace), passes, words)
