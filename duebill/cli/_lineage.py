"""A lineage as a tree of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.wording import grouped, short

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.text import Text
    from rich.tree import Tree

    from duebill.model import Address, LineageNode


def lineage_tree(root: LineageNode, names: Mapping[Address, str]) -> Tree:
    """The tree of vouchers below one, each with its holders and what became of it."""
    from rich.tree import Tree  # noqa: PLC0415 - slow to import, not for --json

    top = Tree(_words(root, names), guide_style="dim")
    pending = [(top, root)]
    while pending:
        branch, node = pending.pop()
        pending += [(branch.add(_words(child, names)), child) for child in node.children]
    return top


def _words(node: LineageNode, names: Mapping[Address, str]) -> Text:
    from rich.text import Text  # noqa: PLC0415 - slow to import, not for --json

    holders = " → ".join(names.get(who, who) for who in node.holders)
    return Text.assemble(
        (short(node.id), "bold"),
        f"  {holders}  {grouped(node.born_value)}",
        ("  " + _state(node), "green" if node.redeemed else "dim"),
    )


def _state(node: LineageNode) -> str:
    if node.alive:
        paid = f", {grouped(node.redeemed)} taken out" if node.redeemed else ""
        return f"holds {grouped(node.value)}{paid}"
    return f"redeemed {grouped(node.redeemed)}" if node.redeemed else "passed on"
