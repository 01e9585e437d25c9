"""Static files under names that change with their content."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_MODULES = "js/*.js"


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Renames the imports inside our ES modules too, so that a page never mixes two releases' modules.

    Only in ours: others' files import what they did not ship.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        OWN_MODULES,
        # Django's own patterns, which its stubs do not know
        HashedFilesMixin._js_module_import_aggregation_patterns[1],  # type: ignore[attr-defined]  # noqa: SLF001
    )
