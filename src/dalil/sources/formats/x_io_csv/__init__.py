"""X's own releases of information operations: CSV with 31 columns."""
