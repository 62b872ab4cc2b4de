"""Bluesky commits: Jetstream JSON Lines, decoded firehose, Tap events."""
