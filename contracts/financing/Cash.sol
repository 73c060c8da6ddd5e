// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICash} from "../interfaces/ICash.sol";
import {ICurrencies} from "../interfaces/ICurrencies.sol";
import {IReceivableLedger} from "../interfaces/IReceivableLedger.sol";
import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Currency} from "../types/DataTypes.sol";

/// @title Cash
/// @notice The money side of the financing contracts, in one place: each payment arrives exactly, or
/// nothing happens.
abstract contract Cash is ICash, Multicall, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev A row of the ledger's currency table, as far as it never changes. One slot.
    struct Purse {
        IERC20 token;
        uint8 decimals;
        // What the contract takes of a payment, in millionths; here, because this slot is read anyway.
        uint32 levy;
    }

    uint8 internal constant _VALUE_DECIMALS = 6;
    /// @dev Enough for any token of the table; with less, running out would pass for a refusal.
    uint256 private constant _GAS_TO_TRY = 300_000;

    /// @inheritdoc ICash
    IReceivableLedger public immutable ledger;

    mapping(uint8 currency => Purse purse) private _purses;
    /// @dev What purses are opened with.
    uint32 private _levy;

    constructor(IReceivableLedger newLedger) {
        require(address(newLedger).code.length != 0, LedgerWithoutCode(address(newLedger)));
        ledger = newLedger;
    }

    /// @inheritdoc ICash
    function permit(
        uint8 currency,
        address owner,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        IERC20Permit token = IERC20Permit(address(_purseOf(currency).token));
        // Whoever saw the permit may have used it first: the allowance is what counts.
        try token.permit(owner, address(this), value, deadline, v, r, s) {
            return;
        } catch {
            return;
        }
    }

    /* INTERNAL */

    /// @dev Moves exactly `amount` units, or reverts. All state is final before it is called.
    function _move(uint8 currency, address from, address to, uint256 amount) internal {
        (IERC20 token, uint8 decimals,) = _openPurse(currency);
        _move(token, decimals, from, to, amount);
    }

    // `from` has signed, or calls: whoever calls this has seen to it.
    // slither-disable-next-line arbitrary-send-erc20
    function _move(IERC20 token, uint8 decimals, address from, address to, uint256 amount)
        internal
    {
        uint256 wanted = _scaled(decimals, amount);
        uint256 before = token.balanceOf(to);
        token.safeTransferFrom(from, to, wanted);
        _requireExact(token, to, before, wanted);
    }

    /// @dev Moves exactly `amount` units if the payer's balance and allowance, and the token, let it.
    function _tryMove(uint8 currency, address from, address to, uint256 amount)
        internal
        returns (bool moved)
    {
        (IERC20 token, uint256 wanted) = _inToken(currency, amount);
        uint256 before = token.balanceOf(to);
        require(gasleft() > _GAS_TO_TRY, GasTooLow(gasleft(), _GAS_TO_TRY));
        moved = token.trySafeTransferFrom(from, to, wanted);
        if (moved) _requireExact(token, to, before, wanted);
    }

    /// @dev Pays out `amount` units of what this contract holds.
    function _payOut(uint8 currency, address to, uint256 amount) internal {
        (IERC20 token, uint256 due) = _inToken(currency, amount);
        token.safeTransfer(to, due);
    }

    /// @dev Pays out, if the token lets it.
    function _tryPayOut(uint8 currency, address to, uint256 amount) internal returns (bool) {
        (IERC20 token, uint256 due) = _inToken(currency, amount);
        require(gasleft() > _GAS_TO_TRY, GasTooLow(gasleft(), _GAS_TO_TRY));
        return token.trySafeTransfer(to, due);
    }

    /// @dev Lets the ledger take what this contract is about to pay into it.
    function _allowLedger(uint8 currency, uint256 amount) internal {
        (IERC20 token, uint256 due) = _inToken(currency, amount);
        token.forceApprove(address(ledger), due);
    }

    /// @dev Amounts are multiples of this many units, so that the token can express them.
    function _granuleOf(uint8 currency) internal view returns (uint256) {
        return _granuleIn(_purseOf(currency).decimals);
    }

    function _granuleIn(uint8 decimals) internal pure returns (uint256) {
        return decimals < _VALUE_DECIMALS ? 10 ** (_VALUE_DECIMALS - decimals) : 1;
    }

    /// @dev What the ledger says of a currency is asked once.
    function _openPurse(uint8 currency)
        internal
        returns (IERC20 token, uint8 decimals, uint32 levy)
    {
        Purse storage purse = _purses[currency];
        (token, decimals, levy) = (purse.token, purse.decimals, purse.levy);
        if (address(token) != address(0)) return (token, decimals, levy);
        Purse memory opened = _purseOf(currency);
        _purses[currency] = opened;
        return (opened.token, opened.decimals, opened.levy);
    }

    function _purseOf(uint8 currency) internal view returns (Purse memory purse) {
        purse = _purses[currency];
        if (address(purse.token) != address(0)) return purse;
        Currency memory row = ledger.currencyOf(currency);
        require(row.token != address(0), ICurrencies.CurrencyIsOffChain(currency));
        return Purse(IERC20(row.token), row.decimals, _levy);
    }

    /// @dev Takes another levy of payments in all currencies, of which there are 255 at most.
    function _setLevy(uint32 newLevy) internal {
        _levy = newLevy;
        uint8 count = ledger.currencyCount();
        for (uint8 i = 0; i < count; ++i) {
            if (address(_purses[i + 1].token) != address(0)) _purses[i + 1].levy = newLevy;
        }
    }

    /* PRIVATE */

    function _inToken(uint8 currency, uint256 amount)
        private
        returns (IERC20 token, uint256 scaled)
    {
        uint8 decimals;
        (token, decimals,) = _openPurse(currency);
        scaled = _scaled(decimals, amount);
    }

    /// @dev Units in the token's own decimals; an amount has 80 bits and 10^30 has 100: no overflow.
    function _scaled(uint8 decimals, uint256 amount) private pure returns (uint256) {
        if (decimals == _VALUE_DECIMALS) return amount;
        if (decimals > _VALUE_DECIMALS) return amount * 10 ** (decimals - _VALUE_DECIMALS);
        uint256 granule = _granuleIn(decimals);
        require(amount % granule == 0, ICurrencies.AmountNotExpressible(amount, granule));
        return amount / granule;
    }

    function _requireExact(IERC20 token, address to, uint256 before, uint256 wanted) private view {
        uint256 arrived = token.balanceOf(to) - before;
        // Nothing else is a payment.
        // slither-disable-next-line incorrect-equality
        require(arrived == wanted, ICurrencies.PaymentNotExact(arrived, wanted));
    }
}
