// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IDocumentBook} from "contracts/interfaces/IDocumentBook.sol";
import {IParties} from "contracts/interfaces/IParties.sol";
import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";

import {Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {DocumentTest} from "./DocumentTest.sol";

/// @notice Documents that come after issue, from who owes and who invoiced.
contract AppendTest is DocumentTest {
    Terms private _its;
    ReceivableId private _id;

    function setUp() public override {
        super.setUp();
        _its = _terms();
        _id = _issued(_its);
    }

    /* WHAT IT DOES */

    function test_obligor_and_creditor_append() external {
        vm.expectEmit(address(book));
        emit IDocumentBook.DocumentsAppended(_id, ROOT, creditor);
        _append(creditor, ROOT);
        assertTrue(book.isAppended(_id, ROOT));

        bytes32 other = keccak256("other documents");
        vm.expectEmit(address(book));
        emit IDocumentBook.DocumentsAppended(_id, other, obligor);
        _append(obligor, other);
        assertTrue(book.isAppended(_id, other));
    }

    function test_the_same_documents_belong_to_several_receivables() external {
        _append(creditor, ROOT);
        Terms memory second = _terms();
        ReceivableId secondId = _issued(second);
        assertFalse(book.isAppended(secondId, ROOT));
        vm.prank(creditor);
        book.append(second, ROOT);
        assertTrue(book.isAppended(secondId, ROOT));
    }

    function test_the_creditor_appends_when_all_vouchers_are_others() external {
        vm.prank(obligor);
        ledger.accept(_id);
        _give(_id.firstVoucher(), creditor, alice);
        _append(creditor, ROOT);
        assertTrue(book.isAppended(_id, ROOT));
    }

    function test_documents_come_in_every_status() external {
        Status[5] memory statuses =
            [Status.Issued, Status.Accepted, Status.Overdue, Status.Settled, Status.Cancelled];
        for (uint256 i = 0; i < statuses.length; ++i) {
            if (statuses[i] == Status.Cancelled) _its = _cancelled();
            else _reach(statuses[i]);
            _assertStatus(ledger.idOf(_its), statuses[i]);
            _append(obligor, ROOT);
            _append(creditor, keccak256("the creditor's"));
            assertTrue(book.isAppended(ledger.idOf(_its), ROOT));
            (_its, _id) = (_terms(), ReceivableId.wrap(0));
            _id = _issued(_its);
        }
    }

    function test_documents_come_while_the_ledger_is_paused_and_when_it_lapsed() external {
        _pause();
        _append(creditor, ROOT);
        vm.warp(block.timestamp + 11 days);
        _assertStatus(_id, Status.Lapsed);
        _append(creditor, keccak256("why it lapsed"));
    }

    /* WHAT IT REFUSES */

    function test_reverts_when_the_caller_is_neither_obligor_nor_creditor() external {
        _expectNotEntitled(alice, creditor);
        _append(alice, ROOT);
    }

    function test_reverts_when_the_terms_are_others() external {
        _its.creditor = alice;
        ReceivableId forged = ledger.idOf(_its);
        vm.expectRevert(abi.encodeWithSelector(IDocumentBook.ReceivableNotIssued.selector, forged));
        _append(alice, ROOT);
    }

    function test_reverts_given_it_is_not_issued() external {
        _its = _terms();
        ReceivableId id = ledger.idOf(_its);
        vm.expectRevert(abi.encodeWithSelector(IDocumentBook.ReceivableNotIssued.selector, id));
        _append(creditor, ROOT);
    }

    function test_reverts_when_the_root_is_zero() external {
        vm.expectRevert(IDocumentBook.RootIsZero.selector);
        _append(creditor, 0);
    }

    function test_reverts_given_the_root_was_appended() external {
        _append(creditor, ROOT);
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentBook.RootAlreadyAppended.selector, _id, ROOT)
        );
        _append(obligor, ROOT);
    }

    function test_threat_37_reverts_given_the_party_is_not_verified() external {
        _unverify(creditor);
        _expectNotVerified(creditor);
        _append(creditor, ROOT);
    }

    function test_threat_36_reverts_given_the_party_is_frozen() external {
        _freezeParty(obligor);
        _expectFrozen(obligor);
        _append(obligor, ROOT);
    }

    function test_threat_22_verified_and_frozen_count_in_their_last_second_and_not_after()
        external
    {
        ledger.verifyParty(creditor, uint40(block.timestamp), REASON);
        ledger.freezeParty(obligor, uint40(block.timestamp), REASON);
        _append(creditor, ROOT);
        bytes32 other = keccak256("other documents");
        vm.expectPartialRevert(IParties.PartyIsFrozen.selector);
        _append(obligor, other);
        vm.warp(block.timestamp + 1);
        _append(obligor, other);
        vm.expectPartialRevert(IParties.PartyNotVerified.selector);
        _append(creditor, keccak256("late documents"));
    }

    function test_reverts_when_the_ledger_has_no_code() external {
        vm.expectRevert(abi.encodeWithSelector(IDocumentBook.LedgerWithoutCode.selector, stranger));
        _newBook(IReceivableLedger(stranger));
    }

    /* PRIVATE */

    function _append(address by, bytes32 root) private {
        vm.prank(by);
        book.append(_its, root);
    }

    /// @dev From issued to the status, of the receivable at hand.
    function _reach(Status status) private {
        if (status == Status.Issued) return;
        vm.prank(obligor);
        ledger.accept(_id);
        if (status == Status.Overdue) _warpToOverdue(_id);
        if (status == Status.Settled) _pay(_id, FACE);
    }

    function _cancelled() private returns (Terms memory terms) {
        terms = _terms();
        ReceivableId id = _issued(terms);
        vm.prank(creditor);
        ledger.cancel(id);
    }
}

/// @notice Documents that come after issue, from whoever holds a voucher.
contract AppendAsHolderTest is DocumentTest {
    ReceivableId private _id;
    VoucherId private _voucher;

    function setUp() public override {
        super.setUp();
        (_id, _voucher) = _accepted();
        _voucher = _splitOff(_voucher, creditor, alice, 1e6);
    }

    function test_a_holder_appends_to_the_receivable() external {
        vm.expectEmit(address(book));
        emit IDocumentBook.DocumentsAppended(_id, ROOT, alice);
        _append(alice);
        assertTrue(book.isAppended(_id, ROOT));
    }

    function test_reverts_when_another_holds_it() external {
        _expectNotEntitled(bob, alice);
        _append(bob);
        _give(_voucher, alice, bob);
        _expectNotEntitled(alice, bob);
        _append(alice);
    }

    function test_reverts_given_the_voucher_is_gone() external {
        _pay(_id, FACE);
        _redeem(_voucher);
        _expectNonexistent(_voucher);
        _append(alice);
    }

    function test_reverts_given_the_root_was_appended_by_another() external {
        _append(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentBook.RootAlreadyAppended.selector, _id, ROOT)
        );
        vm.prank(creditor);
        book.appendAsHolder(_id.firstVoucher(), ROOT);
    }

    function test_threat_37_reverts_given_the_holder_is_not_verified() external {
        _unverify(alice);
        _expectNotVerified(alice);
        _append(alice);
    }

    function test_threat_36_reverts_given_the_holder_is_frozen() external {
        _freezeParty(alice);
        _expectFrozen(alice);
        _append(alice);
    }

    function _append(address by) private {
        vm.prank(by);
        book.appendAsHolder(_voucher, ROOT);
    }
}
