"""A public post's second name: the keyed hash under which it stands where its author is not known.

A deletion notice, a reply or a list of ids names a post and not its author, and so must hash it,
because the post may be a private person's. The public post itself says which hash that is, so that
the two join (decision 0100).
"""

from __future__ import annotations

from typing import Final

from dalil.schema.records import Edge
from dalil.schema.words import EdgeType
from dalil.sources.privacy import Pseudonymiser

# Members of enums that nearly every record needs, looked up once.
_ALIAS: Final = EdgeType.ALIAS


def alias_edge(platform: str, native_id: str, privacy: Pseudonymiser) -> Edge:
    """From the public post to the hash of the same post. Nothing is sealed for it: it hides nobody."""
    return Edge(
        src_uid=f"{platform}:{native_id}",
        dst_uid=f"{platform}:{privacy.hashed(platform, 'post', native_id)}",
        type=_ALIAS,
    )
