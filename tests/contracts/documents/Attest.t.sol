// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IDocumentBook} from "contracts/interfaces/IDocumentBook.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {Attestation} from "contracts/types/DocumentTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {DocumentTest} from "./DocumentTest.sol";

/// @notice Bringing an attestation: who may, from when and until when it holds.
contract AttestTest is DocumentTest {
    ReceivableId private _id;

    function setUp() public override {
        super.setUp();
        _id = _issued();
    }

    /* WHAT IT DOES */

    function test_the_verifier_brings_it_itself() external {
        Attestation memory attestation = _attestation(_id);
        vm.expectEmit(address(book));
        emit IDocumentBook.Attested(
            _id, verifiers[0], INVOICE, LEAF, attestation.expiry, attestation.nonce
        );
        vm.prank(verifiers[0]);
        book.attest(attestation, "");
        _assertUntil(_id, attestation.expiry);
    }

    function test_anyone_brings_it_with_the_signature() external {
        Attestation memory attestation = _attestation(_id);
        _bring(attestation);
        _assertUntil(_id, attestation.expiry);
    }

    function test_it_is_for_a_receivable_that_is_not_issued_yet() external {
        ReceivableId later = ledger.idOf(_terms());
        _bring(_attestation(later));
        _assertUntil(later, block.timestamp + 1 days);
    }

    function test_it_says_nothing_of_others() external {
        _bring(_attestation(_id));
        assertEq(book.attestedUntil(_id, DELIVERY, verifiers[0]), 0);
        assertEq(book.attestedUntil(_id, INVOICE, verifiers[1]), 0);
        assertEq(book.attestedUntil(_issued(), INVOICE, verifiers[0]), 0);
    }

    function test_a_renewal_extends_it() external {
        _bring(_attestation(_id));
        Attestation memory renewal = _attestation(_id);
        renewal.expiry += 30 days;
        _bring(renewal);
        _assertUntil(_id, renewal.expiry);
    }

    function test_threat_19_an_older_one_does_not_shorten_it() external {
        Attestation memory older = _attestation(_id);
        bytes memory signature = _signed(older);
        Attestation memory renewal = _attestation(_id);
        renewal.expiry += 30 days;
        _bring(renewal);
        _bring(older, signature);
        _assertUntil(_id, renewal.expiry);
    }

    function test_several_documents_of_a_kind_are_attested() external {
        _bring(_attestation(_id));
        Attestation memory second = _attestation(_id);
        second.leaf = keccak256("another leaf");
        vm.expectEmit(address(book));
        emit IDocumentBook.Attested(_id, verifiers[0], INVOICE, second.leaf, second.expiry, 0);
        _bring(second);
    }

    function test_several_come_in_one_transaction() external {
        bytes[] memory calls = new bytes[](2);
        for (uint256 i = 0; i < calls.length; ++i) {
            Attestation memory attestation = _attestation(_id);
            attestation.verifier = verifiers[i];
            calls[i] = abi.encodeCall(book.attest, (attestation, _signed(attestation)));
        }
        Multicall(address(book)).multicall(calls);
        assertEq(book.attestedUntil(_id, INVOICE, verifiers[0]), block.timestamp + 1 days);
        assertEq(book.attestedUntil(_id, INVOICE, verifiers[1]), block.timestamp + 1 days);
    }

    /* WHAT IT REFUSES */

    function test_threat_22_it_is_brought_in_its_last_second_and_not_after() external {
        Attestation memory attestation = _attestation(_id);
        bytes memory signature = _signed(attestation);
        vm.warp(uint256(attestation.expiry) + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDocumentBook.AttestationExpired.selector, attestation.expiry, block.timestamp
            )
        );
        _bring(attestation, signature);
        vm.warp(attestation.expiry);
        _bring(attestation, signature);
        _assertUntil(_id, attestation.expiry);
    }

    function test_reverts_when_it_names_no_document() external {
        Attestation memory attestation = _attestation(_id);
        attestation.leaf = 0;
        bytes memory signature = _signed(attestation);
        _expectInvalid("no document");
        _bring(attestation, signature);
    }

    function test_reverts_when_it_names_no_kind() external {
        Attestation memory attestation = _attestation(_id);
        attestation.kind = 0;
        bytes memory signature = _signed(attestation);
        _expectInvalid("no kind");
        _bring(attestation, signature);
    }

    function test_reverts_when_its_number_is_yet_to_come() external {
        Attestation memory attestation = _attestation(_id);
        attestation.nonce = 1;
        bytes memory signature = _signed(attestation);
        _expectNonceWrong(1, 0);
        _bring(attestation, signature);
    }

    function test_reverts_when_another_brings_it_without_a_signature() external {
        Attestation memory attestation = _attestation(_id);
        _expectInvalidSignature(verifiers[0]);
        _bring(attestation, "");
    }

    function _expectInvalid(bytes32 rule) private {
        vm.expectRevert(abi.encodeWithSelector(IDocumentBook.AttestationInvalid.selector, rule));
    }
}

