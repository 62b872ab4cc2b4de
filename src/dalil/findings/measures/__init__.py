"""The weekly measures: M0, M1, M3b, M3 and M11, as product and word list define them.

Pure functions of what the desk hands over; no clock, no store. None of them shows changed minds.
"""

from dalil.findings.measures.calendar import week_at, week_of
from dalil.findings.measures.weekly import VERSION, LogCheck, MediaCount, week

__all__ = ["VERSION", "LogCheck", "MediaCount", "week", "week_at", "week_of"]
