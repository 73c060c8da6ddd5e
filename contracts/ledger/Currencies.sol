// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "../interfaces/ICurrencies.sol";
import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {Currency} from "../types/DataTypes.sol";

/// @title Currencies
/// @notice The currency table, and the only place where the money of receivables moves.
abstract contract Currencies {
    using SafeERC20 for IERC20;

    uint8 internal constant VALUE_DECIMALS = 6;

    uint8 internal _currencyCount;
    mapping(uint8 currency => Currency row) internal _currencies;
    mapping(address token => bool used) internal _isCurrencyToken;

    /// @dev The exponent of the granule: a currency of fewer than 6 decimals cannot express every unit.
    /// Only a closed currency is asked whether it exists.
    function _granuleExponent(uint8 currency) internal view returns (uint8) {
        Currency storage row = _currencies[currency];
        if (!row.open) {
            _requireCurrency(currency);
            revert ICurrencies.CurrencyClosed(currency);
        }
        uint8 decimals = row.decimals;
        return decimals < VALUE_DECIMALS ? VALUE_DECIMALS - decimals : 0;
    }

    /// @dev Takes exactly `amount` units from the caller, or reverts. The amount is in whole granules.
    function _collect(uint8 currency, uint256 amount) internal {
        (IERC20 token, uint256 wanted) = _inToken(currency, amount);
        require(address(token) != address(0), ICurrencies.CurrencyIsOffChain(currency));
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), wanted);
        uint256 arrived = token.balanceOf(address(this)) - before;
        // Nothing else is a payment: too much would be trapped.
        // slither-disable-next-line incorrect-equality
        require(arrived == wanted, ICurrencies.PaymentNotExact(arrived, wanted));
    }

    /// @dev Pays out `amount` units. Outside the chain, the event that goes with it is the order to pay.
    function _payOut(uint8 currency, address payee, uint256 amount) internal {
        (IERC20 token, uint256 due) = _inToken(currency, amount);
        if (address(token) != address(0)) token.safeTransfer(payee, due);
    }

    function _requirePayingAgent(uint8 currency) internal view {
        address agent = _currencies[currency].payingAgent;
        require(msg.sender == agent, ICurrencies.NotPayingAgent(msg.sender, agent));
    }

    /// @dev Units in the token's own decimals; an amount has 80 bits and 10^30 has 100: no overflow.
    function _inToken(uint8 currency, uint256 amount)
        private
        view
        returns (IERC20 token, uint256 scaled)
    {
        Currency storage row = _currencies[currency];
        uint8 decimals = row.decimals;
        token = IERC20(row.token);
        scaled = decimals < VALUE_DECIMALS
            ? amount / 10 ** (VALUE_DECIMALS - decimals)
            : amount * 10 ** (decimals - VALUE_DECIMALS);
    }

    function _requireCurrency(uint8 currency) internal view {
        require(currency != 0 && currency <= _currencyCount, ICurrencies.CurrencyUnknown(currency));
    }
}
