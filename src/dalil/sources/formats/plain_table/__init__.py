"""Plain tables, CSV and TSV: our own template for pages and groups saved by hand, and any other by a column mapping."""
