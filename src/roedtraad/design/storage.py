"""Static files under names that say what is in them, also where one script asks for another."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Scripts that import each other. Not all there are: those of libraries name files in their comments, too.
MODULES = ("portals/offline/*.js",)
_IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage; an `import` in one of our modules names the other as it is served."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, *((name, _IMPORTS) for name in MODULES))
