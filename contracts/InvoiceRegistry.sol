// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IInvoiceRegistry} from "./interfaces/IInvoiceRegistry.sol";
import {IReceivables} from "./interfaces/IReceivables.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Calendar} from "./libraries/Calendar.sol";
import {Status} from "./types/DataTypes.sol";
import {ReceivableId} from "./types/Ids.sol";
import {Invoice, InvoiceState, KeyEpoch} from "./types/RegistryTypes.sol";

/// @title InvoiceRegistry
/// @notice Invoices used once; its interface is `IInvoiceRegistry`. Batches go through `multicall`.
/// @dev The only calls out are `statusOf` of a ledger, a view: nothing can come back in and write.
contract InvoiceRegistry is AccessManaged, Multicall, IInvoiceRegistry {
    using SafeCast for uint256;

    /// @dev What is kept for a key. One slot.
    struct Record {
        InvoiceState state;
        bytes3 currency;
        uint32 registrant;
        uint80 total;
        // What is used and what was credited together, so that a use reads nothing else; <= total.
        uint80 taken;
    }

    uint256 private constant _NOTICE_DAYS = 7;

    /// @inheritdoc IInvoiceRegistry
    uint32 public registrantCount;
    KeyEpoch[] private _epochs;
    mapping(address account => uint32 registrant) private _registrants;
    mapping(uint32 registrant => address account) private _accounts;
    mapping(bytes32 key => Record record) private _records;
    mapping(bytes32 key => uint80 units) private _credited;
    mapping(bytes32 useId => uint80 units) private _uses;
    mapping(bytes32 purpose => mapping(bytes3 currency => uint256 units)) private _usedFor;

    constructor(address initialAuthority) AccessManaged(initialAuthority) {}

    /* CONSORTIUM */

    /// @inheritdoc IInvoiceRegistry
    function admitRegistrant(address account) external restricted returns (uint32 registrant) {
        require(account != address(0), RegistrantInvalid(0, account));
        registrant = ++registrantCount;
        _setAccount(registrant, account);
    }

    /// @inheritdoc IInvoiceRegistry
    function setRegistrantAccount(uint32 registrant, address newAccount) external restricted {
        require(
            registrant != 0 && registrant <= registrantCount,
            RegistrantInvalid(registrant, newAccount)
        );
        delete _registrants[_accounts[registrant]];
        _setAccount(registrant, newAccount);
    }

    /// @inheritdoc IInvoiceRegistry
    function announceKey(uint16 fromDay, bytes32 check) external restricted {
        uint256 count = _epochs.length;
        if (count == 0) {
            require(fromDay == 0, EpochTooEarly(fromDay, 0));
        } else {
            uint256 earliest = uint256(Calendar.today()) + _NOTICE_DAYS;
            uint256 last = _epochs[count - 1].fromDay;
            if (earliest <= last) earliest = last + 1;
            require(fromDay >= earliest, EpochTooEarly(fromDay, earliest));
        }
        _epochs.push(KeyEpoch(fromDay, check));
        emit KeyAnnounced(fromDay, check);
    }

    /* REGISTER */

    /// @inheritdoc IInvoiceRegistry
    function register(bytes32 key, bytes3 currency, uint80 total) external returns (uint80 left) {
        uint32 registrant = _requireRegistrant();
        Record memory record = _records[key];
        if (record.state != InvoiceState.None) return _leftOfSame(key, record, currency, total);
        require(key != 0, InvoiceInvalid("key"));
        require(currency != 0, InvoiceInvalid("currency"));
        require(total != 0, InvoiceInvalid("total"));
        _records[key] = Record(InvoiceState.Registered, currency, registrant, total, 0);
        emit InvoiceRegistered(key, registrant, currency, total);
        return total;
    }

    /// @inheritdoc IInvoiceRegistry
    function reduce(bytes32 key, bytes32 note, uint80 amount) external {
        Record memory record = _requireOwn(key);
        require(_records[note].state == InvoiceState.None, KeyTaken(note));
        require(note != 0, InvoiceInvalid("key"));
        _take(key, record, amount);
        _records[note] = Record(InvoiceState.Note, record.currency, record.registrant, amount, 0);
        // At most what is taken, which has 80 bits.
        _credited[key] += amount;
        emit InvoiceReduced(key, note, amount);
    }

    /// @inheritdoc IInvoiceRegistry
    function cancel(bytes32 key) external {
        Record memory record = _requireOwn(key);
        _records[key].state = InvoiceState.Void;
        emit InvoiceVoided(key, record.taken - _credited[key]);
    }

    /* USE */

    /// @inheritdoc IInvoiceRegistry
    function use(bytes32 key, address ledger, bytes32 subject, uint80 amount) external {
        uint32 registrant = _requireRegistrant();
        Record memory record = _requireRegistered(key);
        if (ledger != address(0)) _requireLive(ledger, subject);
        _take(key, record, amount);
        // At most what is taken, which has 80 bits.
        _uses[_useId(key, registrant, ledger, subject)] += amount;
        _usedFor[_purpose(ledger, subject)][record.currency] += amount;
        emit InvoiceUsed(key, registrant, ledger, subject, amount);
    }

    /// @inheritdoc IInvoiceRegistry
    function release(bytes32 key, address ledger, bytes32 subject)
        external
        returns (uint80 amount)
    {
        uint32 registrant = _requireRegistrant();
        bytes32 id = _useId(key, registrant, ledger, subject);
        amount = _uses[id];
        require(amount != 0, NothingUsed(key, registrant, ledger, subject));
        if (ledger != address(0)) _requireOver(ledger, subject);
        delete _uses[id];
        _records[key].taken -= amount;
        _usedFor[_purpose(ledger, subject)][_records[key].currency] -= amount;
        emit InvoiceReleased(key, registrant, ledger, subject, amount);
    }

    /* VIEWS */

    /// @inheritdoc IInvoiceRegistry
    function invoiceOf(bytes32 key) external view returns (Invoice memory) {
        Record memory record = _records[key];
        uint80 credited = _credited[key];
        return Invoice(
            record.state,
            record.currency,
            record.registrant,
            record.total,
            record.taken - credited,
            credited
        );
    }

    /// @inheritdoc IInvoiceRegistry
    function useOf(bytes32 key, uint32 registrant, address ledger, bytes32 subject)
        external
        view
        returns (uint80)
    {
        return _uses[_useId(key, registrant, ledger, subject)];
    }

    /// @inheritdoc IInvoiceRegistry
    function usedFor(address ledger, bytes32 subject, bytes3 currency)
        external
        view
        returns (uint256)
    {
        return _usedFor[_purpose(ledger, subject)][currency];
    }

    /// @inheritdoc IInvoiceRegistry
    function registrantOf(address account) external view returns (uint32) {
        return _registrants[account];
    }

    /// @inheritdoc IInvoiceRegistry
    function accountOf(uint32 registrant) external view returns (address) {
        return _accounts[registrant];
    }

    /// @inheritdoc IInvoiceRegistry
    function keyEpochs() external view returns (KeyEpoch[] memory) {
        return _epochs;
    }

    /* PRIVATE */

    function _setAccount(uint32 registrant, address account) private {
        require(_registrants[account] == 0, RegistrantInvalid(registrant, account));
        _accounts[registrant] = account;
        if (account != address(0)) _registrants[account] = registrant;
        emit RegistrantSet(registrant, account);
    }

    /// @dev Takes from what is left of an invoice, for a use or a credit note.
    function _take(bytes32 key, Record memory record, uint80 amount) private {
        require(amount != 0, UseIsZero(key));
        uint80 left = record.total - record.taken;
        // `require` would reckon the excess when there is none.
        if (amount > left) revert InvoiceExceeded(key, left, amount - left);
        // At most the total.
        _records[key].taken = record.taken + amount;
    }

    /// @dev What is left of an invoice that somebody registers again.
    function _leftOfSame(bytes32 key, Record memory record, bytes3 currency, uint80 total)
        private
        pure
        returns (uint80)
    {
        require(record.state != InvoiceState.Note, KeyTaken(key));
        _requireState(key, record.state);
        require(
            record.currency == currency && record.total == total,
            InvoiceDiffers(key, record.registrant, record.total)
        );
        return record.total - record.taken;
    }

    function _requireRegistrant() private view returns (uint32 registrant) {
        registrant = _registrants[msg.sender];
        require(registrant != 0, NotRegistrant(msg.sender));
    }

    function _requireRegistered(bytes32 key) private view returns (Record memory record) {
        record = _records[key];
        _requireState(key, record.state);
    }

    function _requireState(bytes32 key, InvoiceState state) private pure {
        require(state != InvoiceState.Void, InvoiceIsVoid(key));
        require(state == InvoiceState.Registered, NotRegistered(key));
    }

    function _requireOwn(bytes32 key) private view returns (Record memory record) {
        uint32 caller = _requireRegistrant();
        record = _requireRegistered(key);
        require(record.registrant == caller, NotItsRegistrant(key, caller, record.registrant));
    }

    /// @dev A ledger that does not answer fails here, and not when the use is to be given back.
    function _requireLive(address ledger, bytes32 subject) private view {
        (ReceivableId id, Status status) = _ask(ledger, subject);
        require(
            status == Status.None || status == Status.Issued || status == Status.Accepted
                || status == Status.Overdue,
            ReceivableIsOver(ledger, id, status)
        );
    }

    function _requireOver(address ledger, bytes32 subject) private view {
        (ReceivableId id, Status status) = _ask(ledger, subject);
        require(
            status == Status.None || status == Status.Cancelled || status == Status.Lapsed,
            ReceivableStands(ledger, id, status)
        );
    }

    function _ask(address ledger, bytes32 subject) private view returns (ReceivableId, Status) {
        ReceivableId id = ReceivableId.wrap(uint256(subject).toUint192());
        return (id, IReceivables(ledger).statusOf(id));
    }

    function _useId(bytes32 key, uint32 registrant, address ledger, bytes32 subject)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(key, registrant, ledger, subject));
    }

    function _purpose(address ledger, bytes32 subject) private pure returns (bytes32) {
        return keccak256(abi.encode(ledger, subject));
    }
}
