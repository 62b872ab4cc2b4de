"""The HTTP interface for tools: the same actions and queries as the pages, as JSON."""
