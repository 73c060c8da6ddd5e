// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title RoleManager
/// @notice Who may call which restricted function, after which delay: OpenZeppelin's AccessManager.
contract RoleManager is AccessManager {
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
