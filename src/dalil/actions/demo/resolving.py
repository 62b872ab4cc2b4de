"""Resolves the sample's posts and accounts, named by their platforms' ids, to what the archive calls them."""

from __future__ import annotations

from dataclasses import dataclass

from dalil.actions import recognising
from dalil.actions.house import House
from dalil.sample import script as acts
from dalil.schema.identity import keyed_hash


@dataclass(frozen=True, slots=True)
class Found:
    """Resolves the script's posts and sources to what the archive calls them."""

    pseudonym_key: bytes
    observations: dict[str, str]

    @classmethod
    def of(cls, house: House) -> Found:
        """From what the archive holds now."""
        keys = house.unlocked()
        return cls(keys.pseudonym(keys.generation), recognising.first_observations(house))

    def uid(self, post: acts.PostRef) -> str:
        """The stored uid: the public one where it is held, else the private one."""
        plain = f"{post.platform}:{post.native_id}"
        if plain in self.observations:
            return plain
        return f"{post.platform}:h:{keyed_hash(self.pseudonym_key, post.platform, 'post', post.native_id)}"

    def observation(self, post: acts.PostRef) -> str:
        """The id of the first observation of the post, or its uid where it is not held (a capture missed it)."""
        uid = self.uid(post)
        return self.observations.get(uid, uid)

    def source(self, source: acts.SourceRef) -> str:
        """The stored uid of an account."""
        if source.public:
            return f"{source.platform}:{source.native_id}"
        return f"{source.platform}:h:{keyed_hash(self.pseudonym_key, source.platform, 'account', source.native_id)}"
