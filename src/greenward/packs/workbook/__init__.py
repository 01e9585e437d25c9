"""A standard as a workbook that officials fill in: one row per indicator, and every fault at its cell."""
