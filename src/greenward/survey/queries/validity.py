"""How long a value stays valid: from the day on which it was last said, by calendar months."""

from greenward.core.months import after_months
from greenward.packs.schema.forms import Field
from greenward.survey.models import Round
from greenward.survey.queries.values import Value
from greenward.survey.states import Asks


def is_valid(survey_round: Round, field: Field, value: Value) -> bool:
    """Tell whether what is known still holds on the round's reference date, as the round asks for it."""
    if survey_round.asks == Asks.EVERYTHING:
        newest = value.confirmed or value.entry
        return newest.round_id == survey_round.pk
    if field.valid_months is None:
        return True
    return after_months(value.true_on, field.valid_months) >= survey_round.reference_on
