"""Dalil: a workbench for communities that answer propaganda with evidence."""

__version__ = "0.1.0"
