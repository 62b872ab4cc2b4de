"""YouTube Data API v3: answers of its list methods, as JSON or JSON Lines."""
