"""The options of the source formats, as their manifests declare them: which there are, and whether values can be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from dalil.errors import InputError
from dalil.plugins import Parameter
from dalil.schema.mappings import OPTION, checked_options, from_text
from dalil.sources.names import shown
from dalil.sources.platforms import KINDS, platform_named
from dalil.sources.registry import importers, named
from dalil.sources.times import zone_option

OF_MAPPINGS: Final = frozenset({OPTION, "mapping_version"})
"""What a saved column mapping travels as: nobody types it."""
_PAGE: Final = re.compile(r"@?[^\s/\\?#@]{1,100}")


class Declared(NamedTuple):
    """One option: what each format that has it says of it, format → help."""

    name: str
    helps: Mapping[str, str]

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats that have it."""
        return tuple(self.helps)


def declared(source_format: str | None = None) -> dict[str, Declared]:
    """Name → option, of one format or of all; without those of column mappings."""
    found: dict[str, dict[str, str]] = {}
    for importer in importers():
        if source_format in (None, importer.manifest.name):
            for parameter in _plain(importer.manifest.parameters):
                found.setdefault(parameter.name, {})[importer.manifest.name] = parameter.help
    return {name: Declared(name, helps) for name, helps in sorted(found.items())}


def checked(options: Mapping[str, str], source_format: str | None = None) -> dict[str, str]:
    """The options that were given, if they can be right; those without a value left out.

    Args:
        source_format: which must have them; one of all formats, where it is still to be recognised.
    Raises:
        InputError: `option-unknown`, `value-wrong` (a format that nobody has, too), or as `checked_options`.
    """
    if source_format is not None:
        named(source_format)
    given = {name: value.strip() for name, value in checked_options(options).items() if value.strip()}
    known = declared(source_format)
    for name, value in given.items():
        if name in OF_MAPPINGS:
            continue
        if name not in known:
            raise InputError("option-unknown", name=shown(name), known=" | ".join(known) or "–")
        if name in _CHECKS:
            _CHECKS[name](value)
    return given


def told(options: Mapping[str, str], source_format: str) -> dict[str, str]:
    """What of the options a format heeds, as an import tells of it; of a column mapping its name and version."""
    known = declared(source_format) if source_format in importers() else {}
    found = {name: value for name, value in options.items() if name in known and value}
    if OPTION in options and source_format == "plain-table":
        version = options.get("mapping_version", "")
        found[OPTION] = from_text(options[OPTION]).name + (f"@{version}" if version else "")
    return found


def _plain(parameters: tuple[Parameter, ...]) -> list[Parameter]:
    return [parameter for parameter in parameters if parameter.name not in OF_MAPPINGS]


def _check_platform(value: str) -> None:
    if platform_named(value) is None:
        raise InputError("value-wrong", name="platform", value=shown(value), kind=KINDS)


def _check_page(value: str) -> None:
    if not _PAGE.fullmatch(value):
        raise InputError(
            "value-wrong", name="page", value=shown(value), kind="a page's name in its address, or its number"
        )


def _check_public(value: str) -> None:
    if value not in ("yes", "no"):
        raise InputError("value-wrong", name="public", value=shown(value), kind="yes | no")


_CHECKS: Final[dict[str, Callable[[str], object]]] = {
    "page": _check_page,
    "platform": _check_platform,
    "public": _check_public,
    "zone": zone_option,
}
"""What can be told of a value before a file is read; the importer has the last word."""
