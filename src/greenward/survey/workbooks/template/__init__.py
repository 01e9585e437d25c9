"""The workbook that people fill in: instructions, a sheet per form, choices to pick from, a hidden key."""

from greenward.survey.workbooks.template.book import Page, template
from greenward.survey.workbooks.template.columns import heading, leading

__all__ = ["Page", "heading", "leading", "template"]
