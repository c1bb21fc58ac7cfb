"""Front-end files: a whitelist finder over `node_modules`, and the storage that names files by their content.

Whole `dist` folders cannot be collected: their source-map references point to files that are not shipped, and they
weigh 95 MB. So each package lists what pages really load.
"""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Static prefix -> (folder below the project, patterns of paths inside it).
PACKAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "vendor/tabler": ("node_modules/@tabler/core/dist", ("css/tabler.min.css", "js/tabler.min.js")),
    "vendor/htmx": ("node_modules/htmx.org/dist", ("htmx.min.js",)),
    "vendor/tom-select": (
        "node_modules/tom-select/dist",
        ("css/tom-select.bootstrap5.min.css", "js/tom-select.complete.min.js"),
    ),
    # The build with lines, bars, marks and the SVG renderer; loaded by charts.js when a page has a chart.
    "vendor/echarts": ("node_modules/echarts/dist", ("echarts.common.min.js",)),
    # Only the Latin slice: our own @font-face limits it to figures and Latin.
    "vendor/inter": ("node_modules/@fontsource-variable/inter", ("files/inter-latin-wght-normal.woff2",)),
    "vendor/noto-sans-sc": (
        "node_modules/@fontsource-variable/noto-sans-sc",
        ("index.css", "files/*-wght-normal.woff2"),
    ),
    # The sprite that tools/icons.py cuts out of @tabler/icons: vendor/icons.svg
    "vendor": ("var/assets", ("icons.svg",)),
}


class PackageFinder(BaseFinder):
    """Finds the listed files of the npm packages and the icon sprite."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The absolute path of a listed file; a list when `find_all`."""
        # Django 5.1 and older say `all`.
        wants_list = kwargs.get("all", find_all)
        for prefix, (_folder, patterns) in PACKAGES.items():
            inside = path.removeprefix(prefix + "/")
            if inside != path and any(fnmatch(inside, pattern) for pattern in patterns):
                found = self._root(prefix) / inside
                if found.is_file():
                    return [str(found)] if wants_list else str(found)
        return []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """All listed files as (path, storage) with the prefix on the storage, as collectstatic wants them."""
        for prefix, (_folder, patterns) in PACKAGES.items():
            root = self._root(prefix)
            storage = FileSystemStorage(location=str(root))
            storage.prefix = prefix  # type: ignore[attr-defined]
            for pattern in patterns:
                for path in sorted(root.glob(pattern)):
                    yield path.relative_to(root).as_posix(), storage

    @staticmethod
    def _root(prefix: str) -> Path:
        return Path(settings.BASE_DIR) / PACKAGES[prefix][0]


def _without_source_maps(patterns: Any) -> tuple[Any, ...]:
    """The storage's search patterns less those for source maps, whose files are not shipped."""
    kept = (
        (glob, tuple(entry for entry in entries if "sourceMappingURL" not in str(entry))) for glob, entries in patterns
    )
    return tuple((glob, entries) for glob, entries in kept if entries)


class HashedStorage(CompressedManifestStaticFilesStorage):
    """File names carry the hash of their content; a gzip copy lies beside each; source maps are not followed."""

    keep_only_hashed_files = True
    patterns = _without_source_maps(CompressedManifestStaticFilesStorage.patterns)

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """Gzip only: brotli at whitenoise's level takes half a minute and belongs to an image build."""
        return Compressor(use_brotli=False, **kwargs)


def collected_from(base: Path) -> Iterator[Path]:
    """The files whose change makes a new collectstatic necessary."""
    for name in ("requirements.lock", "package-lock.json", "crm/static_files.py"):
        yield base / name
    for folder in (base / "static", base / "var" / "assets"):
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())
