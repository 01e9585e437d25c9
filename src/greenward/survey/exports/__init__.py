"""Values out again: workbook, CSV, Parquet and pages of JSON; the field dictionary; a community's own file."""
