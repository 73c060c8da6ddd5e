// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ERC7821} from "@openzeppelin/contracts/account/extensions/draft-ERC7821.sol";

import {ContractWallet} from "./ContractWallet.sol";

/// @title ExecutingWallet
/// @notice Test only. A contract wallet that makes calls for its owner, in the form of ERC-7821.
contract ExecutingWallet is ContractWallet, ERC7821 {
    constructor(address newOwner) ContractWallet(newOwner) {}

    function _erc7821AuthorizedExecutor(address caller, bytes32, bytes calldata)
        internal
        view
        override
        returns (bool)
    {
        return caller == owner;
    }
}
