// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IReceivableLedger} from "./interfaces/IReceivableLedger.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {Cash} from "./financing/Cash.sol";
import {Offers} from "./financing/Offers.sol";
import {Orders} from "./financing/Orders.sol";

/// @title Exchange
/// @notice Vouchers against cash by signed orders, vouchers as payment by offers, and what sellers answer
/// for. The administrator sets the fee, up to the cap that is fixed here, and nothing else.
contract Exchange is Orders, Offers {
    constructor(address authority, IReceivableLedger newLedger, uint32 newFeeCap)
        AccessManaged(authority)
        Cash(newLedger)
        Orders(newFeeCap)
    {}
}
