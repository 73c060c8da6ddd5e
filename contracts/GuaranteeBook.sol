// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "./interfaces/ICurrencies.sol";
import {IGuaranteeBook} from "./interfaces/IGuaranteeBook.sol";
import {IParties} from "./interfaces/IParties.sol";
import {IProgrammes} from "./interfaces/IProgrammes.sol";
import {IReceivableLedger} from "./interfaces/IReceivableLedger.sol";
import {IReceivables} from "./interfaces/IReceivables.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {Cash} from "./financing/Cash.sol";
import {Shares} from "./libraries/Shares.sol";
import {Programme, Receivable, Status} from "./types/DataTypes.sol";
import {Aval, AvalState} from "./types/FinanceTypes.sol";
import {ReceivableId} from "./types/Ids.sol";

/// @title GuaranteeBook
/// @notice Avals; its interface is `IGuaranteeBook`.
/// @dev Of an aval's cap, what was called and paid, what was called and not paid, and what is free always
/// add up; the margin is at most what was not paid yet: called + dishonoured <= cap, called + margin <= cap.
contract GuaranteeBook is Cash, EIP712, IGuaranteeBook {
    /// @dev Where an aval stands. One slot.
    struct Standing {
        bool given;
        bool withdrawn;
        uint80 called;
        uint80 margin;
        // The sum over all receivables of what is on record for them.
        uint80 dishonoured;
    }

    bytes32 private constant _AVAL_TYPEHASH = keccak256(
        "Aval(address guarantor,address applicant,uint192 receivable,address obligor,uint16 programme,uint8 currency,uint80 cap,uint80 margin,uint80 fee,uint40 expiry,uint40 signedUntil,uint256 salt)"
    );
    ReceivableId private constant _LINE = ReceivableId.wrap(0);

    mapping(bytes32 aval => Standing standing) private _standings;
    mapping(bytes32 aval => mapping(ReceivableId receivable => uint80 units)) private _dishonoured;

    /// @dev While the ledger is at work, what it says of a receivable's money may be about to change.
    modifier whenLedgerIdle() {
        require(!ledger.isEntered(), ReentrancyGuardReentrantCall());
        _;
    }

    constructor(IReceivableLedger newLedger) Cash(newLedger) EIP712("Duebill GuaranteeBook", "1") {}

    /* GIVE */

    /// @inheritdoc IGuaranteeBook
    function give(Aval calldata terms, bytes calldata signature)
        external
        nonReentrant
        returns (bytes32 id)
    {
        id = avalIdOf(terms);
        _requireUnused(id);
        _requireAssent(terms, id, signature);
        _checkParties(terms);
        _checkAmounts(terms);
        if (terms.receivable == _LINE) _checkLine(terms);
        else _checkReceivable(terms);
        _standings[id] = Standing(true, false, 0, terms.margin, 0);
        emit AvalGiven(id, terms.guarantor, terms.obligor, terms);
        if (terms.fee != 0) _move(terms.currency, terms.applicant, terms.guarantor, terms.fee);
        if (terms.margin != 0) _move(terms.currency, terms.guarantor, address(this), terms.margin);
    }

    /// @inheritdoc IGuaranteeBook
    function withdraw(Aval calldata terms) external nonReentrant {
        _requireGuarantor(terms);
        bytes32 id = avalIdOf(terms);
        _requireUnused(id);
        _standings[id].withdrawn = true;
        emit AvalWithdrawn(id, terms.guarantor);
    }

    /// @inheritdoc IGuaranteeBook
    function addMargin(Aval calldata terms, uint80 amount) external nonReentrant {
        _requireGuarantor(terms);
        _requireNotFrozen(terms.guarantor);
        bytes32 id = avalIdOf(terms);
        Standing memory standing = _requireGiven(id);
        require(amount != 0, AvalInvalid("amount is zero"));
        uint80 room = terms.cap - standing.called - standing.margin;
        require(amount <= room, AvalInvalid("margin above cap"));
        _standings[id].margin = standing.margin + amount;
        emit MarginAdded(id, amount);
        _move(terms.currency, terms.guarantor, address(this), amount);
    }

    /* CALL */

    /// @inheritdoc IGuaranteeBook
    // What the guarantor pays has to be known before it is booked; the guard is closed meanwhile.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function call(Aval calldata terms, ReceivableId receivable)
        external
        nonReentrant
        whenLedgerIdle
        returns (uint80 paid, uint80 dishonoured)
    {
        bytes32 id = avalIdOf(terms);
        Standing memory standing = _requireGiven(id);
        uint80 recorded = _dishonoured[id][receivable];
        uint80 amount = _requireCallable(terms, id, standing, recorded, receivable);
        (uint80 fromMargin, uint80 fromAllowance) = _draw(terms, standing.margin, amount);
        // Both are parts of the amount.
        paid = fromMargin + fromAllowance;
        dishonoured = amount - paid;
        standing.called += paid;
        standing.margin -= fromMargin;
        standing.dishonoured = standing.dishonoured - recorded + dishonoured;
        _standings[id] = standing;
        if (dishonoured != recorded) _dishonoured[id][receivable] = dishonoured;
        emit AvalCalled(id, receivable, msg.sender, fromMargin, fromAllowance, dishonoured);
        if (paid != 0) _payIn(terms, receivable, paid);
    }

    /// @inheritdoc IGuaranteeBook
    function clear(bytes32 aval, ReceivableId receivable)
        external
        nonReentrant
        whenLedgerIdle
        returns (uint80 left)
    {
        uint80 recorded = _dishonoured[aval][receivable];
        uint80 lacking = _lackingOn(ledger.receivableOf(receivable));
        require(lacking < recorded, DishonourStands(aval, receivable));
        left = lacking;
        _standings[aval].dishonoured -= recorded - left;
        _dishonoured[aval][receivable] = left;
        emit DishonourCleared(aval, receivable, left);
    }

    /* RELEASE */

    /// @inheritdoc IGuaranteeBook
    function release(Aval calldata terms)
        external
        nonReentrant
        whenLedgerIdle
        returns (uint80 amount)
    {
        bytes32 id = avalIdOf(terms);
        Standing memory standing = _requireGiven(id);
        amount = standing.margin;
        require(amount != 0, NothingToRelease(id));
        require(!_isNeeded(terms, standing.dishonoured), MarginStillNeeded(id));
        _requireNotFrozen(terms.guarantor);
        address payee = _payeeOf(terms.guarantor);
        _standings[id].margin = 0;
        emit MarginReleased(id, terms.guarantor, amount);
        _payOut(terms.currency, payee, amount);
    }

    /* VIEWS */

    /// @inheritdoc IGuaranteeBook
    function avalIdOf(Aval calldata terms) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(_AVAL_TYPEHASH, terms)));
    }

    /// @inheritdoc IGuaranteeBook
    function stateOf(bytes32 aval) external view returns (AvalState memory) {
        Standing memory s = _standings[aval];
        return AvalState(s.given, s.called, s.margin, s.dishonoured);
    }

    /// @inheritdoc IGuaranteeBook
    function dishonouredOn(bytes32 aval, ReceivableId receivable) external view returns (uint80) {
        return _dishonoured[aval][receivable];
    }

    /// @inheritdoc IGuaranteeBook
    function callable(Aval calldata terms, ReceivableId receivable)
        external
        view
        returns (uint80 amount, uint80 secured)
    {
        bytes32 id = avalIdOf(terms);
        Standing memory standing = _requireGiven(id);
        Receivable memory row = ledger.receivableOf(receivable);
        _requireCovered(terms, id, receivable, row);
        if (_isVoid(row.status)) return (0, 0);
        amount = _amountOf(terms, standing, _dishonoured[id][receivable], _lackingOn(row));
        secured = _min(amount, standing.margin);
    }

    /* INTERNAL: GIVE */

    /// @dev The guarantor itself, who then is paid nothing; or the applicant, with its signature.
    function _requireAssent(Aval calldata terms, bytes32 id, bytes calldata signature)
        private
        view
    {
        if (terms.applicant == address(0) || terms.applicant == terms.guarantor) {
            _requireGuarantor(terms);
            require(terms.fee == 0, AvalInvalid("fee without applicant"));
            return;
        }
        require(
            msg.sender == terms.applicant, IParties.CallerNotEntitled(msg.sender, terms.applicant)
        );
        require(
            block.timestamp <= terms.signedUntil,
            AvalSignatureExpired(terms.signedUntil, block.timestamp)
        );
        require(
            SignatureChecker.isValidSignatureNowCalldata(terms.guarantor, id, signature),
            AvalSignatureInvalid(terms.guarantor)
        );
    }

    function _checkParties(Aval calldata terms) private view {
        require(terms.guarantor != terms.obligor, AvalInvalid("guarantor is obligor"));
        _requireNotFrozen(msg.sender);
        _requireNotFrozen(terms.guarantor);
        require(ledger.isVerified(terms.guarantor), IParties.PartyNotVerified(terms.guarantor));
    }

    function _checkAmounts(Aval calldata terms) private view {
        require(terms.cap != 0, AvalInvalid("cap is zero"));
        require(terms.margin <= terms.cap, AvalInvalid("margin above cap"));
        require(terms.expiry > block.timestamp, AvalInvalid("expiry in the past"));
        uint256 granule = _granuleOf(terms.currency);
        require(terms.cap % granule == 0, ICurrencies.AmountNotExpressible(terms.cap, granule));
        require(
            terms.margin % granule == 0, ICurrencies.AmountNotExpressible(terms.margin, granule)
        );
    }

    function _checkLine(Aval calldata terms) private view {
        require(terms.obligor != address(0), AvalInvalid("obligor is zero"));
        // A closed programme's receivables live on.
        // slither-disable-next-line unused-return
        (Programme memory rules,) = ledger.programmeOf(terms.programme);
        require(
            rules.currency == 0 || rules.currency == terms.currency,
            IProgrammes.CurrencyNotAdmitted(terms.currency, rules.currency)
        );
    }

    function _checkReceivable(Aval calldata terms) private view {
        Receivable memory row = ledger.receivableOf(terms.receivable);
        require(
            row.status == Status.Issued || row.status == Status.Accepted
                || row.status == Status.Overdue,
            AvalInvalid("receivable not open")
        );
        require(_matches(terms, row), AvalInvalid("receivable differs"));
    }

    /* INTERNAL: CALL */

    /// @dev What is called now; reverts if that is nothing.
    function _requireCallable(
        Aval calldata terms,
        bytes32 id,
        Standing memory standing,
        uint80 recorded,
        ReceivableId receivable
    ) private view returns (uint80 amount) {
        Receivable memory row = ledger.receivableOf(receivable);
        _requireCovered(terms, id, receivable, row);
        require(
            row.status == Status.Overdue,
            IReceivables.WrongStatus(receivable, row.status, Status.Overdue)
        );
        require(!_isOver(terms) || recorded != 0, AvalExpired(terms.expiry, block.timestamp));
        amount = _amountOf(terms, standing, recorded, _lackingOn(row));
        require(amount != 0, NothingToCall(id, receivable));
    }

    /// @dev What lacks, as far as the cap is not used up or called for other receivables; after the
    /// expiry only what was called before.
    function _amountOf(
        Aval calldata terms,
        Standing memory standing,
        uint80 recorded,
        uint80 lacking
    ) private view returns (uint80) {
        if (_isOver(terms)) return _min(recorded, lacking);
        uint80 forOthers = standing.dishonoured - recorded;
        return _min(terms.cap - standing.called - forOthers, lacking);
    }

    /// @dev Takes from the margin what it has, and the rest from the guarantor, if it pays all of it. A
    /// frozen guarantor neither gives nor receives.
    function _draw(Aval calldata terms, uint80 margin, uint80 amount)
        private
        returns (uint80 fromMargin, uint80 fromAllowance)
    {
        if (!ledger.canSend(terms.guarantor)) return (0, 0);
        fromMargin = _min(amount, margin);
        uint80 rest = amount - fromMargin;
        if (rest == 0) return (fromMargin, 0);
        if (_tryMove(terms.currency, terms.guarantor, address(this), rest)) fromAllowance = rest;
    }

    /// @dev Pays into the ledger, which owes it to the guarantor from later payments.
    function _payIn(Aval calldata terms, ReceivableId receivable, uint80 amount) private {
        _allowLedger(terms.currency, amount);
        // The key of the advance is in the ledger's event.
        // slither-disable-next-line unused-return
        (, uint256 taken) = ledger.advance(receivable, terms.guarantor, amount);
        // The ledger takes less if the guarantor's token let others pay in while it moved.
        require(taken == amount, ICurrencies.PaymentNotExact(taken, amount));
    }

    /* INTERNAL: RELEASE */

    /// @dev Whether the margin may still be needed. It is at most what is left of the cap: once that is
    /// used up, there is none.
    function _isNeeded(Aval calldata terms, uint80 dishonoured) private view returns (bool) {
        if (_isOver(terms) && dishonoured == 0) return false;
        if (terms.receivable == _LINE) return true;
        Receivable memory row = ledger.receivableOf(terms.receivable);
        return !_isVoid(row.status) && _lackingOn(row) != 0;
    }

    /// @dev As the ledger reimburses it: where another payee is named, only by its own call.
    function _payeeOf(address guarantor) private view returns (address payee) {
        payee = ledger.partyOf(guarantor).payee;
        if (payee == address(0)) return guarantor;
        require(msg.sender == guarantor, IParties.CallerNotEntitled(msg.sender, guarantor));
        _requireNotFrozen(payee);
    }

    /* INTERNAL: WHO AND WHAT */

    function _requireUnused(bytes32 id) private view {
        Standing memory standing = _standings[id];
        require(!standing.given && !standing.withdrawn, AvalUsed(id));
    }

    function _requireGiven(bytes32 id) private view returns (Standing memory standing) {
        standing = _standings[id];
        require(standing.given, AvalUnknown(id));
    }

    function _requireGuarantor(Aval calldata terms) private view {
        require(
            msg.sender == terms.guarantor, IParties.CallerNotEntitled(msg.sender, terms.guarantor)
        );
    }

    function _requireNotFrozen(address party) private view {
        if (ledger.canSend(party)) return;
        revert IParties.PartyIsFrozen(party, ledger.partyOf(party).frozenUntil);
    }

    function _requireCovered(
        Aval calldata terms,
        bytes32 id,
        ReceivableId receivable,
        Receivable memory row
    ) private pure {
        bool named =
            terms.receivable == _LINE || terms.receivable == receivable;
        require(named && _matches(terms, row), NotCovered(id, receivable));
    }

    function _matches(Aval calldata terms, Receivable memory row) private pure returns (bool) {
        return row.obligor == terms.obligor && row.programme == terms.programme
            && row.currency == terms.currency;
    }

    /// @dev Whether a receivable came to nothing, for good.
    function _isVoid(Status status) private pure returns (bool) {
        return status == Status.Cancelled || status == Status.Lapsed;
    }

    function _isOver(Aval calldata terms) private view returns (bool) {
        return block.timestamp > terms.expiry;
    }

    /// @dev What holders lack. It never grows: payments are final, and a voucher is extinguished with what
    /// was claimed on it.
    function _lackingOn(Receivable memory row) private pure returns (uint80) {
        uint256 coverage = uint256(row.paid) + row.advanced;
        // At most the face, which has 80 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        return coverage < row.face ? uint80(row.face - coverage) : 0;
    }

    function _min(uint80 a, uint80 b) private pure returns (uint80) {
        // The smaller of two that have 80 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint80(Shares.min(a, b));
    }
}
