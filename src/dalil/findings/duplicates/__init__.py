"""Groups of posts with one text, and of media that show one picture. A group is a lead, not a verdict."""

from dalil.findings.duplicates.pictures import media_groups
from dalil.findings.duplicates.texts import text_groups

__all__ = ["media_groups", "text_groups"]
