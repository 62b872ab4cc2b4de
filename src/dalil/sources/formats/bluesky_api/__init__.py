"""Bluesky API: feeds, threads, posts, profiles, records, as JSON or JSON Lines."""
