"""4CAT, the University of Amsterdam's capture and analysis toolkit: its CSV, and its mapped items one a line."""
