"""How else an account is named in what is held: by its name where its address was given, by its address in a text."""

from __future__ import annotations

from typing import Final

from dalil.sources import fediverse
from dalil.sources.addresses import FEDIVERSE

_PATHS: Final = ("@", "users/", "ap/users/")


def handle_in(platform: str, native_id: str) -> str | None:
    """The handle that an account's id tells: the address of an account of the fediverse is `name@server`."""
    if platform != fediverse.PLATFORM or FEDIVERSE.fullmatch(native_id) is None:
        return None
    return fediverse.person(native_id).handle


def spellings(platform: str, name: str) -> tuple[str, ...]:
    """Strings that name the account and do not hold its id or handle, such as the addresses of its posts."""
    user, _, server = name.partition("@")
    if platform != fediverse.PLATFORM or not user or not server:
        return ()
    return tuple(f"{server}/{path}{user}" for path in _PATHS)
