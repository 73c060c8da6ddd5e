// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/**
 * The values of the invoice registry. Amounts are units of 10^-6 of the currency, days are whole days
 * since 1970-01-01 UTC.
 */

/// @notice Where a key stands.
enum InvoiceState {
    // Never registered; becomes Registered or Note.
    None,
    // An invoice that can be used; becomes Void.
    Registered,
    // An invoice that nothing more can be used of. Final.
    Void,
    // A credit note that was applied to an invoice. Final.
    Note
}

/// @notice One invoice as it stands now; used + credited <= total.
struct Invoice {
    InvoiceState state;
    // ISO 4217 code, three letters.
    bytes3 currency;
    // The number of the registrant who registered it first.
    uint32 registrant;
    // Its amount when it was issued.
    uint80 total;
    // How much of it receivables, or financings elsewhere, rest on.
    uint80 used;
    // How much of it credit notes took back.
    uint80 credited;
}

/// @notice From which issue date on invoices are keyed with which secret.
struct KeyEpoch {
    // The first issue date; invoices from before are keyed with the secret before.
    uint16 fromDay;
    // Tells who holds the secret that it is the right one, and others nothing.
    bytes32 check;
}
