// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title DocumentTree
/// @notice The tree that commits to documents. A leaf is keccak256(0x00 ‖ salt ‖ content hash), a node
/// keccak256(0x01 ‖ smaller child ‖ larger child); a node without a sibling goes up unchanged, so that the only
/// leaf is the root. The first byte keeps a node from passing for a leaf (RFC 6962, section 2.1); the salt
/// keeps a leaf from being guessed; sorted children make a proof a plain list.
library DocumentTree {
    bytes1 private constant _LEAF = 0x00;
    bytes1 private constant _NODE = 0x01;

    /// @notice The leaf of a document, or of one field of it.
    function leafOf(bytes32 salt, bytes32 contentHash) internal pure returns (bytes32) {
        // All three have fixed lengths: no two inputs are one string of bytes.
        return keccak256(bytes.concat(_LEAF, salt, contentHash));
    }

    /// @notice The node above two others, in whatever order.
    function nodeOf(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return keccak256(a < b ? bytes.concat(_NODE, a, b) : bytes.concat(_NODE, b, a));
    }

    /// @notice Whether a leaf is in the tree of this root. No root, no leaf.
    /// @param proof The siblings from the leaf up to below the root.
    function isIncluded(bytes32 root, bytes32 leaf, bytes32[] calldata proof)
        internal
        pure
        returns (bool)
    {
        bytes32 node = leaf;
        for (uint256 i = 0; i < proof.length; ++i) {
            node = nodeOf(node, proof[i]);
        }
        return root != 0 && node == root;
    }
}
