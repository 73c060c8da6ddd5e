// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ReceivableId} from "./Ids.sol";

/// @notice What a verifier says of a document.
struct Attestation {
    // What the document is behind; it need not be issued yet.
    ReceivableId receivable;
    // The document: its leaf in the tree of the receivable's documents, or of those appended.
    bytes32 leaf;
    // What kind of document: an ASCII label such as "invoice" or "delivery note", padded on the right.
    bytes32 kind;
    // Who says it.
    address verifier;
    // The last second in which it holds.
    uint40 expiry;
    // How often the verifier has revoked this kind for this receivable so far: revoking it once more ends
    // this attestation, brought or not.
    uint256 nonce;
}
