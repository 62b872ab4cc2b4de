"""The door for plug-ins: one manifest, one registry, entry points; our own come through it too.

A plug-in that cannot be loaded is kept in the list as disabled, with its reason, and never stops
the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Generic, Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Parameter:
    """One option of a plug-in: `default` gives its type."""

    name: str
    default: str | int | float | bool
    help: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a plug-in is, readable without running it.

    Args:
        name: stable key, lower case with dashes, such as `x-api-v2`.
        version: changes whenever the output for the same input may change.
        title: what people call it.
        proof: which real file shows that it works, or `unproven on a real file`.
        needs_network: must be False for everything that we ship.
        rereads: an importer that can read its own redacted raw records again; see `sources.rereading`.
    """

    name: str
    version: str
    title: str
    proof: str = ""
    notes: str = ""
    parameters: tuple[Parameter, ...] = ()
    needs_network: bool = False
    rereads: bool = False


class Plugin(Protocol):
    """Anything with a manifest."""

    @property
    def manifest(self) -> Manifest: ...


P = TypeVar("P", bound=Plugin)


@dataclass(frozen=True, slots=True)
class Disabled:
    """A plug-in that was found and could not be used."""

    name: str
    reason: str


@dataclass(slots=True)
class Registry(Generic[P]):
    """The plug-ins of one kind, by name.

    Args:
        group: entry-point group, such as `dalil.importers`.
        check: raises ValueError with a reason when an object is not a plug-in of this kind.
    """

    group: str
    check: Callable[[object], P]
    _found: dict[str, P] = field(default_factory=dict)
    disabled: list[Disabled] = field(default_factory=list)

    def add(self, candidate: object) -> None:
        """Register one plug-in.

        Raises:
            ValueError: it is not of this kind, or its name is taken.
        """
        plugin = self.check(candidate)
        if plugin.manifest.name in self._found:
            raise ValueError(f"the name '{plugin.manifest.name}' is taken")
        if plugin.manifest.needs_network:
            raise ValueError("plug-ins that need the network are not loaded")
        self._found[plugin.manifest.name] = plugin

    def load_entry_points(self) -> None:
        """Load what other packages offer; one that fails is listed in `disabled`."""
        for point in entry_points(group=self.group):
            try:
                self.add(point.load())
            except (ImportError, AttributeError, TypeError, ValueError) as error:
                self.disabled.append(Disabled(point.name, f"{type(error).__name__}: {error}"))

    def __getitem__(self, name: str) -> P:
        return self._found[name]

    def __contains__(self, name: object) -> bool:
        return name in self._found

    def __iter__(self) -> Iterator[P]:
        return iter(self._found[name] for name in sorted(self._found))

    def __len__(self) -> int:
        return len(self._found)

    def by_name(self) -> Mapping[str, P]:
        """All plug-ins, name → plug-in."""
        return dict(sorted(self._found.items()))
