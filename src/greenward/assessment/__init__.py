"""A standard applied to facts as of a date: verdicts, reasons, attainment."""
