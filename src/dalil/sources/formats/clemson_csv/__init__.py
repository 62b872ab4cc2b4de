"""The troll posts that Clemson University collected and FiveThirtyEight published: CSV."""
