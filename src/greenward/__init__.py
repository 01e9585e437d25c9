"""Greenward (绿社): runs a green-community creation programme from city to community."""
