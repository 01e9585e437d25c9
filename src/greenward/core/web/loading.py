"""Loading templates: written for people with a line for each element, sent without the indentation."""

import re
from pathlib import Path

from django.template import Origin
from django.template.loaders.app_directories import Loader

INDENTATION = re.compile(r"\n[ \t]*")
OURS = Path(__file__).parents[2]


class CompactLoader(Loader):
    """Finds the apps' templates; in our pages, a line break and what indents the next line become one space.

    To a browser that is the same, and much less for rows. Others' templates and mails as plain text stay as
    written, and so does everything while debugging, where errors name lines.
    """

    def get_contents(self, origin: Origin) -> str:
        """Return the template's source."""
        contents = super().get_contents(origin)
        name = Path(origin.name)
        if self.engine.debug or name.suffix != ".html" or not name.is_relative_to(OURS):
            return contents
        return INDENTATION.sub(" ", contents)
