"""Values out again: workbook, CSV, Parquet, JSON; the field dictionary; a community's own file."""
