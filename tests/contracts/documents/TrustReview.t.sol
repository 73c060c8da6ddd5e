// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IDocumentBook} from "contracts/interfaces/IDocumentBook.sol";

import {Terms} from "contracts/types/DataTypes.sol";
import {Attestation} from "contracts/types/DocumentTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {DocumentTest} from "./DocumentTest.sol";

/// @notice What strangers, dust and relayers can do to documents and attestations: docs/security/trust-review-1.md.
contract DocumentReviewTest is DocumentTest {
    Terms private _its;
    ReceivableId private _id;

    function setUp() public override {
        super.setUp();
        _its = _terms();
        _id = _issued(_its);
    }

    /* LATER DOCUMENTS */

    function test_a_holder_of_dust_can_append_anothers_root_first_and_bears_its_name() external {
        vm.prank(obligor);
        ledger.accept(_id);
        VoucherId dust = _splitOff(_id.firstVoucher(), creditor, alice, 1);
        vm.expectEmit(address(book));
        emit IDocumentBook.DocumentsAppended(_id, ROOT, alice);
        vm.prank(alice);
        book.appendAsHolder(dust, ROOT);
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentBook.RootAlreadyAppended.selector, _id, ROOT)
        );
        vm.prank(creditor);
        book.append(_its, ROOT);
        assertTrue(book.isAppended(_id, ROOT));
    }

    function test_threat_35_a_pause_does_not_keep_documents_and_attestations_back() external {
        ledger.pause(uint40(block.timestamp + 1 days), REASON);
        vm.prank(creditor);
        book.append(_its, ROOT);
        Attestation memory attestation = _attestation(_id);
        _bring(attestation);
        _assertUntil(_id, attestation.expiry);
    }

    /* PROOFS */

    function test_threat_70_a_node_proves_itself_and_no_document() external {
        (bytes32 a, bytes32 b) = (book.leafOf("a", "1"), book.leafOf("b", "2"));
        (bytes32 c, bytes32 root) = (book.leafOf("c", "3"), 0);
        bytes32 pair = _node(a, b);
        root = _node(pair, c);
        _its.documentsRoot = root;
        _issued(_its);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = c;
        assertTrue(book.isDocumentOf(_its, pair, proof));
        assertNotEq(book.leafOf(a, b), pair);
        assertNotEq(book.leafOf(b, a), pair);
    }

    /// @dev Trees that double a lone node have one root for both (CVE-2012-2459).
    function test_threat_70_three_leaves_and_the_last_one_twice_have_different_roots()
        external
        view
    {
        (bytes32 a, bytes32 b) = (book.leafOf("a", "1"), book.leafOf("b", "2"));
        bytes32 c = book.leafOf("c", "3");
        assertNotEq(_node(_node(a, b), c), _node(_node(a, b), _node(c, c)));
    }

    /* ATTESTATIONS */

    function test_threat_19_a_signature_that_is_brought_again_and_again_changes_nothing() external {
        Attestation memory attestation = _attestation(_id);
        bytes memory signature = _signed(attestation);
        for (uint256 i = 0; i < 3; ++i) {
            _bring(attestation, signature);
        }
        _assertUntil(_id, attestation.expiry);
        assertEq(book.nonceOf(_id, INVOICE, verifiers[0]), 0);
    }

    function test_threat_19_what_ends_earlier_is_no_way_to_shorten_anothers_word() external {
        Attestation memory attestation = _attestation(_id);
        attestation.expiry = uint40(block.timestamp + 1 hours);
        bytes memory brief = _signed(attestation);
        _bring(_attestation(_id));
        _bring(attestation, brief);
        _assertUntil(_id, block.timestamp + 1 days);
    }

    function test_threat_19_a_number_signed_ahead_counts_only_after_its_own_revocation() external {
        Attestation memory ahead = _attestation(_id);
        ahead.nonce = 1;
        bytes memory signature = _signed(ahead);
        _expectNonceWrong(1, 0);
        _bring(ahead, signature);
        _revoke(_id, INVOICE, verifiers[0]);
        _bring(ahead, signature);
        _assertUntil(_id, ahead.expiry);
    }

    function _node(bytes32 a, bytes32 b) private pure returns (bytes32) {
        if (a > b) (a, b) = (b, a);
        return keccak256(abi.encodePacked(bytes1(0x01), a, b));
    }
}
