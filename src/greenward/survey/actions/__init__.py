"""All writing of the survey. ``by`` None is the system (command line, demonstration): it is not asked."""

from greenward.survey.actions.compounds import add_compound
from greenward.survey.actions.record import record_values
from greenward.survey.actions.rounds import close_round, open_round

__all__ = ["add_compound", "close_round", "open_round", "record_values"]
