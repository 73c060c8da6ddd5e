// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Status} from "../types/DataTypes.sol";
import {ReceivableId} from "../types/Ids.sol";
import {Invoice, KeyEpoch} from "../types/RegistryTypes.sol";

/// @title IInvoiceRegistry
/// @notice How much of each invoice is used, across all receivables, ledgers and financiers that share the
/// registry: what is used and what credit notes took back never add up to more than the invoice's total.
/// @dev The registry never sees an invoice. It knows a key: a hash of it under a secret that the registrants
/// share (docs/invoice-registry.md), so the same invoice has the same key on every platform, and a stranger
/// who guesses numbers learns nothing. Trust: a registrant is believed that a key stands for a real invoice
/// of that total; everything after that is arithmetic. Who may act is a registrant's number, which stays
/// while its account changes. Nothing is enumerated on chain: events alone rebuild everything.
interface IInvoiceRegistry {
    /* EVENTS */

    /// @notice Emitted when a registrant is admitted, or gets another account; zero: it is suspended.
    event RegistrantSet(uint32 indexed registrant, address indexed account);

    /// @notice Emitted when a secret is announced for the invoices of a day and later.
    event KeyAnnounced(uint16 indexed fromDay, bytes32 check);

    /// @notice Emitted when an invoice is registered for the first time.
    event InvoiceRegistered(
        bytes32 indexed key, uint32 indexed registrant, bytes3 currency, uint80 total
    );

    /// @notice Emitted when a part of an invoice, or all of it, is used.
    /// @param ledger The receivable's ledger; zero: it is used outside this chain.
    /// @param subject The receivable's id, or the reference under which it is used elsewhere.
    event InvoiceUsed(
        bytes32 indexed key,
        uint32 indexed registrant,
        address indexed ledger,
        bytes32 subject,
        uint80 amount
    );

    /// @notice Emitted when a use is given back; its fields are those of `InvoiceUsed`.
    event InvoiceReleased(
        bytes32 indexed key,
        uint32 indexed registrant,
        address indexed ledger,
        bytes32 subject,
        uint80 amount
    );

    /// @notice Emitted when a credit note takes back from an invoice.
    event InvoiceReduced(bytes32 indexed key, bytes32 indexed note, uint80 amount);

    /// @notice Emitted when an invoice is void.
    /// @param used What receivables rest on all the same: whoever holds them wants to know.
    event InvoiceVoided(bytes32 indexed key, uint80 used);

    /* ERRORS */

    /// @notice Thrown when the caller is no registrant, or a suspended one.
    error NotRegistrant(address account);

    /// @notice Thrown when a registrant's number or account cannot be.
    error RegistrantInvalid(uint32 registrant, address account);

    /// @notice Thrown when a secret would change the keys of invoices that may be registered already.
    error EpochTooEarly(uint256 fromDay, uint256 earliest);

    /// @notice Thrown when an invoice cannot be registered as given.
    error InvoiceInvalid(bytes32 rule);

    /// @notice Thrown when a key was never registered, or stands for a credit note.
    error NotRegistered(bytes32 key);

    /// @notice Thrown when an invoice is void.
    error InvoiceIsVoid(bytes32 key);

    /// @notice Thrown when a credit note was applied before, or its key stands for an invoice, or an invoice
    /// is registered under the key of a note.
    error KeyTaken(bytes32 key);

    /// @notice Thrown when an invoice is registered again with another total or currency. A key stands for one
    /// total in one currency: one of the two registrants is wrong.
    error InvoiceDiffers(bytes32 key, uint32 registrant, uint256 total);

    /// @notice Thrown when somebody else registered the invoice.
    error NotItsRegistrant(bytes32 key, uint32 caller, uint32 registrant);

    /// @notice Thrown when a use or a reduction is of nothing.
    error UseIsZero(bytes32 key);

    /// @notice Thrown when more is asked for than is left of an invoice.
    error InvoiceExceeded(bytes32 key, uint256 left, uint256 excess);

    /// @notice Thrown when a receivable is over and nothing can be used for it any more.
    error ReceivableIsOver(address ledger, ReceivableId receivable, Status status);

    /// @notice Thrown when the receivable that an invoice is used for stands, or was paid.
    error ReceivableStands(address ledger, ReceivableId receivable, Status status);

    /// @notice Thrown when the registrant has no such use to give back.
    error NothingUsed(bytes32 key, uint32 registrant, address ledger, bytes32 subject);

    /* CONSORTIUM */

    /// @notice Admits a registrant and gives it the next number.
    function admitRegistrant(address account) external returns (uint32 registrant);

    /// @notice Gives a registrant another account; zero: suspends it.
    function setRegistrantAccount(uint32 registrant, address newAccount) external;

    /// @notice Announces the secret for invoices issued on a day and later. The first is for all invoices;
    /// a later one begins 7 days from now or later, so that no invoice ever has two keys.
    /// @param fromDay The first issue date; 0 for the first secret.
    /// @param check HMAC-SHA-256 of "duebill-invoice-key-check" under the secret.
    function announceKey(uint16 fromDay, bytes32 check) external;

    /* REGISTER */

    /// @notice Registers an invoice. If it is registered already with the same currency and total, by whomever,
    /// nothing changes and the caller learns what is left.
    /// @return left How much of it can be used, in units.
    function register(bytes32 key, bytes3 currency, uint80 total) external returns (uint80 left);

    /// @notice Takes from an invoice, as the one who registered it, what a credit note takes back. A note
    /// counts once; more than is left is refused.
    /// @param note The credit note's key.
    function reduce(bytes32 key, bytes32 note, uint80 amount) external;

    /// @notice Records, as the one who registered an invoice, that it is void: nothing more can be used of it.
    /// What was used stays so until it is released.
    function cancel(bytes32 key) external;

    /* USE */

    /// @notice Uses a part of an invoice, or all of it; any registrant may.
    /// @param ledger Where the receivable is that rests on it; zero: something outside this chain.
    /// @param subject The receivable's id, known before it is issued (`idOf`); elsewhere, any reference.
    function use(bytes32 key, address ledger, bytes32 subject, uint80 amount) external;

    /// @notice Gives back all that the calling registrant used of an invoice for a subject. For a receivable
    /// only if it is not issued, was cancelled or lapsed; elsewhere at the registrant's word.
    function release(bytes32 key, address ledger, bytes32 subject) external returns (uint80 amount);

    /* VIEWS */

    /// @notice Where an invoice stands; all zero when it was never registered.
    function invoiceOf(bytes32 key) external view returns (Invoice memory);

    /// @notice How much of an invoice a registrant uses for a subject, in units.
    function useOf(bytes32 key, uint32 registrant, address ledger, bytes32 subject)
        external
        view
        returns (uint80);

    /// @notice How much of all invoices in a currency is used for a subject, by all registrants, in units.
    function usedFor(address ledger, bytes32 subject, bytes3 currency)
        external
        view
        returns (uint256);

    /// @notice A registrant's number; 0: it is none.
    function registrantOf(address account) external view returns (uint32);

    /// @notice A registrant's account; zero: suspended, or never admitted.
    function accountOf(uint32 registrant) external view returns (address);

    /// @notice How many registrants were admitted; their numbers are 1 to this.
    function registrantCount() external view returns (uint32);

    /// @notice The secrets that were announced, in the order of their days.
    function keyEpochs() external view returns (KeyEpoch[] memory);
}
