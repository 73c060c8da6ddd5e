// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IReceivableLedger} from "./IReceivableLedger.sol";

/// @title ICash
/// @notice How the financing contracts take and give money: tokens of the ledger's currency table, by
/// allowance, exactly.
/// @dev A currency's token and decimals never change, so they are read from the ledger once. A payment
/// that does not arrive whole, or cannot be expressed by the token, is refused with the errors of
/// `ICurrencies`; so is a currency that is paid outside the chain.
interface ICash {
    /// @notice Thrown at deployment when the ledger has no code.
    error LedgerWithoutCode(address ledger);

    /// @notice Thrown when too little gas is left to tell a refusal from running out of it.
    error GasTooLow(uint256 left, uint256 needed);

    /// @notice The ledger whose vouchers these are.
    function ledger() external view returns (IReceivableLedger);

    /// @notice Uses an ERC-2612 permit in favour of this contract, as a part of a `multicall`, which all of them have. A permit
    /// that was used before, or fails, does no harm: then an allowance has to be there already.
    /// @param value In the token's own smallest units, as it was signed.
    function permit(
        uint8 currency,
        address owner,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;
}
