"""The main job, from issue to redemption, on a real chain."""

from __future__ import annotations

from duebill.model import Money, Status


def test_from_issue_to_redemption_the_books_close_at_zero(scene, ledger, signers, anvil):
    """A receivable is issued, accepted by signature, split, passed on, paid and redeemed, and
    nothing is left in the ledger."""
    supplier = ledger.supplier(signers.supplier)
    obligor = ledger.obligor(signers.obligor)
    id_ = scene.issued()
    assert ledger.receivable(id_).status is Status.ISSUED

    acceptance = obligor.sign_acceptance(id_)
    ledger.supplier(signers.stranger).submit_acceptance(acceptance).wait()
    assert ledger.receivable(id_).status is Status.ACCEPTED

    parts = {signers.supplier2.address: "250.00", signers.financier.address: "750.00"}
    second, third = supplier.split(id_.voucher(1), parts).wait().value
    assert third.serial == 3
    assert ledger.voucher(second).value == Money.parse("250.00", "EUR")
    tier2 = ledger.supplier(signers.supplier2)
    tier2.transfer(second, signers.financier.address, value="100").wait()

    anvil.travel(days=80)
    assert obligor.pay(id_).wait().value == Money.parse("1000", "EUR")
    assert ledger.receivable(id_).status is Status.SETTLED
    for holder in (signers.supplier2, signers.financier):
        for voucher in ledger.vouchers(holder=holder.address):
            ledger.financier(holder).redeem(voucher.id).wait()
    assert ledger.vouchers() == ()
    assert ledger.cash(ledger.address, "EUR") == Money.zero("EUR")
    report = ledger.check_invariants()
    assert report.holds, report
    tree = ledger.lineage(id_)
    assert [node.id.serial for node in tree.walk()] == [1, 2, 4, 3]
    assert sum(node.redeemed.units for node in tree.walk()) == 1000 * 10**6
