"""Pilots: who is proposed and why, who is supported how, and what was learnt for the roll-out."""
