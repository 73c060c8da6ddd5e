// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/**
 * The values that cross the ledger's interface. Amounts are units of 10^-6 of the currency, days are
 * whole days since 1970-01-01 UTC, times are seconds since 1970-01-01 UTC.
 */

/// @notice Where a receivable stands. The first four are stored, the others derived from time and money.
enum Status {
    // Never issued.
    None,
    // Issued by the creditor, waits for the obligor; becomes Accepted, Cancelled or Lapsed.
    Issued,
    // The obligor is bound; becomes Overdue or Settled.
    Accepted,
    // Rejected by the obligor, or withdrawn. Final.
    Cancelled,
    // Derived: the acceptance period is over; anyone may clear it away, then it is Cancelled.
    Lapsed,
    // Derived: due date and grace are over and something is still owed; becomes Settled when paid.
    Overdue,
    // Derived: the obligor owes nothing any more. Final.
    Settled
}

/// @notice What a receivable says. Its id is the hash of these, so they can never change.
struct Terms {
    // Who owes.
    address obligor;
    // The first holder, who invoiced.
    address creditor;
    // Index in the currency table.
    uint8 currency;
    // What is owed at issue, in units.
    uint80 face;
    // The day on which payment is due; its end, 24:00 UTC, is the cut-off.
    uint16 dueDay;
    // The rules under which it is issued.
    uint16 programme;
    // Commitment to the documents behind it (contract, invoice, delivery note).
    bytes32 documentsRoot;
    // Keyed hash of the parties' own reference (an invoice number): tells strangers nothing.
    bytes32 referenceHash;
    // Makes equal terms distinct, and the id unguessable.
    uint256 salt;
}

/// @notice The immutable rules of a programme.
struct Programme {
    // Longest time from issue to due date, in days.
    uint16 maxTenorDays;
    // How many days after its issue a receivable can be accepted.
    uint16 acceptanceDays;
    // Days after the due date before the receivable is overdue.
    uint16 graceDays;
    // How often value may change hands.
    uint8 maxHops;
    // How many vouchers may be split off one receivable: one digit and zeros, at most 60,000.
    uint32 maxSplits;
    // No voucher is smaller than this, in units: one digit and zeros, at least 1.
    uint80 smallestVoucher;
    // The most that one obligor may owe under the programme, in units; 0: no limit.
    uint80 obligorLimit;
    // The only currency admitted; 0: any. A limit needs one, because sums need one.
    uint8 currency;
    // How many attestations the gate asks for; needs a gate.
    uint8 attestations;
    // Whether a recipient must have consented to receive.
    bool consent;
    // Whether an obligor with a declared default may accept nothing new.
    bool stopOnDefault;
    // Called at issue, acceptance and transfer; zero: none.
    address gate;
}

/// @notice What a receivable is paid in.
struct Currency {
    // The ERC-20 that pays; zero: paid outside the chain.
    address token;
    // ISO 4217 code, three letters.
    bytes3 code;
    // Decimals of the token, or of the currency's minor unit; pinned when it is added.
    uint8 decimals;
    // Whether new receivables may use it.
    bool open;
    // Who attests payments made outside the chain; zero for a token.
    address payingAgent;
}

/// @notice Who may act.
struct Party {
    // Verified up to and including this time; 0: never.
    uint40 verifiedUntil;
    // Frozen up to and including this time; 0: not frozen.
    uint40 frozenUntil;
    // How many vouchers it holds.
    uint64 vouchers;
    // How many of its receivables are in declared default.
    uint16 defaults;
    // Whether it keeps vouchers for others (a pledge book, an escrow): its moves are no hops.
    bool custodian;
    // Where its redemptions go instead, by the supervisor's word; zero: to itself.
    address payee;
    // Keyed hash of its legal identifier (LEI, USCC).
    bytes32 identifier;
    // X25519 public key that documents for it are sealed to; zero: none published.
    bytes32 encryptionKey;
}

/// @notice One receivable as it stands now.
struct Receivable {
    Status status;
    address obligor;
    uint8 currency;
    uint16 programme;
    uint16 dueDay;
    // The last day on which it can be accepted.
    uint16 acceptBy;
    uint8 maxHops;
    // How many vouchers were ever made of it.
    uint32 vouchers;
    bool defaultDeclared;
    // What is left of the face after vouchers were extinguished.
    uint80 face;
    // Paid by, or for, the obligor.
    uint80 paid;
    // Paid by guarantors.
    uint80 advanced;
    // Taken out by holders before full coverage.
    uint80 claimed;
}

/// @notice One voucher as it stands now.
struct Voucher {
    address holder;
    uint80 value;
    uint8 hops;
    bool frozen;
    // Already taken out on it.
    uint80 claimed;
    // What can be taken out now.
    uint80 claimable;
}

/// @notice One piece of a split.
struct Part {
    address to;
    uint80 value;
}

/// @notice What a guarantor paid in, and its claim on later payments.
struct Advance {
    address guarantor;
    uint80 amount;
    uint80 reimbursed;
}
