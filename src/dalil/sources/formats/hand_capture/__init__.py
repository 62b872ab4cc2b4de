"""Hand capture, the way in that no platform can close: what a person saw, with a screenshot."""
