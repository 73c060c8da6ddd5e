// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {VoucherId} from "../types/Ids.sol";
import {ICash} from "./ICash.sol";
import {IOffers} from "./IOffers.sol";
import {IOrders} from "./IOrders.sol";
import {IRecourses} from "./IRecourses.sol";

/// @title IExchange
/// @notice Vouchers against cash, vouchers as payment, and what sellers answer for.
/// @dev The ledger knows it as an operator of its users' vouchers, and as a verified custodian: what it
/// moves has its recipient's consent, and what goes back to a seller is no hop. It holds neither vouchers
/// nor cash between two calls.
interface IExchange is IOrders, IOffers, IRecourses, ICash {
    /// @notice Thrown when a voucher is not the seller's or giver's.
    error NotHolder(address party, VoucherId voucher, address holder);

    /// @notice Thrown when a part of a voucher is sold or given that was claimed on: the whole can be; or
    /// when it is sold with recourse.
    error VoucherClaimedOn(VoucherId voucher, uint256 claimed);

    /// @notice Thrown when more is sold or given than is still to be redeemed.
    error AmountExceedsVoucher(VoucherId voucher, uint256 amount, uint256 left);
}
