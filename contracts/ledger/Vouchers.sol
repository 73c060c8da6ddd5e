// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammes} from "../interfaces/IProgrammes.sol";
import {ICurrencies} from "../interfaces/ICurrencies.sol";
import {IERC3525} from "../interfaces/IERC3525.sol";
import {IERC3525Receiver} from "../interfaces/IERC3525Receiver.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {IVouchers} from "../interfaces/IVouchers.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {ERC721Utils} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Utils.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";

import {Shares} from "../libraries/Shares.sol";
import {Part} from "../types/DataTypes.sol";
import {VoucherId} from "../types/Ids.sol";
import {PartyWord, PartyWords, ReceivableWord, VoucherWord, VoucherWords} from "../types/Words.sol";
import {Book} from "./Book.sol";

/// @title Vouchers
/// @notice ERC-721 and ERC-3525 over the book: approvals, whole transfers, splits and merges.
abstract contract Vouchers is Book, IVouchers {
    /// @dev A split under way: read once at its beginning, written once at its end.
    struct Division {
        VoucherId id;
        ReceivableWord receivable;
        VoucherWord source;
        PartyWord holder;
        uint256 left;
        uint80 claimedLeft;
        uint256 splits;
        uint256 smallest;
        uint256 granule;
        // Whether a recipient is a contract, and has to be asked.
        bool asks;
    }

    /// @dev So many fit into a transaction of 2^24 gas (EIP-7825), whatever the voucher has behind it.
    uint256 private constant _MOST_PARTS = 250;
    uint256 private constant _GAS_TO_ASK = 40_000;

    /* APPROVALS */

    /// @inheritdoc IERC721
    function approve(address to, uint256 tokenId) external whenNotEntered {
        VoucherId id = VoucherId.wrap(tokenId);
        VoucherWord voucher = _requireVoucher(id);
        address owner = voucher.owner();
        require(
            msg.sender == owner || _operators[owner][msg.sender], ERC721InvalidApprover(msg.sender)
        );
        _approvals[id].operator = to;
        _vouchers[id] = voucher.withFlag(VoucherWords.APPROVED);
        emit Approval(owner, to, tokenId);
    }

    /// @inheritdoc IERC3525
    function approve(uint256 tokenId, address operator, uint256 value) external whenNotEntered {
        VoucherId id = VoucherId.wrap(tokenId);
        VoucherWord voucher = _requireVoucher(id);
        _requireOperator(id, voucher);
        require(operator != address(0), ERC721InvalidOperator(operator));
        _allowances[id][_approvals[id].epoch][operator] = value;
        _vouchers[id] = voucher.withFlag(VoucherWords.APPROVED);
        emit ApprovalValue(tokenId, operator, value);
    }

    /// @inheritdoc IERC721
    function setApprovalForAll(address operator, bool approved) external {
        require(operator != address(0), ERC721InvalidOperator(operator));
        _operators[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    /* TRANSFER */

    /// @inheritdoc IERC721
    function transferFrom(address from, address to, uint256 tokenId) external whenNotEntered {
        _transfer(from, to, VoucherId.wrap(tokenId));
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address from, address to, uint256 tokenId) external {
        safeTransferFrom(from, to, tokenId, "");
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address from, address to, uint256 tokenId, bytes memory data)
        public
        whenNotEntered
    {
        _transfer(from, to, VoucherId.wrap(tokenId));
        _askHolder(from, to, tokenId, data);
    }

    /* SPLIT */

    /// @inheritdoc IERC3525
    // The guard is closed while a gate or a receiver runs.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function transferFrom(uint256 fromTokenId, address to, uint256 value)
        external
        whenNotEntered
        returns (uint256 toTokenId)
    {
        VoucherId id = VoucherId.wrap(fromTokenId);
        VoucherWord voucher = _requireVoucher(id);
        _spend(id, voucher, value);
        Division memory d = _openDivision(id, voucher);
        _consultGate(voucher, id, voucher.owner(), to, value);
        toTokenId = VoucherId.unwrap(_branch(d, to, value));
        _closeDivision(d);
        if (d.asks) _askReceiver(to, fromTokenId, toTokenId, value);
    }

    /// @inheritdoc IVouchers
    // The guard is closed while a gate or a receiver runs.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function split(VoucherId id, Part[] calldata parts)
        external
        whenNotEntered
        returns (VoucherId first)
    {
        require(
            parts.length != 0 && parts.length <= _MOST_PARTS,
            PartsOutOfRange(parts.length, _MOST_PARTS)
        );
        VoucherWord voucher = _requireVoucher(id);
        _requireOperator(id, voucher);
        Division memory d = _openDivision(id, voucher);
        first = _nextVoucher(d);
        _consultGateOnParts(d, parts);
        for (uint256 i = 0; i < parts.length; ++i) {
            _branch(d, parts[i].to, parts[i].value);
        }
        _closeDivision(d);
        if (d.asks) _askReceivers(id, voucher.owner(), first, parts);
    }

    /* MERGE */

    /// @inheritdoc IERC3525
    function transferFrom(uint256 fromTokenId, uint256 toTokenId, uint256 value)
        external
        whenNotEntered
    {
        VoucherId fromId = VoucherId.wrap(fromTokenId);
        VoucherId toId = VoucherId.wrap(toTokenId);
        VoucherWord from = _requireVoucher(fromId);
        VoucherWord to = _requireVoucher(toId);
        _spend(fromId, from, value);
        _moveValue(fromId, from, toId, to, value);
        if (from.owner() != to.owner()) {
            _askReceiver(to.owner(), fromTokenId, toTokenId, value);
        }
    }

    /// @inheritdoc IVouchers
    function merge(VoucherId[] calldata ids, VoucherId into) external whenNotEntered {
        require(ids.length != 0, NothingToMerge());
        require(ids.length <= _MOST_PARTS, PartsOutOfRange(ids.length, _MOST_PARTS));
        address owner = _requireVoucher(into).owner();
        for (uint256 i = 0; i < ids.length; ++i) {
            VoucherWord voucher = _requireVoucher(ids[i]);
            require(
                voucher.owner() == owner,
                ERC721IncorrectOwner(owner, VoucherId.unwrap(ids[i]), voucher.owner())
            );
            _requireOperator(ids[i], voucher);
            _moveValue(ids[i], voucher, into, _vouchers[into], voucher.value());
        }
    }

    /* VIEWS */

    /// @inheritdoc IVouchers
    function positionOf(VoucherId id)
        external
        view
        returns (address holder, uint80 value, uint80 claimed)
    {
        VoucherWord voucher = _requireVoucher(id);
        return (voucher.owner(), voucher.value(), _claimedOn(id, voucher));
    }

    /// @inheritdoc IERC721
    function ownerOf(uint256 tokenId) external view returns (address) {
        return _requireVoucher(VoucherId.wrap(tokenId)).owner();
    }

    /// @inheritdoc IERC721
    function balanceOf(address owner) external view returns (uint256) {
        require(owner != address(0), ERC721InvalidOwner(owner));
        return _parties[owner].vouchers();
    }

    /// @inheritdoc IERC721
    function getApproved(uint256 tokenId) external view returns (address) {
        VoucherId id = VoucherId.wrap(tokenId);
        return _requireVoucher(id).has(VoucherWords.APPROVED) ? _approvals[id].operator : address(0);
    }

    /// @inheritdoc IERC721
    function isApprovedForAll(address owner, address operator) external view returns (bool) {
        return _operators[owner][operator];
    }

    /// @inheritdoc IERC3525
    function balanceOf(uint256 tokenId) external view returns (uint256) {
        return _requireVoucher(VoucherId.wrap(tokenId)).value();
    }

    /// @inheritdoc IERC3525
    function slotOf(uint256 tokenId) external view returns (uint256) {
        _requireVoucher(VoucherId.wrap(tokenId));
        return VoucherId.wrap(tokenId).receivableOf().toSlot();
    }

    /// @inheritdoc IERC3525
    function allowance(uint256 tokenId, address operator) public view returns (uint256) {
        VoucherId id = VoucherId.wrap(tokenId);
        _requireVoucher(id);
        return _allowances[id][_approvals[id].epoch][operator];
    }

    /// @inheritdoc IERC3525
    function valueDecimals() external pure returns (uint8) {
        return VALUE_DECIMALS;
    }

    /* INTERNAL */

    // The guard is closed while a gate or a receiver runs.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function _transfer(address from, address to, VoucherId id) private {
        VoucherWord voucher = _requireVoucher(id);
        _requireOperator(id, voucher);
        require(
            voucher.owner() == from,
            ERC721IncorrectOwner(from, VoucherId.unwrap(id), voucher.owner())
        );
        PartyWord sender;
        (voucher, sender) = _requireMovable(id, voucher);
        if (from == to) {
            // ERC-7943: nothing moves where `canTransfer` says no, even if it stays where it is.
            _requireActive(to);
            _consultGate(voucher, id, from, to, voucher.value());
            _give(id, voucher, to, voucher.hopsLeft());
            return;
        }
        PartyWord recipient = _requireRecipient(voucher, sender, from, to);
        uint8 hopsLeft = _hopsLeftAfter(id, voucher, sender, recipient);
        _consultGate(voucher, id, from, to, voucher.value());
        _loseVouchers(from, sender, 1);
        _gainVouchers(to, recipient, 1);
        _give(id, voucher, to, hopsLeft);
    }

    /// @dev What has to hold whatever leaves a voucher, and wherever it goes. The voucher remembers that
    /// its receivable is accepted when it is written.
    function _requireMovable(VoucherId id, VoucherWord voucher)
        private
        view
        returns (VoucherWord live, PartyWord holder)
    {
        _requireNotPaused();
        holder = _requireNotFrozen(voucher.owner());
        _requireUnfrozen(id, voucher);
        _requireLive(id, voucher);
        live = voucher.withFlag(VoucherWords.LIVE);
    }

    function _openDivision(VoucherId id, VoucherWord source)
        private
        view
        returns (Division memory d)
    {
        (d.source, d.holder) = _requireMovable(id, source);
        d.id = id;
        d.receivable = _receivables[id.receivableOf()];
        d.left = source.value();
        d.claimedLeft = _claimedOn(id, source);
        d.splits = d.receivable.splits();
        d.smallest = d.receivable.smallestVoucher();
        d.granule = d.receivable.granule();
    }

    /// @dev The first voucher has serial 1, those split off have 2 and so on.
    function _nextVoucher(Division memory d) private pure returns (VoucherId) {
        // The receivable's id stands above, and splits are few: no overflow into it.
        unchecked {
            return VoucherId.wrap(((VoucherId.unwrap(d.id) >> 64) << 64) + d.splits + 2);
        }
    }

    /// @dev Makes a new voucher out of the one that is being divided.
    function _branch(Division memory d, address to, uint256 value) private returns (VoucherId id) {
        require(value <= d.left, InsufficientValue(d.id, d.left, value));
        require(value >= d.smallest, IProgrammes.BelowSmallestVoucher(value, d.smallest));
        require(value % d.granule == 0, ICurrencies.AmountNotExpressible(value, d.granule));
        uint8 hopsLeft = _admitBranch(d, to);
        id = _nextVoucher(d);
        // value <= left, which has 80 bits; the sum of the parts is at most that.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint80 moved = uint80(value);
        uint8 flags = d.source.flags() & VoucherWords.INHERITED;
        if (d.claimedLeft != 0) flags |= _carryClaim(d, id, moved);
        unchecked {
            d.left -= value;
            ++d.splits;
        }
        _vouchers[id] = VoucherWords.pack(to, moved, hopsLeft, flags);
        emit Transfer(address(0), to, VoucherId.unwrap(id));
        emit SlotChanged(VoucherId.unwrap(id), 0, VoucherId.unwrap(id) >> 64);
        emit TransferValue(VoucherId.unwrap(d.id), VoucherId.unwrap(id), value);
    }

    /// @dev Checks and counts the holder of a branch; returns how many hops it has left.
    function _admitBranch(Division memory d, address to) private returns (uint8 hopsLeft) {
        address from = d.source.owner();
        if (to == from) {
            d.holder = d.holder.plusVouchers(1);
            _parties[from] = d.holder;
            return d.source.hopsLeft();
        }
        PartyWord recipient = _requireRecipient(d.source, d.holder, from, to);
        hopsLeft = _hopsLeftAfter(d.id, d.source, d.holder, recipient);
        _gainVouchers(to, recipient, 1);
        if (recipient.has(PartyWords.CONTRACT)) d.asks = true;
    }

    /// @dev Takes a branch's part of the claim along; returns the branch's flags.
    function _carryClaim(Division memory d, VoucherId id, uint80 moved) private returns (uint8) {
        // What is left has 80 bits, as the voucher's value had.
        uint80 carried = Shares.carried(d.claimedLeft, moved, uint80(d.left), d.granule);
        if (carried == 0) return 0;
        _claimed[id] = carried;
        d.claimedLeft -= carried;
        return VoucherWords.CLAIMED;
    }

    function _closeDivision(Division memory d) private {
        uint256 maxSplits = d.receivable.maxSplits();
        require(d.splits <= maxSplits, IProgrammes.SplitLimitReached(d.splits, maxSplits));
        _receivables[d.id.receivableOf()] = d.receivable.withSplits(d.splits);
        if (d.source.has(VoucherWords.CLAIMED)) _claimed[d.id] = d.claimedLeft;
        _shrink(d.id, d.source, d.holder, d.left, d.smallest);
    }

    /// @dev Moves value between two vouchers of one receivable; an emptied one is burned.
    // The guard is closed while a gate or a receiver runs.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function _moveValue(
        VoucherId fromId,
        VoucherWord from,
        VoucherId toId,
        VoucherWord to,
        uint256 value
    ) private {
        ReceivableWord receivable = _receivables[fromId.receivableOf()];
        require(fromId.receivableOf() == toId.receivableOf(), NotSameReceivable(fromId, toId));
        require(VoucherId.unwrap(fromId) != VoucherId.unwrap(toId), SameVoucher(fromId));
        // Nothing needs no allowance: a stranger could raise a voucher's hops with it.
        require(value != 0, ISettlement.AmountIsZero());
        require(value <= from.value(), InsufficientValue(fromId, from.value(), value));
        PartyWord holder;
        (from, holder) = _requireMovable(fromId, from);
        _requireUnfrozen(toId, to);
        require(
            value % receivable.granule() == 0,
            ICurrencies.AmountNotExpressible(value, receivable.granule())
        );
        uint8 hopsLeft = _hopsLeftInMerged(holder, fromId, from, toId, to);
        _consultGate(from, fromId, from.owner(), to.owner(), value);
        // value <= from.value(), which has 80 bits; two vouchers together are at most the face.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint80 moved = uint80(value);
        uint8 flags = _moveClaim(fromId, from, toId, moved, receivable.granule());
        _vouchers[toId] = to.plusValue(value).withHopsLeft(hopsLeft).withFlag(flags);
        emit TransferValue(VoucherId.unwrap(fromId), VoucherId.unwrap(toId), value);
        _shrink(fromId, from, holder, from.value() - moved, receivable.smallestVoucher());
    }

    /// @dev The fewer of the two. Nobody can make another's voucher lose any.
    function _hopsLeftInMerged(
        PartyWord holder,
        VoucherId fromId,
        VoucherWord from,
        VoucherId toId,
        VoucherWord to
    ) private view returns (uint8) {
        if (from.owner() == to.owner()) {
            if (from.hopsLeft() >= to.hopsLeft()) return to.hopsLeft();
            // Who may only take from the one voucher has no say over the other.
            _requireOperator(toId, to);
            return from.hopsLeft();
        }
        PartyWord recipient = _requireRecipient(from, holder, from.owner(), to.owner());
        uint8 hopsLeft = _hopsLeftAfter(fromId, from, holder, recipient);
        if (hopsLeft < to.hopsLeft()) {
            uint8 maxHops = _receivables[toId.receivableOf()].maxHops();
            revert HopsWouldRise(toId, maxHops - to.hopsLeft(), maxHops - hopsLeft);
        }
        return to.hopsLeft();
    }

    /// @dev Moves a part of a claim from one voucher to another; returns the flag to add to the latter.
    function _moveClaim(
        VoucherId fromId,
        VoucherWord from,
        VoucherId toId,
        uint80 moved,
        uint256 granule
    ) private returns (uint8) {
        uint80 claimed = _claimedOn(fromId, from);
        if (claimed == 0) return 0;
        // Rounding would gain a granule a time, and nobody counts these moves as splits are counted.
        require(
            Shares.isWhole(claimed, moved, from.value(), granule),
            ClaimNotDivisible(fromId, claimed)
        );
        uint80 carried = Shares.carried(claimed, moved, from.value(), granule);
        _claimed[fromId] = claimed - carried;
        _claimed[toId] += carried;
        return VoucherWords.CLAIMED;
    }

    /// @dev Leaves a voucher with what is left in it; an emptied one is burned.
    function _shrink(
        VoucherId id,
        VoucherWord voucher,
        PartyWord holder,
        uint256 left,
        uint256 smallest
    ) private {
        if (left == 0) {
            _burn(id, voucher, holder, 0);
            return;
        }
        require(left >= smallest, IProgrammes.BelowSmallestVoucher(left, smallest));
        // left <= value: it is what remains of it.
        _vouchers[id] = voucher.minusValue(voucher.value() - left);
    }

    /// @dev Operators move at will; others use up their allowance.
    function _spend(VoucherId id, VoucherWord voucher, uint256 value) private {
        if (_isOperator(id, voucher)) return;
        uint64 epoch = _approvals[id].epoch;
        uint256 allowed = _allowances[id][epoch][msg.sender];
        require(value <= allowed, InsufficientAllowance(id, msg.sender, allowed, value));
        _allowances[id][epoch][msg.sender] = allowed - value;
        emit ApprovalValue(VoucherId.unwrap(id), msg.sender, allowed - value);
    }

    function _consultGateOnParts(Division memory d, Part[] calldata parts) private {
        if (!d.source.has(VoucherWords.GATED)) return;
        for (uint256 i = 0; i < parts.length; ++i) {
            _consultGate(d.source, d.id, d.source.owner(), parts[i].to, parts[i].value);
        }
    }

    function _askReceivers(VoucherId id, address from, VoucherId first, Part[] calldata parts)
        private
    {
        for (uint256 i = 0; i < parts.length; ++i) {
            uint256 newTokenId = VoucherId.unwrap(first) + i;
            if (parts[i].to == from) continue;
            _askReceiver(parts[i].to, VoucherId.unwrap(id), newTokenId, parts[i].value);
        }
    }

    /// @dev Last of all, when everything is final: a contract may refuse value, if it says it can. Whether
    /// the recipient is one, its word says: asking its account would cost 2,600 gas more.
    function _askReceiver(address to, uint256 fromTokenId, uint256 toTokenId, uint256 value)
        private
    {
        if (!_parties[to].has(PartyWords.CONTRACT)) return;
        // ERC-165 gives an answer 30,000 gas: with less, running out would pass for a no.
        require(gasleft() > _GAS_TO_ASK, ValueRefused(to));
        if (!ERC165Checker.supportsERC165InterfaceUnchecked(to, type(IERC3525Receiver).interfaceId))
        {
            return;
        }
        _askToTake(to, fromTokenId, toTokenId, value);
    }

    // Each part has its own recipient, whom its gate or receiver may refuse.
    // slither-disable-next-line calls-loop
    function _askToTake(address to, uint256 fromTokenId, uint256 toTokenId, uint256 value)
        private
        nonReentrant
    {
        bytes4 answer = IERC3525Receiver(to)
            .onERC3525Received(msg.sender, fromTokenId, toTokenId, value, "");
        require(answer == IERC3525Receiver.onERC3525Received.selector, ValueRefused(to));
    }

    /// @dev ERC-721's question, in safe transfers.
    function _askHolder(address from, address to, uint256 tokenId, bytes memory data)
        private
        nonReentrant
    {
        ERC721Utils.checkOnERC721Received(msg.sender, from, to, tokenId, data);
    }
}
