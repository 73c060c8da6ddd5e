// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "./interfaces/ICurrencies.sol";
import {IERC3525Receiver} from "./interfaces/IERC3525Receiver.sol";
import {IParties} from "./interfaces/IParties.sol";
import {IPledgeBook} from "./interfaces/IPledgeBook.sol";
import {IReceivableLedger} from "./interfaces/IReceivableLedger.sol";
import {IReceivables} from "./interfaces/IReceivables.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {IVouchers} from "./interfaces/IVouchers.sol";
import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Cash} from "./financing/Cash.sol";
import {Calendar} from "./libraries/Calendar.sol";
import {Pricing} from "./libraries/Pricing.sol";
import {Currency, Status} from "./types/DataTypes.sol";
import {Loan, LoanState, LoanStatus} from "./types/FinanceTypes.sol";
import {ReceivableId, VoucherId} from "./types/Ids.sol";

/// @title PledgeBook
/// @notice Loans against vouchers; its interface is `IPledgeBook`.
/// @dev Something is owed exactly as long as there is principal: interest is paid first, and what is less
/// than a granule of it is dropped with the last of the principal.
contract PledgeBook is Cash, EIP712, IERC165, IERC3525Receiver, IPledgeBook {
    using SafeCast for uint256;

    bytes32 private constant _LOAN_TYPEHASH = keccak256(
        "Loan(address lender,address borrower,uint256 voucher,uint8 currency,uint80 principal,uint32 advanceRate,uint32 rate,uint32 lateRate,uint8 dayCount,uint16 maturityDay,uint16 graceDays,uint40 signedUntil,uint256 salt)"
    );
    /// @dev 2^69 units. 65,535 days at 1,000 % of 360 days come to less than 1,821 times the principal, and
    /// with the principal to less than 2^11 times: whatever is ever owed has 80 bits.
    uint256 private constant _MOST_PRINCIPAL = 1 << 69;
    /// @dev Enough for a transfer and its gate; with less, running out would pass for a refusal.
    uint256 private constant _GAS_TO_GIVE = 300_000;

    mapping(bytes32 loan => LoanState state) private _states;
    /// @dev Which loan the book keeps a voucher for. That it holds the voucher says too little: one that was
    /// seized may come back for another loan.
    mapping(VoucherId voucher => bytes32 loan) private _loans;
    mapping(address party => mapping(uint8 currency => uint80 amount)) private _kept;

    constructor(IReceivableLedger newLedger) Cash(newLedger) EIP712("Duebill PledgeBook", "1") {}

    /* OPEN */

    /// @inheritdoc IPledgeBook
    // Of the two one calls and the other has signed; the guard is closed, and a purse is a cache.
    // slither-disable-next-line arbitrary-send-erc20,reentrancy-benign
    function open(Loan calldata terms, bytes calldata signature)
        external
        nonReentrant
        returns (bytes32 id)
    {
        id = loanIdOf(terms);
        _requireNew(id);
        _requireSigned(id, terms, signature);
        _requireValid(terms);
        _requireSecured(terms);
        _states[id] = LoanState(LoanStatus.Open, terms.principal, 0, _today());
        _loans[terms.voucher] = id;
        emit LoanOpened(id, terms.lender, terms.borrower, terms);
        emit LoanReckoned(id, terms.principal, 0, _today());
        ledger.transferFrom(terms.borrower, address(this), VoucherId.unwrap(terms.voucher));
        _move(terms.currency, terms.lender, terms.borrower, terms.principal);
    }

    /// @inheritdoc IPledgeBook
    function withdraw(Loan calldata terms) external nonReentrant {
        require(
            msg.sender == terms.lender || msg.sender == terms.borrower,
            IParties.CallerNotEntitled(msg.sender, terms.lender)
        );
        bytes32 id = loanIdOf(terms);
        _requireNew(id);
        _states[id].status = LoanStatus.Withdrawn;
        emit LoanWithdrawn(id, msg.sender);
    }

    /* PAY */

    /// @inheritdoc IPledgeBook
    // The guard is closed. Who is paid how is known only when the token was asked.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function repay(Loan calldata terms, uint80 amount)
        external
        nonReentrant
        returns (uint80 taken)
    {
        _requireNotFrozen(msg.sender);
        require(amount != 0, ISettlement.AmountIsZero());
        (bytes32 id, LoanState memory state) = _reckon(terms);
        require(state.principal != 0, LoanNotIn(id, state.status, LoanStatus.Open));
        uint256 granule = _granuleOf(terms.currency);
        taken = _smaller(amount, _owed(state, granule));
        _bookPayment(id, state, msg.sender, taken, granule);
        if (
            !ledger.canSend(terms.lender)
                || !_tryMove(terms.currency, msg.sender, terms.lender, taken)
        ) {
            // If it was the payer's fault, this fails too.
            _move(terms.currency, msg.sender, address(this), taken);
            _keep(terms.lender, terms.currency, taken);
        }
        if (state.status == LoanStatus.Repaid) _tryGiveBack(id, terms);
    }

    /// @inheritdoc IPledgeBook
    // The guard is closed. Who is paid how is known only when the token was asked.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function collect(Loan calldata terms)
        external
        nonReentrant
        returns (uint80 toLender, uint80 toBorrower)
    {
        (bytes32 id, LoanState memory state) = _reckon(terms);
        (uint80 value, uint80 claimed) = _requirePledge(id, terms.voucher);
        uint80 payout = ledger.claimableOf(terms.voucher).toUint80();
        // Less than all of it is covered as long as the receivable is not: then the voucher lives on.
        bool burned = payout == value - claimed;
        uint256 granule = _granuleOf(terms.currency);
        toLender = _smaller(payout, _owed(state, granule));
        toBorrower = payout - toLender;
        emit PledgeRedeemed(id, terms.voucher, payout, toLender);
        if (toLender != 0) _bookPayment(id, state, address(this), toLender, granule);
        if (burned) _close(id, terms.voucher);
        _redeem(terms, payout);
        _payOrKeep(terms.currency, terms.lender, toLender);
        _payOrKeep(terms.currency, terms.borrower, toBorrower);
        if (!burned && state.status == LoanStatus.Repaid) _tryGiveBack(id, terms);
    }

    /// @inheritdoc IPledgeBook
    // The guard is closed. A new voucher's id is known only when it is made.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function release(Loan calldata terms, uint80 value)
        external
        nonReentrant
        returns (VoucherId voucher)
    {
        (bytes32 id, LoanState memory state) = _reckon(terms);
        (uint80 pledged, uint80 claimed) = _requirePledge(id, terms.voucher);
        bool whole = value == pledged;
        require(
            msg.sender == terms.borrower || (whole && state.status == LoanStatus.Repaid),
            IParties.CallerNotEntitled(msg.sender, terms.borrower)
        );
        require(value <= pledged, IVouchers.InsufficientValue(terms.voucher, pledged, value));
        uint256 granule = _granuleOf(terms.currency);
        uint80 owed = _owed(state, granule);
        uint256 stays = Pricing.share(pledged - value, pledged - claimed, pledged, granule, false);
        uint256 secured = stays * terms.advanceRate / Pricing.MILLION;
        require(secured >= owed, PledgeTooSmall(secured, owed));
        if (whole) _close(id, terms.voucher);
        voucher = _give(terms.voucher, terms.borrower, value, whole);
        emit PledgeReleased(id, voucher, value);
    }

    /* DEFAULT */

    /// @inheritdoc IPledgeBook
    // The guard is closed. A new voucher's id is known only when it is made.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function foreclose(Loan calldata terms) external nonReentrant returns (VoucherId voucher) {
        require(msg.sender == terms.lender, IParties.CallerNotEntitled(msg.sender, terms.lender));
        (bytes32 id, LoanState memory state) = _reckon(terms);
        (uint80 value, uint80 claimed) = _requirePledge(id, terms.voucher);
        require(state.status == LoanStatus.Open, LoanNotIn(id, state.status, LoanStatus.Open));
        _requireInDefault(id, terms);
        uint256 granule = _granuleOf(terms.currency);
        uint80 owed = _owed(state, granule);
        uint80 worth = value - claimed;
        uint80 settled = _smaller(worth, owed);
        bool whole = settled == worth;
        // A claim is divided in whole granules, and what does not go with a part stays: a part of
        // floor(owed x value / worth) is worth owed, exactly.
        uint80 taken = whole ? value : Pricing.share(value, owed, worth, granule, false);
        _settle(id, state, settled, granule);
        if (whole) _close(id, terms.voucher);
        voucher = _give(terms.voucher, terms.lender, taken, whole);
        emit PledgeForeclosed(id, voucher, settled, owed - settled);
        if (!whole) _tryGiveBack(id, terms);
    }

    /// @inheritdoc IPledgeBook
    function takeKept(uint8 currency, address to) external nonReentrant returns (uint80 amount) {
        _requireNotFrozen(msg.sender);
        if (to != msg.sender) _requireActive(to);
        require(to != address(this), IVouchers.ValueRefused(to));
        amount = _kept[msg.sender][currency];
        require(amount != 0, NothingKept(msg.sender, currency));
        delete _kept[msg.sender][currency];
        emit MoneyTaken(msg.sender, currency, to, amount);
        _payOut(currency, to, amount);
    }

    /* RECEIVE */

    /// @inheritdoc IERC3525Receiver
    /// @dev Value comes in whole vouchers, by `open`; what is sent to the book would be nobody's.
    function onERC3525Received(address, uint256, uint256, uint256, bytes calldata)
        external
        pure
        returns (bytes4)
    {
        return 0;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId
            || interfaceId == type(IERC3525Receiver).interfaceId;
    }

    /* VIEWS */

    /// @inheritdoc IPledgeBook
    function loanIdOf(Loan calldata terms) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(_LOAN_TYPEHASH, terms)));
    }

    /// @inheritdoc IPledgeBook
    function stateOf(bytes32 loan) external view returns (LoanState memory) {
        return _states[loan];
    }

    /// @inheritdoc IPledgeBook
    function owedOn(Loan calldata terms) external view returns (uint80 interest, uint80 principal) {
        (, LoanState memory state) = _reckon(terms);
        return (_payableInterest(state, _granuleOf(terms.currency)), state.principal);
    }

    /// @inheritdoc IPledgeBook
    function releasable(Loan calldata terms) external view returns (uint80) {
        (bytes32 id, LoanState memory state) = _reckon(terms);
        (bool held, uint80 value, uint80 claimed) = _pledgeOf(id, terms.voucher);
        if (!held) return 0;
        if (state.principal == 0) return value;
        uint256 granule = _granuleOf(terms.currency);
        uint256 needed = Math.ceilDiv(_owed(state, granule) * Pricing.MILLION, terms.advanceRate);
        needed = Math.ceilDiv(needed, granule) * granule;
        uint256 worth = value - claimed;
        return needed >= worth ? 0 : value - Pricing.share(value, needed, worth, granule, true);
    }

    /// @inheritdoc IPledgeBook
    function keptFor(address party, uint8 currency) external view returns (uint80) {
        return _kept[party][currency];
    }

    /* CHECKS */

    function _requireNew(bytes32 id) private view {
        LoanStatus status = _states[id].status;
        require(status == LoanStatus.None, LoanNotIn(id, status, LoanStatus.None));
    }

    /// @dev The one of the two who does not call has signed.
    function _requireSigned(bytes32 id, Loan calldata terms, bytes calldata signature)
        private
        view
    {
        require(
            block.timestamp <= terms.signedUntil,
            LoanSignatureExpired(terms.signedUntil, block.timestamp)
        );
        bool byLender = msg.sender == terms.lender;
        require(
            byLender || msg.sender == terms.borrower,
            IParties.CallerNotEntitled(msg.sender, terms.lender)
        );
        address signer = byLender ? terms.borrower : terms.lender;
        require(
            SignatureChecker.isValidSignatureNowCalldata(signer, id, signature),
            LoanSignatureInvalid(signer)
        );
    }

    function _requireValid(Loan calldata terms) private view {
        require(terms.lender != terms.borrower, LoanInvalid("lender"));
        require(
            terms.principal != 0 && terms.principal <= _MOST_PRINCIPAL, LoanInvalid("principal")
        );
        require(
            terms.advanceRate != 0 && terms.advanceRate <= Pricing.MILLION,
            LoanInvalid("advanceRate")
        );
        require(terms.rate <= Pricing.HIGHEST_RATE, LoanInvalid("rate"));
        require(
            terms.lateRate == 0
                || (terms.lateRate >= terms.rate && terms.lateRate <= Pricing.HIGHEST_RATE),
            LoanInvalid("lateRate")
        );
        require(terms.maturityDay >= _today(), LoanInvalid("maturityDay"));
        _requireActive(terms.lender);
        _requireActive(terms.borrower);
    }

    function _requireSecured(Loan calldata terms) private view {
        ReceivableId receivable = terms.voucher.receivableOf();
        Status status = ledger.statusOf(receivable);
        require(
            status == Status.Accepted, IReceivables.WrongStatus(receivable, status, Status.Accepted)
        );
        // slither-disable-next-line unused-return
        (address obligor,, uint8 currency,) = ledger.outlineOf(receivable);
        require(terms.borrower != obligor, LoanInvalid("borrower"));
        require(terms.currency == currency, LoanInvalid("currency"));
        // Whether the borrower holds it, the transfer will ask.
        // slither-disable-next-line unused-return
        (, uint80 value, uint80 claimed) = ledger.positionOf(terms.voucher);
        uint256 secured = uint256(value - claimed) * terms.advanceRate / Pricing.MILLION;
        require(terms.principal <= secured, PledgeTooSmall(secured, terms.principal));
    }

    /// @dev As the ledger asks whoever receives vouchers and binds itself.
    function _requireActive(address party) private view {
        if (ledger.canReceive(party)) return;
        require(ledger.isVerified(party), IParties.PartyNotVerified(party));
        _requireNotFrozen(party);
    }

    function _requireNotFrozen(address party) private view {
        if (ledger.canSend(party)) return;
        revert IParties.PartyIsFrozen(party, ledger.partyOf(party).frozenUntil);
    }

    function _requireInDefault(bytes32 id, Loan calldata terms) private view {
        require(
            Calendar.isOver(terms.maturityDay, terms.graceDays),
            NotInDefault(id, _lastDay(terms), _today())
        );
    }

    function _requirePledge(bytes32 id, VoucherId voucher)
        private
        view
        returns (uint80 value, uint80 claimed)
    {
        bool held;
        (held, value, claimed) = _pledgeOf(id, voucher);
        require(held, PledgeMissing(id, voucher));
    }

    /// @dev Whether the book holds a loan's pledge, and what stands on it. An enforcer may have taken it,
    /// and its taker may have redeemed it: then the ledger does not know it any more.
    function _pledgeOf(bytes32 id, VoucherId voucher)
        private
        view
        returns (bool held, uint80 value, uint80 claimed)
    {
        if (_loans[voucher] != id) return (false, 0, 0);
        try ledger.positionOf(voucher) returns (address holder, uint80 units, uint80 taken) {
            if (holder == address(this)) return (true, units, taken);
        } catch {
            return (false, 0, 0);
        }
    }

    /* WHAT IS OWED */

    /// @dev A loan with its interest up to today. What is written back is never more than 80 bits: see
    /// `_MOST_PRINCIPAL`.
    function _reckon(Loan calldata terms)
        private
        view
        returns (bytes32 id, LoanState memory state)
    {
        id = loanIdOf(terms);
        state = _states[id];
        if (state.principal == 0) return (id, state);
        uint16 today = _today();
        uint256 turn = Math.min(Math.max(_lastDay(terms), state.since), today);
        uint256 late = terms.lateRate == 0 ? terms.rate : terms.lateRate;
        // Rate days of both rates: rounded down once.
        uint256 rateDays = terms.rate * (turn - state.since) + late * (today - turn);
        uint256 more = Pricing.interest(state.principal, rateDays, 1, terms.dayCount);
        state.interest += more.toUint80();
        state.since = today;
    }

    /// @dev The last day at the normal rate, and the last before the lender may foreclose.
    function _lastDay(Loan calldata terms) private pure returns (uint256) {
        return uint256(terms.maturityDay) + terms.graceDays;
    }

    /// @dev From the year 2149 on it is always the same day.
    function _today() private view returns (uint16) {
        return Math.min(block.timestamp / 1 days, type(uint16).max).toUint16();
    }

    /// @dev In whole granules: interest is kept to the unit, so that reckoning it often costs nobody more
    /// than a unit, but less than a granule cannot be paid.
    function _owed(LoanState memory state, uint256 granule) private pure returns (uint80) {
        return _payableInterest(state, granule) + state.principal;
    }

    function _payableInterest(LoanState memory state, uint256 granule)
        private
        pure
        returns (uint80)
    {
        return (state.interest - state.interest % granule).toUint80();
    }

    function _bookPayment(
        bytes32 id,
        LoanState memory state,
        address payer,
        uint80 amount,
        uint256 granule
    ) private {
        uint80 interest = _smaller(amount, _payableInterest(state, granule));
        emit LoanPaid(id, payer, interest, amount - interest);
        _settle(id, state, amount, granule);
    }

    /// @dev Interest first, then principal; the amount is at most what is owed.
    function _settle(bytes32 id, LoanState memory state, uint80 amount, uint256 granule) private {
        uint80 interest = _smaller(amount, _payableInterest(state, granule));
        state.interest -= interest;
        state.principal -= amount - interest;
        if (state.principal == 0) {
            state.interest = 0;
            if (state.status == LoanStatus.Open) state.status = LoanStatus.Repaid;
        }
        _states[id] = state;
        emit LoanReckoned(id, state.principal, state.interest, state.since);
    }

    /* THE PLEDGE */

    function _close(bytes32 id, VoucherId voucher) private {
        _states[id].status = LoanStatus.Closed;
        delete _loans[voucher];
    }

    /// @dev Gives the pledge, or a new voucher split off it.
    // It gives what is its own.
    // slither-disable-next-line arbitrary-send-erc20
    function _give(VoucherId voucher, address to, uint80 value, bool whole)
        private
        returns (VoucherId)
    {
        uint256 raw = VoucherId.unwrap(voucher);
        if (!whole) return VoucherId.wrap(ledger.transferFrom(raw, to, uint256(value)));
        ledger.transferFrom(address(this), to, raw);
        return voucher;
    }

    /// @dev Gives the pledge of a loan that is repaid back if that is possible now. A pause, a gate or a
    /// borrower that may not receive does not stand in the way of its payment.
    // The guard is closed. Whether it went is known only when the ledger was asked.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events,arbitrary-send-erc20
    function _tryGiveBack(bytes32 id, Loan calldata terms) private {
        require(gasleft() > _GAS_TO_GIVE, GasTooLow(gasleft(), _GAS_TO_GIVE));
        // slither-disable-next-line unused-return
        (bool held, uint80 value,) = _pledgeOf(id, terms.voucher);
        if (!held) return;
        uint256 raw = VoucherId.unwrap(terms.voucher);
        try ledger.transferFrom(address(this), terms.borrower, raw) {
            _close(id, terms.voucher);
            emit PledgeReleased(id, terms.voucher, value);
        } catch {
            // It waits for `release`.
            return;
        }
    }

    /// @dev What was foretold has to arrive here.
    function _redeem(Loan calldata terms, uint80 payout) private {
        Currency memory row = ledger.currencyOf(terms.currency);
        IERC20 token = IERC20(row.token);
        uint256 before = token.balanceOf(address(this));
        // What it says it paid is not what counts.
        // slither-disable-next-line unused-return
        ledger.redeem(terms.voucher);
        uint256 arrived = token.balanceOf(address(this)) - before;
        // 80 bits by 10^36, which has 120. Whole granules: nothing is rounded off.
        uint256 wanted = payout * 10 ** row.decimals / 10 ** _VALUE_DECIMALS;
        // slither-disable-next-line incorrect-equality
        require(arrived == wanted, ICurrencies.PaymentNotExact(arrived, wanted));
    }

    /* MONEY */

    /// @dev Pays, or keeps what the token will not pay, or what a frozen party may not get.
    function _payOrKeep(uint8 currency, address party, uint80 amount) private {
        if (amount == 0) return;
        if (ledger.canSend(party) && _tryPayOut(currency, party, amount)) return;
        _keep(party, currency, amount);
    }

    function _keep(address party, uint8 currency, uint80 amount) private {
        _kept[party][currency] += amount;
        emit MoneyKept(party, currency, amount);
    }

    function _smaller(uint80 a, uint80 b) private pure returns (uint80) {
        return a < b ? a : b;
    }
}
