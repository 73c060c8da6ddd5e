// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "../interfaces/ICurrencies.sol";
import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/interfaces/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {Book} from "../ledger/Book.sol";
import {Currency} from "../types/DataTypes.sol";

/// @title CurrencyOffice
/// @notice The currency table's administration.
abstract contract CurrencyOffice is Book, ICurrencies {
    using SafeERC20 for IERC20;

    uint8 private constant _MOST_DECIMALS = 36;

    /* CURRENCIES */

    /// @inheritdoc ICurrencies
    function addCurrency(bytes3 code, address token, address payingAgent, uint8 decimals)
        external
        restricted
        returns (uint8 currency)
    {
        require(_currencyCount < type(uint8).max, ICurrencies.CurrencyInvalid("table is full"));
        require(
            (token == address(0)) != (payingAgent == address(0)),
            ICurrencies.CurrencyInvalid("token or agent")
        );
        require(_isCode(code), ICurrencies.CurrencyInvalid("code"));
        require(decimals <= _MOST_DECIMALS, ICurrencies.CurrencyInvalid("decimals"));
        if (token != address(0)) {
            require(
                IERC20Metadata(token).decimals() == decimals,
                ICurrencies.CurrencyInvalid("decimals")
            );
            _isCurrencyToken[token] = true;
        }
        currency = ++_currencyCount;
        _currencies[currency] = Currency(token, code, decimals, true, payingAgent);
        emit ICurrencies.CurrencyAdded(currency, code, token, decimals, payingAgent);
    }

    /// @inheritdoc ICurrencies
    function setCurrencyOpen(uint8 currency, bool open) external restricted {
        _requireCurrency(currency);
        _currencies[currency].open = open;
        emit ICurrencies.CurrencyOpened(currency, open);
    }

    /// @inheritdoc ICurrencies
    function setPayingAgent(uint8 currency, address payingAgent) external restricted {
        _requireCurrency(currency);
        require(
            _currencies[currency].token == address(0) && payingAgent != address(0),
            ICurrencies.CurrencyInvalid("token or agent")
        );
        _currencies[currency].payingAgent = payingAgent;
        emit ICurrencies.PayingAgentChanged(currency, payingAgent);
    }

    /// @inheritdoc ICurrencies
    function sweep(address token, address to) external restricted returns (uint256 amount) {
        require(!_isCurrencyToken[token], ICurrencies.CurrencyInvalid("holds money of holders"));
        amount = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransfer(to, amount);
    }

    /* VIEWS */

    /// @inheritdoc ICurrencies
    function currencyOf(uint8 currency) external view returns (Currency memory) {
        _requireCurrency(currency);
        return _currencies[currency];
    }

    /// @inheritdoc ICurrencies
    function currencyCount() external view returns (uint8) {
        return _currencyCount;
    }

    /* INTERNAL */

    function _isCode(bytes3 code) private pure returns (bool) {
        for (uint256 i = 0; i < 3; ++i) {
            if (code[i] < "A" || code[i] > "Z") return false;
        }
        return true;
    }
}
