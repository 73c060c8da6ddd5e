"""How the roles make batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from duebill._enclosing import require_wallet
from duebill._wallet import ContractWallet
from duebill.bulk._batch import Batch
from duebill.bulk._check import checked
from duebill.bulk._job import Job
from duebill.errors import BadReference
from duebill.journal import checked_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill._desk import Desk
    from duebill.bulk._forms import Form
    from duebill.bulk._sources import Table
    from duebill.signing import Signer

# The rows of a transaction follow it, and a reference has 200 characters.
_LONGEST_REFERENCE = 100
_TIMEOUT_SECONDS = 120.0


class Options(TypedDict, total=False):
    """How a table is carried out.

    Attributes:
        reference: The batch's name in the journal. When not given, it follows from the rows: then
            the same table again is the same batch.
        skip_refused: True: wrong rows are skipped and told; otherwise nothing is sent if there is one.
        alone: True: every row is a transaction of its own, not packed with others.
        timeout: Seconds in which nothing moves, after which what is not done counts as waiting.
        accounts: Names that may stand in the table for accounts, with their addresses.
    """

    reference: str | None
    skip_refused: bool
    alone: bool
    timeout: float
    accounts: Mapping[str, str]


def batch_of(
    table: Table,
    form: Form,
    *,
    desk: Desk,
    signer: Signer,
    simulated: bool,
    **options: Unpack[Options],
) -> Batch:
    """Check a table and make a batch of it.

    Raises:
        TableProblem: It cannot be carried out as it is; nothing was sent.
        BadReference: The reference cannot be one.
        WalletUnsupported: A contract wallet would act that does not take several calls at once.
        WalletHasNoKey: It was given no owner.
    """
    reference = options.get("reference")
    if reference is not None and len(checked_reference(reference)) > _LONGEST_REFERENCE:
        raise BadReference(reference)
    if isinstance(signer, ContractWallet):
        require_wallet(desk.chain, signer.address)
    names, skipped = options.get("accounts", {}), options.get("skip_refused", False)
    spool = checked(table, form, skip_refused=skipped, accounts=names)
    job = Job(
        desk=desk,
        signer=signer,
        form=form,
        spool=spool,
        reference=reference or f"{form.name}-{spool.digest}",
        alone=options.get("alone", False),
        timeout=options.get("timeout", _TIMEOUT_SECONDS),
    )
    if not simulated:
        # A wallet without an owner is told before anything is sent.
        _ = job.key
    return Batch(job, simulated=simulated)
