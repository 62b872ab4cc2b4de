"""Groups of posts with one text, and of media that show one picture. A group is a lead, not a verdict."""

from dalil.findings.duplicates.pictures import VERSION as MEDIA_VERSION
from dalil.findings.duplicates.pictures import media_groups
from dalil.findings.duplicates.texts import VERSION as TEXT_VERSION
from dalil.findings.duplicates.texts import text_groups

__all__ = ["MEDIA_VERSION", "TEXT_VERSION", "media_groups", "text_groups"]
