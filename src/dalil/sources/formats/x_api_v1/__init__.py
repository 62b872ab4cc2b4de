"""X API v1.1: JSON and JSON Lines, answers of search, lookup and streams."""
