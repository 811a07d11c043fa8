"""How static files are named: by their content, modules included, so that a browser may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModules(CompressedManifestStaticFilesStorage):
    """Also rewrites the imports between ES modules to the hashed names."""

    support_js_module_import_aggregation = True
