"""Who pushes what together: accounts that share the same objects close in time.

`plan` says what a run would do, `coordinate` does it, `public_view` is what may be shown of it.
Coordinated is neither inauthentic nor extremist: a result is a lead with its evidence.
"""

from dalil.findings.coordination.planning import Plan, plan
from dalil.findings.coordination.privacy import campaign_table, is_private, public_view
from dalil.findings.coordination.rules import Mode
from dalil.findings.coordination.running import VERSION, coordinate
from dalil.findings.coordination.shares import COLUMNS, from_text

__all__ = [
    "COLUMNS",
    "VERSION",
    "Mode",
    "Plan",
    "campaign_table",
    "coordinate",
    "from_text",
    "is_private",
    "plan",
    "public_view",
]
