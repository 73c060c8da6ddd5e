// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammes} from "../interfaces/IProgrammes.sol";
import {IProgrammeGate} from "../interfaces/IProgrammeGate.sol";
import {IERC3525} from "../interfaces/IERC3525.sol";
import {IERC7943NonFungible} from "../interfaces/IERC7943NonFungible.sol";
import {IParties} from "../interfaces/IParties.sol";
import {IReceivables} from "../interfaces/IReceivables.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {Calendar} from "../libraries/Calendar.sol";
import {Shares} from "../libraries/Shares.sol";
import {Advance, Status} from "../types/DataTypes.sol";
import {ReceivableId, VoucherId} from "../types/Ids.sol";
import {
    MoneyWord,
    PartyWord,
    PartyWords,
    ReceivableWord,
    VoucherWord,
    VoucherWords
} from "../types/Words.sol";
import {Currencies} from "./Currencies.sol";
import {Parties} from "./Parties.sol";
import {Pausing} from "./Pausing.sol";
import {Programmes} from "./Programmes.sol";

/// @title Book
/// @notice What is kept of receivables and vouchers, who may act on a voucher, and the one place that
/// decides who may give and receive it.
abstract contract Book is Parties, Programmes, Currencies, Pausing, IERC721Errors {
    struct Grant {
        address operator;
        // Raised when the voucher changes hands: what was approved before counts no more.
        uint64 epoch;
    }

    mapping(ReceivableId id => ReceivableWord word) internal _receivables;
    mapping(ReceivableId id => MoneyWord word) internal _money;
    mapping(ReceivableId id => uint256 units) internal _claimedTotal;
    mapping(ReceivableId id => mapping(uint256 start => Advance advance)) internal _advances;
    mapping(VoucherId id => VoucherWord word) internal _vouchers;
    mapping(VoucherId id => uint80 units) internal _claimed;
    mapping(VoucherId id => Grant grant) internal _approvals;
    mapping(VoucherId id => mapping(address account => uint40 until)) internal _frozen;
    mapping(address holder => mapping(address operator => bool approved)) internal _operators;
    mapping(
        VoucherId id => mapping(uint64 epoch => mapping(address operator => uint256 units))
    ) internal _allowances;

    /// @dev For what calls nobody but gates and receivers, round which the guard closes: asking costs
    /// 200 gas less than closing it.
    modifier whenNotEntered() {
        require(!_reentrancyGuardEntered(), ReentrancyGuardReentrantCall());
        _;
    }

    /* WHO MAY ACT */

    function _requireVoucher(VoucherId id) internal view returns (VoucherWord word) {
        word = _vouchers[id];
        require(word.owner() != address(0), ERC721NonexistentToken(VoucherId.unwrap(id)));
    }

    function _requireOperator(VoucherId id, VoucherWord word) internal view {
        require(_isOperator(id, word), ERC721InsufficientApproval(msg.sender, VoucherId.unwrap(id)));
    }

    function _isOperator(VoucherId id, VoucherWord word) internal view returns (bool) {
        if (msg.sender == word.owner() || _operators[word.owner()][msg.sender]) return true;
        return word.has(VoucherWords.APPROVED) && _approvals[id].operator == msg.sender;
    }

    /* WHERE A RECEIVABLE STANDS */

    /// @dev Where a receivable stands now; what follows from time and money is derived.
    function _statusOf(ReceivableId id) internal view returns (Status status) {
        ReceivableWord receivable = _receivables[id];
        status = receivable.status();
        if (status == Status.Issued && Calendar.isOver(receivable.acceptBy(), 0)) {
            return Status.Lapsed;
        }
        if (status != Status.Accepted) return status;
        if (_money[id].owed() == 0) return Status.Settled;
        if (Calendar.isOver(receivable.dueDay(), _rulesOf(receivable.programme()).graceDays)) {
            return Status.Overdue;
        }
    }

    function _requireIssued(ReceivableId id) internal view returns (ReceivableWord receivable) {
        receivable = _receivables[id];
        Status status = receivable.status();
        require(status == Status.Issued, IReceivables.WrongStatus(id, status, Status.Issued));
    }

    /// @dev A receivable whose vouchers can move or be paid.
    function _requireAccepted(ReceivableId id) internal view returns (ReceivableWord word) {
        word = _receivables[id];
        Status status = word.status();
        require(status == Status.Accepted, IReceivables.WrongStatus(id, status, Status.Accepted));
    }

    /// @dev Acceptance is final: a voucher that remembers it is not asked again.
    function _requireLive(VoucherId id, VoucherWord voucher) internal view {
        if (!voucher.has(VoucherWords.LIVE)) _requireAccepted(id.receivableOf());
    }

    /* WHO MAY HOLD AND MOVE */

    function _requireUnfrozen(VoucherId id, VoucherWord word) internal view {
        require(
            !_isFrozenFor(id, word, word.owner()),
            IERC7943NonFungible.ERC7943InsufficientUnfrozenBalance(
                word.owner(), VoucherId.unwrap(id)
            )
        );
    }

    function _isFrozenFor(VoucherId id, VoucherWord word, address account)
        internal
        view
        returns (bool)
    {
        return word.has(VoucherWords.FREEZABLE) && _frozen[id][account] >= block.timestamp;
    }

    /// @dev The recipient's word, if it may receive the voucher, or a part of it, from `from` now.
    function _requireRecipient(VoucherWord voucher, PartyWord sender, address from, address to)
        internal
        view
        returns (PartyWord recipient)
    {
        require(to != address(0), ERC721InvalidReceiver(address(0)));
        recipient = _requireActive(to);
        if (voucher.has(VoucherWords.CONSENT)) {
            require(_hasConsent(sender, recipient, from, to), IParties.ConsentMissing(to, from));
        }
    }

    /// @dev A custodian collects consent itself, and gives back what was its depositor's.
    function _hasConsent(PartyWord sender, PartyWord recipient, address from, address to)
        internal
        view
        returns (bool)
    {
        return msg.sender == to || _isCustody(sender, recipient)
            || _parties[msg.sender].has(PartyWords.CUSTODIAN) || _hasStandingConsent(to, from);
    }

    /// @dev How often the value may still change hands once it has moved.
    function _hopsLeftAfter(
        VoucherId id,
        VoucherWord voucher,
        PartyWord sender,
        PartyWord recipient
    ) internal view returns (uint8 hopsLeft) {
        hopsLeft = voucher.hopsLeft();
        if (_isCustody(sender, recipient)) return hopsLeft;
        if (hopsLeft == 0) {
            uint8 maxHops = _receivables[id.receivableOf()].maxHops();
            revert IProgrammes.HopLimitReached(maxHops, maxHops);
        }
        // It is not zero.
        unchecked {
            --hopsLeft;
        }
    }

    function _isCustody(PartyWord sender, PartyWord recipient) internal pure returns (bool) {
        return sender.has(PartyWords.CUSTODIAN) || recipient.has(PartyWords.CUSTODIAN);
    }

    function _consultGate(
        VoucherWord voucher,
        VoucherId id,
        address from,
        address to,
        uint256 value
    ) internal {
        if (voucher.has(VoucherWords.GATED)) _askGateToTransfer(id, from, to, value);
    }

    // Each part has its own recipient, whom its gate or receiver may refuse.
    // slither-disable-next-line calls-loop
    function _askGateToTransfer(VoucherId id, address from, address to, uint256 value)
        private
        nonReentrant
    {
        _gateOf(_receivables[id.receivableOf()]).beforeTransfer(id, msg.sender, from, to, value);
    }

    function _gateOf(ReceivableWord receivable) internal view returns (IProgrammeGate) {
        return IProgrammeGate(_scopeOf(receivable.programme()).gate);
    }

    /* CLAIMS */

    /// @dev What a voucher's share of the coverage still allows. Before full coverage all claims together
    /// stay within the coverage, however a claim was divided in splits.
    function _claimable(
        ReceivableId id,
        ReceivableWord receivable,
        VoucherWord voucher,
        uint80 claimed
    ) internal view returns (uint80) {
        MoneyWord money = _money[id];
        uint80 coverage = money.coverage();
        if (coverage == money.face()) return voucher.value() - claimed;
        uint80 covered =
            Shares.covered(voucher.value(), coverage, money.face(), receivable.granule());
        if (covered <= claimed) return 0;
        // The smaller of the two is at most `covered`, which has 80 bits.
        return uint80(Shares.min(covered - claimed, coverage - _claimedTotal[id]));
    }

    function _claimedOn(VoucherId id, VoucherWord voucher) internal view returns (uint80) {
        return voucher.has(VoucherWords.CLAIMED) ? _claimed[id] : 0;
    }

    /* GIVE AND BURN */

    /// @dev Gives a whole voucher to another holder, free of what was approved before.
    function _give(VoucherId id, VoucherWord voucher, address to, uint8 hopsLeft) internal {
        VoucherWord given = voucher.withOwner(to).withHopsLeft(hopsLeft);
        if (voucher.has(VoucherWords.APPROVED)) {
            _approvals[id] = Grant(address(0), _approvals[id].epoch + 1);
            given = given.withoutFlag(VoucherWords.APPROVED);
        }
        _vouchers[id] = given;
        emit IERC721.Transfer(voucher.owner(), to, VoucherId.unwrap(id));
    }

    /// @dev Removes a voucher; `value` is what disappears with it.
    function _burn(VoucherId id, VoucherWord voucher, PartyWord holder, uint256 value) internal {
        _vouchers[id] = VoucherWord.wrap(0);
        if (voucher.has(VoucherWords.CLAIMED)) delete _claimed[id];
        _loseVouchers(voucher.owner(), holder, 1);
        emit IERC3525.TransferValue(VoucherId.unwrap(id), 0, value);
        emit IERC721.Transfer(voucher.owner(), address(0), VoucherId.unwrap(id));
    }
}
