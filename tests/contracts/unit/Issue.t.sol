// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IERC3525} from "contracts/interfaces/IERC3525.sol";
import {IProgrammes} from "contracts/interfaces/IProgrammes.sol";
import {IReceivables} from "contracts/interfaces/IReceivables.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";

import {Programme, Receivable, Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

contract IssueTest is LedgerTest {
    string private constant _TERMS_TYPE =
        "Terms(address obligor,address creditor,uint8 currency,uint80 face,uint16 dueDay,uint16 programme,bytes32 documentsRoot,bytes32 referenceHash,uint256 salt)";

    uint16 private _today;

    function setUp() public override {
        super.setUp();
        _today = uint16(block.timestamp / 1 days);
    }

    /* WHAT IT DOES */

    function test_creditor_issues_and_the_receivable_waits() external {
        Terms memory terms = _terms();
        ReceivableId id = _issued(terms);

        Receivable memory receivable = ledger.receivableOf(id);
        assertEq(uint8(receivable.status), uint8(Status.Issued));
        assertEq(receivable.obligor, obligor);
        assertEq(receivable.currency, eur);
        assertEq(receivable.programme, programme);
        assertEq(receivable.dueDay, terms.dueDay);
        assertEq(receivable.acceptBy, _today + 10);
        assertEq(receivable.maxHops, 5);
        assertEq(receivable.vouchers, 1);
        assertEq(receivable.face, FACE);
        assertEq(uint256(receivable.paid) + receivable.advanced + receivable.claimed, 0);
        assertFalse(receivable.defaultDeclared);
    }

    function test_first_voucher_is_the_creditors_and_worth_the_face() external {
        VoucherId first = _issued().firstVoucher();

        _assertVoucher(first, creditor, FACE);
        assertEq(ledger.balanceOf(creditor), 1);
        assertEq(_hopsOf(first), 0);
    }

    function test_obligor_issues_and_is_bound_at_once() external {
        Terms memory terms = _terms();
        (ReceivableId id, VoucherId first) = _accepted(terms);

        _assertStatus(id, Status.Accepted);
        _assertVoucher(first, creditor, FACE);
        assertEq(ledger.receivableOf(id).acceptBy, _today);
    }

    function test_events_carry_all_terms_in_order() external {
        Terms memory terms = _terms();
        ReceivableId id = ledger.idOf(terms);
        uint256 first = _raw(id.firstVoucher());

        vm.expectEmit(address(ledger));
        emit IReceivables.ReceivableIssued(
            id,
            obligor,
            creditor,
            eur,
            FACE,
            terms.dueDay,
            programme,
            terms.documentsRoot,
            terms.referenceHash,
            terms.salt,
            _today
        );
        vm.expectEmit(address(ledger));
        emit IERC721.Transfer(address(0), creditor, first);
        vm.expectEmit(address(ledger));
        emit IERC3525.SlotChanged(first, 0, id.toSlot());
        vm.expectEmit(address(ledger));
        emit IERC3525.TransferValue(0, first, FACE);
        vm.expectEmit(address(ledger));
        emit IReceivables.ReceivableAccepted(id, obligor);
        _accepted(terms);
    }

    function test_id_is_the_hash_of_the_terms_cut_to_192_bits() external {
        Terms memory terms = _terms();
        bytes32 hash = keccak256(abi.encode(keccak256(bytes(_TERMS_TYPE)), terms));
        uint256 cut = uint256(hash) >> 64;

        assertEq(ReceivableId.unwrap(ledger.idOf(terms)), cut);
        assertEq(ReceivableId.unwrap(_issued(terms)), cut);
    }

    function test_threat_42_every_term_changes_the_id(uint256 field, uint256 change) external {
        Terms memory terms = _terms();
        ReceivableId before = ledger.idOf(terms);
        _alter(terms, field % 9, bound(change, 1, type(uint8).max));

        assertFalse(before == ledger.idOf(terms));
    }

    function test_threat_33_the_largest_face_is_kept_exactly(uint80 below) external {
        uint80 face = type(uint80).max - uint80(bound(below, 0, 1000));
        (ReceivableId id, VoucherId first) = _accepted(_termsOf(face));

        assertEq(ledger.receivableOf(id).face, face);
        _assertVoucher(first, creditor, face);
    }

    /* DAYS */

    function test_acceptance_ends_with_the_due_date_if_that_is_sooner() external {
        Terms memory terms = _terms();
        terms.dueDay = _today + 9;
        assertEq(ledger.receivableOf(_issued(terms)).acceptBy, _today + 9);
        terms.dueDay = _today + 10;
        assertEq(ledger.receivableOf(_issued(terms)).acceptBy, _today + 10);
        terms.dueDay = _today + 11;
        assertEq(ledger.receivableOf(_issued(terms)).acceptBy, _today + 10);
    }

    function test_due_date_may_be_today_and_at_most_the_longest_tenor_away() external {
        Terms memory terms = _terms();
        terms.dueDay = _today;
        _issued(terms);
        terms.dueDay = _today + 360;
        _issued(terms);
    }

    function test_threat_41_today_lasts_until_its_last_second() external {
        Terms memory terms = _terms();
        terms.dueDay = _today;
        vm.warp((uint256(_today) + 1) * 1 days - 1);
        _issued(terms);
        terms.salt++;
        vm.warp(block.timestamp + 1);
        _expectRefused(
            terms, abi.encodeWithSelector(IReceivables.DueDateInPast.selector, _today, _today + 1)
        );
    }

    function test_reverts_when_due_date_is_past() external {
        Terms memory terms = _terms();
        terms.dueDay = _today - 1;
        _expectRefused(
            terms, abi.encodeWithSelector(IReceivables.DueDateInPast.selector, _today - 1, _today)
        );
    }

    function test_reverts_when_tenor_is_too_long() external {
        Terms memory terms = _terms();
        terms.dueDay = _today + 361;
        _expectRefused(terms, abi.encodeWithSelector(IProgrammes.TenorTooLong.selector, 361, 360));
    }

    /* PARTIES */

    function test_reverts_when_caller_is_neither_creditor_nor_obligor() external {
        Terms memory terms = _terms();
        _expectNotEntitled(alice, creditor);
        vm.prank(alice);
        ledger.issue(terms);
    }

    function test_threat_32_reverts_when_obligor_is_creditor() external {
        Terms memory terms = _terms();
        terms.creditor = obligor;
        vm.expectRevert(abi.encodeWithSelector(IReceivables.ObligorIsCreditor.selector, obligor));
        vm.prank(obligor);
        ledger.issue(terms);
    }

    function test_reverts_given_an_unverified_obligor() external {
        _unverify(obligor);
        _expectUnverifiedRefused(obligor);
    }

    function test_reverts_given_an_unverified_creditor() external {
        _unverify(creditor);
        _expectUnverifiedRefused(creditor);
    }

    function test_reverts_given_a_frozen_obligor() external {
        _freezeParty(obligor);
        _expectFrozenRefused(obligor);
    }

    function test_reverts_given_a_frozen_creditor() external {
        _freezeParty(creditor);
        _expectFrozenRefused(creditor);
    }

    /* RULES */

    function test_reverts_when_programme_is_unknown() external {
        Terms memory terms = _terms();
        for (uint16 unknown = 0; unknown <= programme + 1; unknown += programme + 1) {
            terms.programme = unknown;
            _expectRefused(
                terms, abi.encodeWithSelector(IProgrammes.ProgrammeUnknown.selector, unknown)
            );
        }
    }

    function test_reverts_given_a_closed_programme() external {
        ledger.setProgrammeOpen(programme, false);
        _expectRefused(
            _terms(), abi.encodeWithSelector(IProgrammes.ProgrammeClosed.selector, programme)
        );
    }

    function test_reverts_when_currency_is_not_the_programmes() external {
        Programme memory rules = _programme();
        rules.currency = offChain;
        Terms memory terms = _termsUnder(rules);
        _expectRefused(
            terms, abi.encodeWithSelector(IProgrammes.CurrencyNotAdmitted.selector, eur, offChain)
        );
        terms.currency = offChain;
        _issued(terms);
    }

    function test_reverts_when_currency_is_unknown() external {
        Terms memory terms = _terms();
        for (uint8 unknown = 0; unknown <= offChain + 1; unknown += offChain + 1) {
            terms.currency = unknown;
            _expectRefused(
                terms, abi.encodeWithSelector(ICurrencies.CurrencyUnknown.selector, unknown)
            );
        }
    }

    function test_reverts_given_a_closed_currency() external {
        ledger.setCurrencyOpen(eur, false);
        _expectRefused(_terms(), abi.encodeWithSelector(ICurrencies.CurrencyClosed.selector, eur));
    }

    function test_reverts_when_face_is_zero() external {
        _expectRefused(
            _termsOf(0), abi.encodeWithSelector(IProgrammes.BelowSmallestVoucher.selector, 0, 1)
        );
    }

    function test_reverts_when_face_is_below_the_smallest_voucher() external {
        Programme memory rules = _programme();
        rules.smallestVoucher = 100e6;
        Terms memory terms = _termsUnder(rules);
        terms.face = 100e6;
        _issued(terms);
        terms.face = 100e6 - 1;
        _expectRefused(
            terms,
            abi.encodeWithSelector(IProgrammes.BelowSmallestVoucher.selector, 100e6 - 1, 100e6)
        );
    }

    function test_reverts_when_currency_cannot_express_the_face() external {
        Terms memory terms = _termsIn(offChain);
        terms.face = 1e4;
        _issued(terms);
        terms.face = 1e4 + 1;
        _expectRefused(
            terms, abi.encodeWithSelector(ICurrencies.AmountNotExpressible.selector, 1e4 + 1, 1e4)
        );
    }

    /* STATE */

    function test_reverts_given_the_same_terms_were_issued() external {
        Terms memory terms = _terms();
        ReceivableId id = _issued(terms);
        _expectRefused(terms, abi.encodeWithSelector(IReceivables.AlreadyIssued.selector, id));
    }

    function test_reverts_given_the_same_terms_were_cancelled() external {
        Terms memory terms = _terms();
        ReceivableId id = _issued(terms);
        vm.prank(creditor);
        ledger.cancel(id);
        _expectRefused(terms, abi.encodeWithSelector(IReceivables.AlreadyIssued.selector, id));
    }

    function test_threat_35_reverts_given_a_pause() external {
        Terms memory terms = _terms();
        _pause();
        _expectPaused();
        vm.prank(creditor);
        ledger.issue(terms);
    }

    /* INTERNAL */

    // What does not fit changes the field all the same.
    // forge-lint: disable-next-item(unsafe-typecast)
    function _alter(Terms memory terms, uint256 field, uint256 change) private pure {
        if (field == 0) terms.obligor = address(uint160(terms.obligor) ^ uint160(change));
        if (field == 1) terms.creditor = address(uint160(terms.creditor) ^ uint160(change));
        if (field == 2) terms.currency ^= uint8(change);
        if (field == 3) terms.face ^= uint80(change);
        if (field == 4) terms.dueDay ^= uint16(change);
        if (field == 5) terms.programme ^= uint16(change);
        if (field == 6) terms.documentsRoot ^= bytes32(change);
        if (field == 7) terms.referenceHash ^= bytes32(change);
        if (field == 8) terms.salt ^= change;
    }

    function _expectRefused(Terms memory terms, bytes memory refusal) private {
        vm.expectRevert(refusal);
        vm.prank(terms.creditor);
        ledger.issue(terms);
    }

    /// @dev Whoever of the two brings the terms.
    function _expectUnverifiedRefused(address party) private {
        Terms memory terms = _terms();
        _expectNotVerified(party);
        vm.prank(creditor);
        ledger.issue(terms);
        _expectNotVerified(party);
        vm.prank(obligor);
        ledger.issue(terms);
    }

    function _expectFrozenRefused(address party) private {
        Terms memory terms = _terms();
        _expectFrozen(party);
        vm.prank(creditor);
        ledger.issue(terms);
        _expectFrozen(party);
        vm.prank(obligor);
        ledger.issue(terms);
    }
}
