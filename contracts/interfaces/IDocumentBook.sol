// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "../types/DataTypes.sol";
import {Attestation} from "../types/DocumentTypes.sol";
import {ReceivableId, VoucherId} from "../types/Ids.sol";
import {IReceivableLedger} from "./IReceivableLedger.sol";

/// @title IDocumentBook
/// @notice The documents behind receivables: what is added after issue, and who attests what. The book
/// sees hashes alone (docs/gates.md).
/// @dev Nobody has a role here and there is no money. Attestations are the word of whoever makes them: a
/// programme's gate says whose word it asks for. That a leaf is among a receivable's documents is not checked
/// when it is attested, for the receivable need not be issued: whoever is shown a document checks both. Events
/// alone rebuild everything.
interface IDocumentBook {
    /* EVENTS */

    /// @notice Emitted when documents are added to a receivable.
    /// @param root The root of their tree.
    event DocumentsAppended(
        ReceivableId indexed receivable, bytes32 indexed root, address indexed by
    );

    /// @notice Emitted when an attestation is brought. It holds until the latest expiry of those that bear the
    /// verifier's present number for the kind and the receivable.
    event Attested(
        ReceivableId indexed receivable,
        address indexed verifier,
        bytes32 indexed kind,
        bytes32 leaf,
        uint40 expiry,
        uint256 nonce
    );

    /// @notice Emitted when a verifier ends all that it attested of a kind for a receivable.
    /// @param nonce The number that attestations have to bear from now on.
    event AttestationsRevoked(
        ReceivableId indexed receivable,
        address indexed verifier,
        bytes32 indexed kind,
        uint256 nonce
    );

    /* ERRORS */

    /// @notice Thrown at deployment when the ledger has no code.
    error LedgerWithoutCode(address ledger);

    /// @notice Thrown when a receivable was never issued.
    error ReceivableNotIssued(ReceivableId receivable);

    /// @notice Thrown when no documents are to be added.
    error RootIsZero();

    /// @notice Thrown when the same documents were added to the receivable before.
    error RootAlreadyAppended(ReceivableId receivable, bytes32 root);

    /// @notice Thrown when an attestation names no document, or no kind.
    error AttestationInvalid(bytes32 rule);

    /// @notice Thrown when an attestation is brought after its expiry.
    error AttestationExpired(uint40 expiry, uint256 time);

    /// @notice Thrown when an attestation was revoked, or bears a number that is yet to come.
    error AttestationNonceWrong(uint256 nonce, uint256 current);

    /// @notice Thrown when a signature is not the verifier's.
    error AttestationSignatureInvalid(address verifier);

    /* APPEND */

    /// @notice Adds documents to a receivable, as its obligor or original creditor, who has to be verified and
    /// not frozen. Whatever became of the receivable, documents can be added; none can be taken away.
    /// @param terms What shows who the creditor was.
    /// @param root The root of a tree of documents; not one that was added before.
    function append(Terms calldata terms, bytes32 root) external;

    /// @notice Adds documents in the same way, as the holder of one of the receivable's vouchers.
    function appendAsHolder(VoucherId voucher, bytes32 root) external;

    /* ATTEST */

    /// @notice Brings an attestation: the verifier itself, without a signature; or anyone, with the verifier's
    /// EIP-712 signature (ERC-1271 for contracts). One that ends earlier than another changes nothing.
    function attest(Attestation calldata attestation, bytes calldata signature) external;

    /// @notice Ends, as its verifier, all that the caller attested of a kind for a receivable so far, whether
    /// it was brought or only signed. What still holds is attested anew, with the next number.
    function revoke(ReceivableId receivable, bytes32 kind) external;

    /* VIEWS */

    /// @notice The ledger whose receivables these are.
    function ledger() external view returns (IReceivableLedger);

    /// @notice The last second in which a verifier's word for a kind of document holds; 0: it gave none, or
    /// revoked it. The second may have passed.
    function attestedUntil(ReceivableId receivable, bytes32 kind, address verifier)
        external
        view
        returns (uint40);

    /// @notice The number that a verifier's attestations of a kind have to bear: how often it revoked them.
    function nonceOf(ReceivableId receivable, bytes32 kind, address verifier)
        external
        view
        returns (uint256);

    /// @notice The EIP-712 digest that a verifier signs.
    function attestationDigest(Attestation calldata attestation) external view returns (bytes32);

    /// @notice Whether documents with this root were added to a receivable after its issue.
    function isAppended(ReceivableId receivable, bytes32 root) external view returns (bool);

    /// @notice The leaf of a document, or of one field of it. Whoever is shown one makes its leaf here, or by
    /// the same rule: a leaf that is taken on trust may be a node, which proves nothing.
    function leafOf(bytes32 salt, bytes32 contentHash) external pure returns (bytes32);

    /// @notice Whether a leaf is in the tree of a root.
    /// @param proof The leaf's sibling, the sibling of the node above, and so on to below the root.
    function isIncluded(bytes32 root, bytes32 leaf, bytes32[] calldata proof)
        external
        pure
        returns (bool);

    /// @notice Whether these terms were issued and a leaf is among the documents that they commit to.
    function isDocumentOf(Terms calldata terms, bytes32 leaf, bytes32[] calldata proof)
        external
        view
        returns (bool);
}
