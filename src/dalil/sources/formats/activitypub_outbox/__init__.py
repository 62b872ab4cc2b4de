"""ActivityPub: outboxes, their pages, and activities or posts one after the other."""
