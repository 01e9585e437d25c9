"""All reading of certification."""

from greenward.certification.queries.standing import StandingFacts, Standings, history_of, standings_for

__all__ = ["StandingFacts", "Standings", "history_of", "standings_for"]
