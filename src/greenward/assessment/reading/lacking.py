"""How much a condition lacks, and changes of facts, in words."""

from datetime import date

from django.utils.translation import gettext as _

from greenward.assessment.engine import tree
from greenward.assessment.engine.shortfall import Sense, Shortfall
from greenward.assessment.engine.trace import Trace
from greenward.assessment.engine.ways import Change
from greenward.assessment.reading.lexicon import Lexicon, listed


def amount(lexicon: Lexicon, trace: Trace, one: Shortfall) -> str:
    """Return how much more or less would be enough; empty where the condition itself says what is asked."""
    needed = one.needed[0]
    if isinstance(needed, date):
        return _("须在 %(day)s 或以后") % {"day": needed} if one.sense is Sense.AT_LEAST else ""
    change = one.change
    if not change:
        return ""
    number = lexicon.value(one.fact, round(abs(change), 2))
    total = _denominator(trace, one.fact)
    if change > 0 and total is not None:
        whole = lexicon.value(one.fact, total)
        return _("%(whole)s中再有 %(number)s") % {"whole": whole, "number": number}
    return (_("再增加 %(number)s") if change > 0 else _("减少 %(number)s")) % {"number": number}


def change_in_words(lexicon: Lexicon, fact: str, changes: list[Change]) -> str:
    """Return what would become of one fact; several changes are several values that would do."""
    current = changes[0].current
    wanted = listed([lexicon.value(fact, change.needed) for change in changes])
    if len(changes) > 1:
        wanted = _("%(values)s之一") % {"values": wanted}
    told = {"name": lexicon.name(fact), "wanted": wanted}
    if current is None:
        return _("%(name)s：现无资料，查实为 %(wanted)s") % told
    return _("%(name)s：%(now)s → %(wanted)s") % {**told, "now": lexicon.value(fact, current)}


def _denominator(trace: Trace, numerator: str) -> int | None:
    """Return what a ratio is out of, where the fact is its numerator."""
    node = trace.node
    if not isinstance(node, tree.Compare) or not isinstance(node.left, tree.Arithmetic):
        return None
    left = node.left
    if left.op != "/" or not isinstance(left.left, tree.Fact) or left.left.id != numerator:
        return None
    value = trace.parts[0].parts[1].value
    return value if isinstance(value, int) else None
