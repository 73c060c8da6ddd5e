"""The end: the books close at zero, and everyone's cash adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.demo._result import Result
from duebill.wording import grouped

if TYPE_CHECKING:
    from duebill.demo._story import Story
    from duebill.model import Terms


def close(story: Story, *terms: Terms) -> Result:
    """Tell what is left, which is nothing, and make the result."""
    ledger, teller = story.ledger, story.teller
    teller.scene("The books close")
    result = Result(
        invoice=story.invoice,
        cast=story.cast,
        names=story.names,
        books=story.books,
        receivables=tuple(ledger.receivable(it.id) for it in terms),
        terms=terms,
        lineages=tuple(ledger.lineage(it.id) for it in terms),
        fills=ledger.exchange.fills(),
        offers=ledger.exchange.offers(),
        avals=ledger.guarantees.avals(),
        loans=ledger.loans.loans(),
        brought=story.brought,
        cash=story.cash(),
        held=story.held(),
        steps=tuple(story.steps),
        refusals=tuple(story.refusals),
        report=story.checked(),
    )
    _tell(story, result)
    return result


def _tell(story: Story, result: Result) -> None:
    teller = story.teller
    for found in result.receivables:
        left = len(story.ledger.vouchers(receivable=found.id))
        whose = story.cast.at(found.obligor).name
        teller.say(f"The receivable on {whose} is {found.status}, and {left} vouchers are left.")
    for place, name in result.books.items():
        teller.say(f"{name}: {grouped(result.cash[place])}.")
    _account(story, result)
    for lineage in result.lineages:
        teller.lineage(lineage, result.names)
    teller.invariants(result.report)


def _account(story: Story, result: Result) -> None:
    """What everyone brought in and has; money is neither made nor lost on the way."""
    for actor in story.cast.parties:
        brought = story.brought.get(actor.address, story.nothing)
        has = result.cash[actor.address]
        gain = (
            f"{grouped(has - brought)} more" if has >= brought else f"{grouped(brought - has)} less"
        )
        words = f"{actor.name} brought in {grouped(brought)} and has {grouped(has)}: {gain}."
        story.teller.say(words)
    if result.lost_units:
        raise RuntimeError(f"{result.lost_units} units of cash are not where they should be")
    story.teller.say("Together that is what they brought in, to the last unit.")
