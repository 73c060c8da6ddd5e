// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {CurrencyOffice} from "./office/CurrencyOffice.sol";
import {Inspection} from "./office/Inspection.sol";
import {PartyOffice} from "./office/PartyOffice.sol";
import {ProgrammeOffice} from "./office/ProgrammeOffice.sol";
import {Recoveries} from "./office/Recoveries.sol";
import {Refusals} from "./office/Refusals.sol";
import {Supervision} from "./office/Supervision.sol";

/// @title LedgerOffice
/// @notice The part of the ledger's code that is not needed every day. The ledger runs it on its own
/// storage; called at its own address it has no authority, so nothing restricted can be done there, and no
/// receivables.
contract LedgerOffice is
    PartyOffice,
    ProgrammeOffice,
    CurrencyOffice,
    Supervision,
    Refusals,
    Recoveries,
    Inspection
{
    constructor() AccessManaged(address(0)) {}
}
