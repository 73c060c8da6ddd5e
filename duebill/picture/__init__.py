"""Pictures of receivables: the lineage of their vouchers as SVG.

`lineage_svg` draws who held what, column by column: each voucher in one holder's hands is a card,
each movement of value a band as wide as the value. The SVG stands alone: no script, no font, no
reference to anything outside; every text in it is escaped.
"""

from __future__ import annotations

from duebill.picture._lineage import lineage_svg

__all__ = ["lineage_svg"]
