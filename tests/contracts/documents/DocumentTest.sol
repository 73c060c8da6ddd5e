// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IDocumentBook} from "contracts/interfaces/IDocumentBook.sol";
import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";

import {Attestation} from "contracts/types/DocumentTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice A document book of the ledger, and verifiers who are no parties of it.
abstract contract DocumentTest is LedgerTest {
    bytes32 internal constant INVOICE = "invoice";
    bytes32 internal constant DELIVERY = "delivery note";
    bytes32 internal constant LEAF = keccak256("a leaf");
    bytes32 internal constant ROOT = keccak256("the root of later documents");

    IDocumentBook internal book;
    // Surveyor, auditor, carrier.
    address[3] internal verifiers;
    mapping(address verifier => uint256) internal keys;

    function setUp() public virtual override {
        super.setUp();
        book = _newBook(ledger);
        string[3] memory names = ["surveyor", "auditor", "carrier"];
        for (uint256 i = 0; i < names.length; ++i) {
            (address verifier, uint256 key) = makeAddrAndKey(names[i]);
            (verifiers[i], keys[verifier]) = (verifier, key);
        }
    }

    function _newBook(IReceivableLedger its) internal returns (IDocumentBook) {
        return IDocumentBook(deployCode("DocumentBook.sol:DocumentBook", abi.encode(its)));
    }

    /* ATTESTATIONS */

    /// @dev The surveyor's, of an invoice, for a day.
    function _attestation(ReceivableId id) internal view returns (Attestation memory) {
        return Attestation({
            receivable: id,
            leaf: LEAF,
            kind: INVOICE,
            verifier: verifiers[0],
            expiry: uint40(block.timestamp + 1 days),
            nonce: 0
        });
    }

    function _sign(Attestation memory attestation, uint256 key)
        internal
        view
        returns (bytes memory)
    {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, book.attestationDigest(attestation));
        return abi.encodePacked(r, s, v);
    }

    /// @dev Its verifier's signature.
    function _signed(Attestation memory attestation) internal view returns (bytes memory) {
        return _sign(attestation, keys[attestation.verifier]);
    }

    /// @dev A stranger brings it, with its verifier's signature.
    function _bring(Attestation memory attestation) internal {
        _bring(attestation, _signed(attestation));
    }

    function _bring(Attestation memory attestation, bytes memory signature) internal {
        vm.prank(stranger);
        book.attest(attestation, signature);
    }

    /// @dev A verifier attests a kind of document until a time, in its own transaction.
    function _attest(ReceivableId id, bytes32 kind, address verifier, uint256 until) internal {
        Attestation memory attestation = _attestation(id);
        (attestation.kind, attestation.verifier) = (kind, verifier);
        attestation.expiry = uint40(until);
        attestation.nonce = book.nonceOf(id, kind, verifier);
        vm.prank(verifier);
        book.attest(attestation, "");
    }

    function _revoke(ReceivableId id, bytes32 kind, address verifier) internal {
        vm.prank(verifier);
        book.revoke(id, kind);
    }

    /* WHAT MUST HOLD */

    function _assertUntil(ReceivableId id, uint256 until) internal view {
        assertEq(book.attestedUntil(id, INVOICE, verifiers[0]), until, "attested until");
    }

    function _expectInvalidSignature(address verifier) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentBook.AttestationSignatureInvalid.selector, verifier)
        );
    }

    function _expectNonceWrong(uint256 nonce, uint256 current) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentBook.AttestationNonceWrong.selector, nonce, current)
        );
    }
}
