"""Rules as data: a subset of CEL, parsed once, interpreted for one and vectorised for all. No Django."""
