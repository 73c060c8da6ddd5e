// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

/// @title Intruder
/// @notice Test only. A contract that, when it is called, calls somebody else first: armed with one call,
/// it makes it at the next occasion and remembers how it went. What it was called for then goes on as if
/// nothing had happened, so that a test sees what the defence did and not what the attacker did.
abstract contract Intruder {
    address public target;
    bytes public intrusion;

    // How often it was called, armed or not.
    uint256 public occasions;
    // Whether the call was made, whether it succeeded, and what it returned or reverted with.
    bool public attempted;
    bool public succeeded;
    bytes public outcome;

    /// @notice Thrown when a call that was to be made now failed.
    error ActFailed(bytes result);

    /// @notice Plans a call for the next occasion, and forgets the last one.
    function arm(address newTarget, bytes calldata newIntrusion) external {
        target = newTarget;
        intrusion = newIntrusion;
        attempted = false;
        succeeded = false;
        outcome = "";
    }

    /// @notice Makes a call now, for tests that cannot take on its address.
    function act(address to, bytes calldata data) external returns (bytes memory result) {
        bool success;
        (success, result) = to.call(data);
        require(success, ActFailed(result));
    }

    /// @dev One call a plan: if it succeeds and leads back here, it does not go round in circles.
    function _intrude() internal {
        ++occasions;
        if (target == address(0) || attempted) return;
        attempted = true;
        (succeeded, outcome) = target.call(intrusion);
    }
}
