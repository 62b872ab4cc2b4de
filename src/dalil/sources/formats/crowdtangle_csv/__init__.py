"""CrowdTangle CSV: what Facebook's research tool gave out until 2024; its archives remain."""