/// @notice Revoking: what was brought, and what was only signed.
contract RevokeTest is DocumentTest {
    ReceivableId private _id;

    function setUp() public override {
        super.setUp();
        _id = _issued();
    }

    function test_a_verifier_revokes_what_was_brought() external {
        _bring(_attestation(_id));
        vm.expectEmit(address(book));
        emit IDocumentBook.AttestationsRevoked(_id, verifiers[0], INVOICE, 1);
        _revoke(_id, INVOICE, verifiers[0]);
        _assertUntil(_id, 0);
        assertEq(book.nonceOf(_id, INVOICE, verifiers[0]), 1);
    }

    function test_threat_19_what_was_revoked_before_it_was_brought_never_counts() external {
        Attestation memory attestation = _attestation(_id);
        bytes memory signature = _signed(attestation);
        _revoke(_id, INVOICE, verifiers[0]);
        _expectNonceWrong(0, 1);
        _bring(attestation, signature);
        _expectNonceWrong(0, 1);
        vm.prank(verifiers[0]);
        book.attest(attestation, "");
    }

    function test_threat_19_an_older_signature_does_not_revive_what_was_revoked() external {
        Attestation memory older = _attestation(_id);
        Attestation memory renewal = _attestation(_id);
        renewal.expiry += 30 days;
        (bytes memory first, bytes memory second) = (_signed(older), _signed(renewal));
        _bring(renewal, second);
        _revoke(_id, INVOICE, verifiers[0]);
        _expectNonceWrong(0, 1);
        _bring(older, first);
        _expectNonceWrong(0, 1);
        _bring(renewal, second);
        _assertUntil(_id, 0);
    }

    function test_what_is_attested_after_a_revocation_holds_even_if_it_ends_earlier() external {
        Attestation memory attestation = _attestation(_id);
        attestation.expiry += 30 days;
        _bring(attestation);
        _revoke(_id, INVOICE, verifiers[0]);
        Attestation memory again = _attestation(_id);
        again.nonce = 1;
        bytes memory signature = _signed(again);
        _bring(again, signature);
        _assertUntil(_id, again.expiry);
        _revoke(_id, INVOICE, verifiers[0]);
        _expectNonceWrong(1, 2);
        _bring(again, signature);
    }

    function test_it_touches_no_other_kind_verifier_or_receivable() external {
        ReceivableId other = _issued();
        uint256 until = block.timestamp + 1 days;
        _attest(_id, DELIVERY, verifiers[0], until);
        _attest(_id, INVOICE, verifiers[1], until);
        _attest(other, INVOICE, verifiers[0], until);
        _revoke(_id, INVOICE, verifiers[0]);
        assertEq(book.attestedUntil(_id, DELIVERY, verifiers[0]), until);
        assertEq(book.attestedUntil(_id, INVOICE, verifiers[1]), until);
        assertEq(book.attestedUntil(other, INVOICE, verifiers[0]), until);
    }

    function test_a_stranger_revokes_its_own_word_alone() external {
        _bring(_attestation(_id));
        _revoke(_id, INVOICE, stranger);
        _assertUntil(_id, block.timestamp + 1 days);
    }
}
