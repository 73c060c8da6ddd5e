// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IDocumentBook} from "./interfaces/IDocumentBook.sol";
import {IParties} from "./interfaces/IParties.sol";
import {IReceivableLedger} from "./interfaces/IReceivableLedger.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {DocumentTree} from "./libraries/DocumentTree.sol";
import {Party, Status, Terms} from "./types/DataTypes.sol";
import {Attestation} from "./types/DocumentTypes.sol";
import {ReceivableId, VoucherId} from "./types/Ids.sol";

/// @title DocumentBook
/// @notice Later documents and attestations; its interface is `IDocumentBook`. Batches go through `multicall`.
/// @dev The only calls out are views, of the ledger and of verifiers that are contracts: nothing can come back
/// in and write.
contract DocumentBook is EIP712, Multicall, IDocumentBook {
    /// @dev A verifier's word for a kind of document. One slot.
    struct Standing {
        // The latest expiry of what was brought under the present number.
        uint40 until;
        // How often it was revoked.
        uint216 nonce;
    }

    bytes32 private constant _ATTESTATION_TYPEHASH = keccak256(
        "Attestation(uint192 receivable,bytes32 leaf,bytes32 kind,address verifier,uint40 expiry,uint256 nonce)"
    );

    /// @inheritdoc IDocumentBook
    IReceivableLedger public immutable ledger;

    mapping(ReceivableId receivable => mapping(bytes32 root => bool)) private _appended;
    mapping(
        ReceivableId receivable
            => mapping(bytes32 kind => mapping(address verifier => Standing standing))
    ) private _standings;

    constructor(IReceivableLedger newLedger) EIP712("Duebill DocumentBook", "1") {
        require(address(newLedger).code.length != 0, LedgerWithoutCode(address(newLedger)));
        ledger = newLedger;
    }

    /* APPEND */

    /// @inheritdoc IDocumentBook
    function append(Terms calldata terms, bytes32 root) external {
        require(
            msg.sender == terms.obligor || msg.sender == terms.creditor,
            IParties.CallerNotEntitled(msg.sender, terms.creditor)
        );
        ReceivableId id = ledger.idOf(terms);
        require(ledger.statusOf(id) != Status.None, ReceivableNotIssued(id));
        _append(id, root);
    }

    /// @inheritdoc IDocumentBook
    function appendAsHolder(VoucherId voucher, bytes32 root) external {
        address holder = ledger.ownerOf(VoucherId.unwrap(voucher));
        require(msg.sender == holder, IParties.CallerNotEntitled(msg.sender, holder));
        _append(voucher.receivableOf(), root);
    }

    /* ATTEST */

    /// @inheritdoc IDocumentBook
    function attest(Attestation calldata attestation, bytes calldata signature) external {
        require(attestation.leaf != 0, AttestationInvalid("no document"));
        require(attestation.kind != 0, AttestationInvalid("no kind"));
        require(
            block.timestamp <= attestation.expiry,
            AttestationExpired(attestation.expiry, block.timestamp)
        );
        Standing storage standing =
            _standings[attestation.receivable][attestation.kind][attestation.verifier];
        require(
            attestation.nonce == standing.nonce,
            AttestationNonceWrong(attestation.nonce, standing.nonce)
        );
        _requireAssent(attestation, signature);
        if (attestation.expiry > standing.until) standing.until = attestation.expiry;
        emit Attested(
            attestation.receivable,
            attestation.verifier,
            attestation.kind,
            attestation.leaf,
            attestation.expiry,
            attestation.nonce
        );
    }

    /// @inheritdoc IDocumentBook
    function revoke(ReceivableId receivable, bytes32 kind) external {
        Standing storage standing = _standings[receivable][kind][msg.sender];
        uint216 nonce = standing.nonce + 1;
        (standing.until, standing.nonce) = (0, nonce);
        emit AttestationsRevoked(receivable, msg.sender, kind, nonce);
    }

    /* VIEWS */

    /// @inheritdoc IDocumentBook
    function attestedUntil(ReceivableId receivable, bytes32 kind, address verifier)
        external
        view
        returns (uint40)
    {
        return _standings[receivable][kind][verifier].until;
    }

    /// @inheritdoc IDocumentBook
    function nonceOf(ReceivableId receivable, bytes32 kind, address verifier)
        external
        view
        returns (uint256)
    {
        return _standings[receivable][kind][verifier].nonce;
    }

    /// @inheritdoc IDocumentBook
    function attestationDigest(Attestation calldata attestation) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(_ATTESTATION_TYPEHASH, attestation)));
    }

    /// @inheritdoc IDocumentBook
    function isAppended(ReceivableId receivable, bytes32 root) external view returns (bool) {
        return _appended[receivable][root];
    }

    /// @inheritdoc IDocumentBook
    function leafOf(bytes32 salt, bytes32 contentHash) external pure returns (bytes32) {
        return DocumentTree.leafOf(salt, contentHash);
    }

    /// @inheritdoc IDocumentBook
    function isIncluded(bytes32 root, bytes32 leaf, bytes32[] calldata proof)
        external
        pure
        returns (bool)
    {
        return DocumentTree.isIncluded(root, leaf, proof);
    }

    /// @inheritdoc IDocumentBook
    function isDocumentOf(Terms calldata terms, bytes32 leaf, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        return ledger.statusOf(ledger.idOf(terms)) != Status.None
            && DocumentTree.isIncluded(terms.documentsRoot, leaf, proof);
    }

    /* PRIVATE */

    /// @dev Appends in the name of the caller, who has shown what it has to do with the receivable.
    function _append(ReceivableId id, bytes32 root) private {
        _requireActive(msg.sender);
        require(root != 0, RootIsZero());
        require(!_appended[id][root], RootAlreadyAppended(id, root));
        _appended[id][root] = true;
        emit DocumentsAppended(id, root, msg.sender);
    }

    function _requireActive(address party) private view {
        Party memory found = ledger.partyOf(party);
        require(
            found.frozenUntil < block.timestamp, IParties.PartyIsFrozen(party, found.frozenUntil)
        );
        require(found.verifiedUntil >= block.timestamp, IParties.PartyNotVerified(party));
    }

    function _requireAssent(Attestation calldata attestation, bytes calldata signature)
        private
        view
    {
        address verifier = attestation.verifier;
        if (msg.sender == verifier) return;
        bytes32 digest = attestationDigest(attestation);
        require(
            SignatureChecker.isValidSignatureNowCalldata(verifier, digest, signature),
            AttestationSignatureInvalid(verifier)
        );
    }
}
