// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ReceivableId, VoucherId} from "./Ids.sol";

/**
 * The values of the financing contracts: orders, offers, avals, loans. Amounts are units of 10^-6 of the
 * currency, days whole days since 1970-01-01 UTC, times seconds, rates millionths a year (52,500 is
 * 5.25 % a year), shares millionths. What a voucher is worth is always what is still to be redeemed on
 * it: its value less what was claimed on it.
 */

/// @notice What the maker of an order does.
enum Side {
    // Sells.
    Ask,
    // Buys.
    Bid
}

/// @notice Which vouchers something is about; its subject says which one.
enum Scope {
    // One voucher: its id.
    Voucher,
    // Any voucher of one receivable: its id.
    Receivable,
    // Any voucher of one obligor: its address.
    Obligor,
    // Any voucher of one programme: its number.
    Programme
}

/// @notice How a price is stated.
enum Quotation {
    // As an amount, for the whole of the order; less of it costs its share.
    Amount,
    // As a discount rate a year: value x (1 - rate x days / basis).
    Discount,
    // As a simple yield a year (true discount): value / (1 + rate x days / basis).
    Yield
}

/// @notice Which year a rate is for; days are counted as they are in both.
enum DayCount {
    // Actual/360.
    Act360,
    // Actual/365 (Fixed).
    Act365F
}

/// @notice What a maker signs to sell or buy.
struct Order {
    // Who signs.
    address maker;
    // Who may fill it; zero: anyone.
    address taker;
    // Whether the maker sells or buys.
    Side side;
    // Which vouchers it is about, ...
    Scope scope;
    // ... and which one of that kind.
    uint256 subject;
    // What is paid in: a number of the ledger's currency table.
    uint8 currency;
    // The most that is filled in all.
    uint80 amount;
    // The least that one fill may take; `amount`: all or nothing. The last fill may be what is left.
    uint80 least;
    // How the price is stated, ...
    Quotation quotation;
    // ... for which year, if it is a rate, ...
    DayCount dayCount;
    // ... and what it is: units for the whole amount, or the rate.
    uint80 price;
    // How much of the amount the seller answers for if the obligor does not pay; 0: none, `amount`: all.
    uint80 recourse;
    // The latest due day of what is bought or sold; 0: any.
    uint16 dueBy;
    // The last second in which it can be filled.
    uint40 expiry;
    // Which of the maker's numbers it uses up when it is filled; orders with one number exclude each other.
    uint256 nonce;
}

/// @notice What a seller answers for.
struct Recourse {
    // Who sold.
    address seller;
    // How much it takes back at most, in units of value.
    uint80 amount;
    // Whether it was asked and did not pay.
    bool dishonoured;
}

/// @notice A voucher, or a part of one, that its recipient may accept or reject.
struct Offer {
    // Who gives.
    address from;
    // Who may accept.
    address to;
    // What is given, ...
    VoucherId voucher;
    // ... and how much of it.
    uint80 value;
    // The last second in which it can be accepted.
    uint40 expiry;
    // Keyed hash of the trade debt that it pays; zero: none.
    bytes32 referenceHash;
    // Commitment to the documents of that debt; zero: none.
    bytes32 documentsRoot;
    // Makes equal offers distinct.
    uint256 salt;
}

/// @notice Where an offer stands; all but Open are final.
enum OfferStatus {
    // Never made.
    None,
    // Waits for its recipient; after its expiry in vain.
    Open,
    // Taken; the voucher went over.
    Accepted,
    // Refused by its recipient.
    Rejected,
    // Taken back by its giver.
    Withdrawn
}

/// @notice What a guarantor promises.
struct Aval {
    // Who answers.
    address guarantor;
    // Who pays the fee and brings the signature; zero: nobody, it is given free.
    address applicant;
    // One receivable; zero: a line over an obligor's programme.
    ReceivableId receivable;
    // Whose payment is guaranteed.
    address obligor;
    // The programme of a line, or of the receivable.
    uint16 programme;
    // What is paid in: that of what it covers.
    uint8 currency;
    // The most that can be called in all, in units.
    uint80 cap;
    // How much of the cap is laid up in cash, in units.
    uint80 margin;
    // What the applicant pays for it when it is given, in units.
    uint80 fee;
    // The last second in which it can be called.
    uint40 expiry;
    // The last second in which its signature can be used.
    uint40 signedUntil;
    // Makes equal avals distinct.
    uint256 salt;
}

/// @notice Where an aval stands.
struct AvalState {
    // Whether it was given.
    bool given;
    // How much of its cap was called and paid.
    uint80 called;
    // What is left of its margin.
    uint80 margin;
    // How much was called in time and not paid, in all.
    uint80 dishonoured;
}

/// @notice What lender and borrower agree on.
struct Loan {
    // Who lends.
    address lender;
    // Who pledges.
    address borrower;
    // The voucher that is pledged, whole.
    VoucherId voucher;
    // Of the voucher's receivable.
    uint8 currency;
    // What is lent, in units.
    uint80 principal;
    // Of what the pledge is worth, the most that may be owed on it, in millionths: up to 1,000,000.
    uint32 advanceRate;
    // Simple interest a year, in millionths.
    uint32 rate;
    // Instead of it, once the grace days are over.
    uint32 lateRate;
    // Which year the rates are for.
    DayCount dayCount;
    // The day on which it is due; its end, 24:00 UTC, is the cut-off.
    uint16 maturityDay;
    // Days after maturity before the lender may foreclose.
    uint16 graceDays;
    // The last second in which the signature can be used.
    uint40 signedUntil;
    // Makes equal loans distinct.
    uint256 salt;
}

/// @notice Where a loan's pledge is.
enum LoanStatus {
    // Never opened.
    None,
    // Something is owed; the book holds the pledge.
    Open,
    // Nothing is owed; the book still holds the pledge, for the borrower.
    Repaid,
    // The pledge is gone: released, foreclosed or redeemed.
    Closed,
    // Its signature was withdrawn before it was used.
    Withdrawn
}

/// @notice Where a loan stands.
struct LoanState {
    LoanStatus status;
    // What is still owed of the principal, in units.
    uint80 principal;
    // Interest that had come together by `since` and is not paid.
    uint80 interest;
    // The day up to which interest was reckoned.
    uint16 since;
}
