// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDocumentBook} from "../interfaces/IDocumentBook.sol";
import {IInvoiceRegistry} from "../interfaces/IInvoiceRegistry.sol";

/**
 * What a programme's gate asks. Amounts are units of 10^-6 of the currency, days are whole days since
 * 1970-01-01 UTC.
 */

/// @notice By when attestations have to be there.
enum Stage {
    // Before the obligor is bound.
    Acceptance,
    // Before a voucher goes to, or is sold by, a contract that the ledger calls a custodian. What it gives out
    // is free, and so is what goes to it once the receivable is overdue: recourse takes that way.
    Financing
}

/// @notice So many of these verifiers attest a document of this kind.
struct Requirement {
    // The kind of document: the label that attestations bear.
    bytes32 kind;
    // By when.
    Stage before;
    // How many of the verifiers, ...
    uint8 needed;
    // ... who are 16 at most, each of them once.
    address[] verifiers;
}

/// @notice The rules of a gate; what is zero, or empty, asks nothing.
struct GateRules {
    // Registered invoices must cover each receivable's face.
    IInvoiceRegistry registry;
    // Where attestations are kept; requirements need it.
    IDocumentBook documents;
    // The most that may be accepted and unsettled under one programme, in units.
    uint80 totalLimit;
    // The most that one receivable may be for, in units.
    uint80 faceLimit;
    // The last day on which anything may be issued.
    uint16 lastIssueDay;
    // Whether an obligor who is overdue beyond grace may accept nothing new.
    bool stopOnOverdue;
    // What has to be attested: 8 requirements at most.
    Requirement[] requirements;
}

/// @notice A requirement that is not met.
struct Lacking {
    bytes32 kind;
    // How many verifiers have to attest it, ...
    uint8 needed;
    // ... and how many do.
    uint8 held;
}
