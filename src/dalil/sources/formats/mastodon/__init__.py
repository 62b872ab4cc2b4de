"""Mastodon REST API: statuses, threads, searches, accounts, as JSON or JSON Lines."""
