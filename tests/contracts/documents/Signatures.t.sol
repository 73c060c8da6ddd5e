// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {IDocumentBook} from "contracts/interfaces/IDocumentBook.sol";

import {ContractWallet} from "contracts/mocks/ContractWallet.sol";
import {Attestation} from "contracts/types/DocumentTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {DocumentTest} from "./DocumentTest.sol";

/// @notice Whose signature an attestation bears, and what exactly was signed.
contract SignaturesTest is DocumentTest {
    uint256 private constant _CURVE_ORDER =
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    bytes32 private constant _TYPEHASH = keccak256(
        "Attestation(uint192 receivable,bytes32 leaf,bytes32 kind,address verifier,uint40 expiry,uint256 nonce)"
    );

    ReceivableId private _id;

    function setUp() public override {
        super.setUp();
        _id = _issued();
    }

    /* WHAT IS SIGNED */

    function test_the_digest_is_eip_712() external view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Duebill DocumentBook"),
                keccak256("1"),
                block.chainid,
                address(book)
            )
        );
        Attestation memory attestation = _attestation(_id);
        bytes32 contents = keccak256(abi.encode(_TYPEHASH, attestation));
        assertEq(
            book.attestationDigest(attestation),
            keccak256(abi.encodePacked("\x19\x01", domain, contents))
        );
    }

    function test_the_domain_is_told() external view {
        (, string memory name, string memory version, uint256 chainId, address self,,) =
            IERC5267(address(book)).eip712Domain();
        assertEq(name, "Duebill DocumentBook");
        assertEq(version, "1");
        assertEq(chainId, block.chainid);
        assertEq(self, address(book));
    }

    function test_threat_42_every_field_changes_the_digest() external view {
        bytes32 digest = book.attestationDigest(_attestation(_id));
        for (uint256 i = 0; i < 6; ++i) {
            assertNotEq(book.attestationDigest(_changed(i)), digest, vm.toString(i));
        }
    }

    function test_threat_42_a_changed_attestation_is_not_signed() external {
        bytes memory signature = _signed(_attestation(_id));
        for (uint256 i = 0; i < 5; ++i) {
            Attestation memory changed = _changed(i);
            _expectInvalidSignature(changed.verifier);
            _bring(changed, signature);
        }
    }

    /* WHERE IT COUNTS */

    function test_threat_18_reverts_when_it_was_signed_for_another_book() external {
        Attestation memory attestation = _attestation(_id);
        IDocumentBook first = book;
        book = _newBook(ledger);
        bytes memory signature = _signed(attestation);
        book = first;
        _expectInvalidSignature(verifiers[0]);
        _bring(attestation, signature);
    }

    function test_threat_18_reverts_when_it_was_signed_for_another_chain() external {
        Attestation memory attestation = _attestation(_id);
        bytes memory signature = _signed(attestation);
        vm.chainId(block.chainid + 1);
        _expectInvalidSignature(verifiers[0]);
        _bring(attestation, signature);
    }

    /* WHOSE IT IS */

    function test_reverts_when_another_verifier_signed() external {
        Attestation memory attestation = _attestation(_id);
        bytes memory signature = _sign(attestation, keys[verifiers[1]]);
        _expectInvalidSignature(verifiers[0]);
        _bring(attestation, signature);
    }

    function test_threat_20_reverts_when_s_is_high() external {
        Attestation memory attestation = _attestation(_id);
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(keys[verifiers[0]], book.attestationDigest(attestation));
        bytes memory signature =
            abi.encodePacked(r, bytes32(_CURVE_ORDER - uint256(s)), v == 27 ? uint8(28) : 27);
        _expectInvalidSignature(verifiers[0]);
        _bring(attestation, signature);
    }

    function test_threat_20_reverts_when_the_length_is_wrong(uint8 length) external {
        vm.assume(length != 65);
        Attestation memory attestation = _attestation(_id);
        bytes memory whole = _signed(attestation);
        bytes memory signature = new bytes(length);
        for (uint256 i = 0; i < length && i < 65; ++i) {
            signature[i] = whole[i];
        }
        _expectInvalidSignature(verifiers[0]);
        _bring(attestation, signature);
    }

    function test_threat_20_nobody_signs_for_the_zero_address() external {
        Attestation memory attestation = _attestation(_id);
        attestation.verifier = address(0);
        _expectInvalidSignature(address(0));
        _bring(attestation, new bytes(65));
    }

    /* CONTRACTS (ERC-1271) */

    function test_a_contract_signs_by_its_own_word() external {
        (ContractWallet wallet, Attestation memory attestation) = _wallets();
        _bring(attestation, _sign(attestation, keys[verifiers[0]]));
        assertEq(book.attestedUntil(_id, INVOICE, address(wallet)), attestation.expiry);
    }

    function test_a_contract_attests_and_revokes_itself() external {
        (ContractWallet wallet, Attestation memory attestation) = _wallets();
        wallet.act(address(book), abi.encodeCall(book.attest, (attestation, "")));
        assertEq(book.attestedUntil(_id, INVOICE, address(wallet)), attestation.expiry);
        wallet.act(address(book), abi.encodeCall(book.revoke, (_id, INVOICE)));
        assertEq(book.attestedUntil(_id, INVOICE, address(wallet)), 0);
    }

    function test_threat_21_a_contract_that_changes_its_word_changes_nothing_brought() external {
        (ContractWallet wallet, Attestation memory attestation) = _wallets();
        _bring(attestation, _sign(attestation, keys[verifiers[0]]));
        wallet.setAnswer(ContractWallet.Answer.Invalid, 0);
        assertEq(book.attestedUntil(_id, INVOICE, address(wallet)), attestation.expiry);
        bytes memory signature = _sign(attestation, keys[verifiers[0]]);
        _expectInvalidSignature(address(wallet));
        _bring(attestation, signature);
    }

    function test_threat_21_a_contract_that_reverts_has_not_signed() external {
        (ContractWallet wallet, Attestation memory attestation) = _wallets();
        wallet.setAnswer(ContractWallet.Answer.Reverting, 0);
        bytes memory signature = _sign(attestation, keys[verifiers[0]]);
        _expectInvalidSignature(address(wallet));
        _bring(attestation, signature);
    }

    /* PRIVATE */

    /// @dev An attestation that differs from `_attestation` in one field.
    function _changed(uint256 field) private view returns (Attestation memory changed) {
        changed = _attestation(_id);
        if (field == 0) changed.receivable = ReceivableId.wrap(1);
        if (field == 1) changed.leaf = keccak256("another leaf");
        if (field == 2) changed.kind = DELIVERY;
        if (field == 3) changed.verifier = verifiers[1];
        if (field == 4) changed.expiry += 1;
        if (field == 5) changed.nonce = 1;
    }

    /// @dev A contract of the surveyor's, and an attestation of it.
    function _wallets() private returns (ContractWallet wallet, Attestation memory attestation) {
        wallet = new ContractWallet(verifiers[0]);
        attestation = _attestation(_id);
        attestation.verifier = address(wallet);
    }
}
