// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Currency} from "../types/DataTypes.sol";

/// @title ICurrencies
/// @notice What receivables are paid in: an ERC-20, or money outside the chain that a paying agent
/// holds and attests. The table only grows; closing a currency stops new issues only.
/// @dev Token assumptions, kept by whoever adds a currency: it does not rebase, it charges no fee on
/// transfer (a payment that does not arrive whole is refused), its decimals do not change. Tokens that return
/// nothing, return false or revert are handled; a token that blocks a holder blocks nobody else.
interface ICurrencies {
    /* EVENTS */

    /// @notice Emitted when a currency is added. It is open from then on.
    event CurrencyAdded(
        uint8 indexed currency,
        bytes3 indexed code,
        address indexed token,
        uint8 decimals,
        address payingAgent
    );

    /// @notice Emitted when a currency is closed for new issues, or opened again.
    event CurrencyOpened(uint8 indexed currency, bool open);

    /// @notice Emitted when another paying agent takes over a currency.
    event PayingAgentChanged(uint8 indexed currency, address indexed payingAgent);

    /* ERRORS */

    /// @notice Thrown when a currency does not exist.
    error CurrencyUnknown(uint8 currency);

    /// @notice Thrown when a closed currency is used for a new issue.
    error CurrencyClosed(uint8 currency);

    /// @notice Thrown when not exactly one of token and paying agent is named, the code is not three
    /// capital letters, the decimals are not the token's or above 36, or the table is full.
    error CurrencyInvalid(bytes32 rule);

    /// @notice Thrown when a payment is made on chain in a currency that is paid outside it.
    error CurrencyIsOffChain(uint8 currency);

    /// @notice Thrown when a caller other than the currency's paying agent attests a payment.
    error NotPayingAgent(address caller, address payingAgent);

    /// @notice Thrown when the currency cannot express an amount: it is not a multiple of `granule` units.
    error AmountNotExpressible(uint256 amount, uint256 granule);

    /// @notice Thrown when less, or more, arrived than was to be paid.
    error PaymentNotExact(uint256 arrived, uint256 expected);

    /* CURRENCIES */

    /// @notice Adds a currency: a token, or a paying agent for money outside the chain.
    /// @param decimals Of the token (checked) or of the currency's minor unit.
    /// @return currency Its number, from 1.
    function addCurrency(bytes3 code, address token, address payingAgent, uint8 decimals)
        external
        returns (uint8 currency);

    /// @notice Closes a currency for new issues, or opens it again.
    function setCurrencyOpen(uint8 currency, bool open) external;

    /// @notice Hands a currency outside the chain to another paying agent.
    function setPayingAgent(uint8 currency, address payingAgent) external;

    /// @notice Sends out what the ledger holds of a token that is no currency's, sent to it by mistake.
    function sweep(address token, address to) external returns (uint256 amount);

    /* VIEWS */

    /// @notice One row of the currency table.
    function currencyOf(uint8 currency) external view returns (Currency memory);

    /// @notice How many currencies there are; their numbers are 1 to this.
    function currencyCount() external view returns (uint8);
}
