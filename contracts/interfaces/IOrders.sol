// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Order, Scope, Side} from "../types/FinanceTypes.sol";
import {VoucherId} from "../types/Ids.sol";

/// @title IOrders
/// @notice Delivery versus payment: an order is signed off the chain (EIP-712, ERC-1271 for contracts)
/// and filled on it; voucher and cash move in one call, or nothing does.
/// @dev An order's amount counts what is still to be redeemed: a voucher's value less what was claimed on
/// it; a voucher that was claimed on is sold whole. Rounding is against whoever fills: a buyer pays up, a
/// seller gets down, by less than one granule. Bids, and rates, are filled up to the end of the due day;
/// an ask at an amount for one voucher at any time. Who sells has made the exchange an operator of the
/// voucher, who buys has allowed it the cash. The filler pays the fee. Contracts that sign are asked at each
/// fill, and the filler bears the gas of it; an account with a key and code (EIP-7702) signs by either. An
/// order outlives the maker's holding: if the voucher comes back, it can be filled again, until it expires or is
/// withdrawn.
interface IOrders {
    /* EVENTS */

    /// @notice Emitted when an order is filled, wholly or in part. From the first fill on its number is
    /// used: no other order with it can be filled.
    /// @param side What the maker did: sold or bought.
    /// @param currency What was paid in.
    /// @param voucher What the buyer got: the voucher itself, or a new one.
    /// @param amount What was still to be redeemed on it, in units.
    /// @param left How much of the order can still be filled, in units.
    /// @param price What the voucher cost, in units.
    /// @param fee What the filler paid on top of it, or got less, in units.
    event OrderFilled(
        bytes32 indexed order,
        address indexed maker,
        address indexed filler,
        Side side,
        uint8 currency,
        uint256 nonce,
        VoucherId voucher,
        uint80 amount,
        uint80 left,
        uint80 price,
        uint80 fee
    );

    /// @notice Emitted when a maker withdraws its orders with a number, or what is left of them.
    event NonceCancelled(address indexed maker, uint256 nonce);

    /// @notice Emitted when all of a maker's orders with numbers below `floor` are withdrawn.
    event NoncesCancelledBelow(address indexed maker, uint256 floor);

    /// @notice Emitted when another fee is set, for fills from then on.
    event FeeSet(uint32 fee, address recipient);

    /* ERRORS */

    /// @notice Thrown when an order's signature is not its maker's.
    error OrderSignatureInvalid(address maker);

    /// @notice Thrown when an order is filled after its expiry.
    error OrderExpired(uint40 expiry, uint256 time);

    /// @notice Thrown when an order was filled wholly, its number is withdrawn or another order's, or below
    /// its maker's floor.
    error OrderClosed(address maker, uint256 nonce);

    /// @notice Thrown when an order is for another taker, or its maker fills it itself.
    error TakerNotAdmitted(address filler, address taker);

    /// @notice Thrown when an order contradicts itself.
    error OrderInvalid(bytes32 rule);

    /// @notice Thrown when a fill is not between the order's least and what is left of it.
    error FillOutOfRange(uint256 amount, uint256 least, uint256 left);

    /// @notice Thrown when a voucher is none of those that the order is about.
    error NotInScope(VoucherId voucher, Scope scope, uint256 subject);

    /// @notice Thrown when a voucher is due later than the order allows, or the due day is over.
    error DueDayNotAdmitted(uint256 dueDay, uint256 earliest, uint256 latest);

    /// @notice Thrown when the filler would pay more, or get less, than it said.
    error PriceWorseThanLimit(uint256 amount, uint256 limit);

    /// @notice Thrown when a price comes to nothing.
    error PriceIsZero();

    /// @notice Thrown when a fee is above the cap, or the cap above the whole price, or a fee has no
    /// recipient but the exchange.
    error FeeInvalid(uint256 fee, uint256 cap);

    /// @notice Thrown when a floor is lowered.
    error FloorLowered(uint256 floor, uint256 current);

    /* FILL */

    /// @notice Fills an order: the caller buys what an ask sells, or sells what a bid buys.
    /// @param voucher What is sold; for an order about one voucher, that one.
    /// @param amount How much of what is still to be redeemed on it; all of it: the voucher itself.
    /// @param limit The worst price with the fee: the most that a buyer pays, the least that a seller
    /// gets, in units.
    /// @return delivered What the buyer got.
    /// @return price What it cost, in units.
    /// @return fee What the caller paid on top, or got less, in units.
    function fill(
        Order calldata order,
        bytes calldata signature,
        VoucherId voucher,
        uint80 amount,
        uint256 limit
    ) external returns (VoucherId delivered, uint80 price, uint80 fee);

    /* CANCEL */

    /// @notice Withdraws the caller's orders with this number.
    function cancelNonce(uint256 nonce) external;

    /// @notice Withdraws all of the caller's orders with numbers below `floor`, which only grows. A floor has
    /// 128 bits: a larger one is the largest of these, which withdraws every order for good.
    function cancelNoncesBelow(uint256 floor) external;

    /* ADMINISTRATOR */

    /// @notice Sets the fee, in millionths of the price, and who gets it.
    function setFee(uint32 newFee, address newRecipient) external;

    /* VIEWS */

    /// @notice What a fill would cost the caller now (a bid: whoever holds the voucher), without asking for
    /// the signature and the taker; reverts as it would.
    function quote(Order calldata order, VoucherId voucher, uint80 amount)
        external
        view
        returns (uint80 price, uint80 fee);

    /// @notice How much of an order can still be filled, in units; 0 when it is closed or expired.
    function leftOf(Order calldata order) external view returns (uint80);

    /// @notice The EIP-712 digest that the maker signs; it is the order's id too.
    function orderDigest(Order calldata order) external view returns (bytes32);

    /// @notice The fee in millionths of the price, and who gets it.
    function feeOf() external view returns (uint32 fee, address recipient);

    /// @notice The highest fee that can ever be set, in millionths of the price.
    function feeCap() external view returns (uint32);

    /// @notice Below which number a maker's orders are withdrawn.
    function floorOf(address maker) external view returns (uint256);

    /// @notice Whether a maker's number was withdrawn, or used by an order that was filled, wholly or in part.
    function isNonceUsed(address maker, uint256 nonce) external view returns (bool);
}
