"""Exports of gazouilloire and of minet's commands for X: CSV, users' CSV, and dumps of the index."""
