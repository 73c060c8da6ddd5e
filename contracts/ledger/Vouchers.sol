// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammes} from "../interfaces/IProgrammes.sol";
import {ICurrencies} from "../interfaces/ICurrencies.sol";
import {IERC3525} from "../interfaces/IERC3525.sol";
import {IERC3525Receiver} from "../interfaces/IERC3525Receiver.sol";
import {IVouchers} from "../interfaces/IVouchers.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {ERC721Utils} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Utils.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";

import {Shares} from "../libraries/Shares.sol";
import {Part} from "../types/DataTypes.sol";
import {ReceivableId, VoucherId} from "../types/Ids.sol";
import {
    PartyWord,
    ReceivableWord,
    ReceivableWords,
    VoucherWord,
    VoucherWords
} from "../types/Words.sol";
import {Book} from "./Book.sol";

/// @title Vouchers
/// @notice ERC-721 and ERC-3525 over the book: approvals, whole transfers, splits and merges.
abstract contract Vouchers is Book, IVouchers {
    /// @dev A split under way: words change here, on the stack, and are written once at its end.
    struct Division {
        VoucherId id;
        ReceivableId receivableId;
        ReceivableWord receivable;
        VoucherWord source;
        PartyWord holder;
        uint80 left;
        uint80 claimedLeft;
        uint80 smallest;
        uint256 granule;
    }

    uint256 private constant _MOST_PARTS = 500;

    /* APPROVALS */

    /// @inheritdoc IERC721
    function approve(address to, uint256 tokenId) external nonReentrant {
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
    function approve(uint256 tokenId, address operator, uint256 value) external nonReentrant {
        VoucherId id = VoucherId.wrap(tokenId);
        VoucherWord voucher = _requireVoucher(id);
        _requireOperator(id, voucher);
        require(operator != address(0), ERC721InvalidOperator(operator));
        _allowances[id][_approvals[id].epoch][operator] = value;
        _vouchers[id] = voucher.withFlag(VoucherWords.APPROVED);
        emit IERC3525.ApprovalValue(tokenId, operator, value);
    }

    /// @inheritdoc IERC721
    function setApprovalForAll(address operator, bool approved) external {
        require(operator != address(0), ERC721InvalidOperator(operator));
        _operators[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    /* TRANSFER */

    /// @inheritdoc IERC721
    function transferFrom(address from, address to, uint256 tokenId) external nonReentrant {
        _transfer(from, to, VoucherId.wrap(tokenId));
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address from, address to, uint256 tokenId) external {
        safeTransferFrom(from, to, tokenId, "");
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address from, address to, uint256 tokenId, bytes memory data)
        public
        nonReentrant
    {
        _transfer(from, to, VoucherId.wrap(tokenId));
        ERC721Utils.checkOnERC721Received(msg.sender, from, to, tokenId, data);
    }

    /* SPLIT */

    /// @inheritdoc IERC3525
    function transferFrom(uint256 fromTokenId, address to, uint256 value)
        external
        nonReentrant
        returns (uint256 toTokenId)
    {
        VoucherId id = VoucherId.wrap(fromTokenId);
        VoucherWord voucher = _requireVoucher(id);
        _spend(id, voucher, value);
        Division memory d = _openDivision(id, voucher);
        _consultGate(d.receivable, id, voucher.owner(), to, value);
        toTokenId = VoucherId.unwrap(_branch(d, to, value));
        _closeDivision(d);
        _askReceiver(voucher.owner(), to, fromTokenId, toTokenId, value);
    }

    /// @inheritdoc IVouchers
    function split(VoucherId id, Part[] calldata parts)
        external
        nonReentrant
        returns (VoucherId first)
    {
        require(
            parts.length != 0 && parts.length <= _MOST_PARTS,
            IVouchers.PartsOutOfRange(parts.length, _MOST_PARTS)
        );
        VoucherWord voucher = _requireVoucher(id);
        _requireOperator(id, voucher);
        Division memory d = _openDivision(id, voucher);
        first = d.receivableId.voucherAt(d.receivable.nextSerial());
        _consultGateOnParts(d, parts);
        for (uint256 i = 0; i < parts.length; ++i) {
            _branch(d, parts[i].to, parts[i].value);
        }
        _closeDivision(d);
        _askReceivers(id, voucher.owner(), first, parts);
    }

    /* MERGE */

    /// @inheritdoc IERC3525
    function transferFrom(uint256 fromTokenId, uint256 toTokenId, uint256 value)
        external
        nonReentrant
    {
        VoucherId fromId = VoucherId.wrap(fromTokenId);
        VoucherId toId = VoucherId.wrap(toTokenId);
        VoucherWord from = _requireVoucher(fromId);
        VoucherWord to = _requireVoucher(toId);
        _spend(fromId, from, value);
        _moveValue(fromId, from, toId, to, value);
        _askReceiver(from.owner(), to.owner(), fromTokenId, toTokenId, value);
    }

    /// @inheritdoc IVouchers
    function merge(VoucherId[] calldata ids, VoucherId into) external nonReentrant {
        require(ids.length != 0, IVouchers.NothingToMerge());
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

    function _transfer(address from, address to, VoucherId id) private {
        VoucherWord voucher = _requireVoucher(id);
        _requireOperator(id, voucher);
        require(
            voucher.owner() == from,
            ERC721IncorrectOwner(from, VoucherId.unwrap(id), voucher.owner())
        );
        (ReceivableWord receivable, PartyWord sender) = _requireMovable(id, voucher);
        if (from == to) {
            _give(id, voucher, to, voucher.hops());
            return;
        }
        PartyWord recipient = _requireRecipient(receivable, sender, from, to);
        uint8 hops = _hopsAfter(receivable, voucher, sender, recipient);
        _consultGate(receivable, id, from, to, voucher.value());
        _loseVouchers(from, sender, 1);
        _gainVouchers(to, recipient, 1);
        _give(id, voucher, to, hops);
    }

    /// @dev What has to hold whatever leaves a voucher, and wherever it goes.
    function _requireMovable(VoucherId id, VoucherWord voucher)
        private
        view
        returns (ReceivableWord receivable, PartyWord holder)
    {
        _requireNotPaused();
        receivable = _requireAccepted(id.receivableOf());
        holder = _requireNotFrozen(voucher.owner());
        _requireUnfrozen(id, voucher);
    }

    function _openDivision(VoucherId id, VoucherWord source)
        private
        view
        returns (Division memory d)
    {
        (d.receivable, d.holder) = _requireMovable(id, source);
        d.id = id;
        d.receivableId = id.receivableOf();
        d.source = source;
        d.left = source.value();
        d.claimedLeft = _claimedOn(id, source);
        d.granule = d.receivable.granule();
        d.smallest = _smallestVoucher(d.receivable.programme());
    }

    /// @dev Makes a new voucher out of the one that is being divided.
    function _branch(Division memory d, address to, uint256 value) private returns (VoucherId id) {
        require(value <= d.left, IVouchers.InsufficientValue(d.id, d.left, value));
        require(value >= d.smallest, IProgrammes.BelowSmallestVoucher(value, d.smallest));
        require(value % d.granule == 0, ICurrencies.AmountNotExpressible(value, d.granule));
        uint8 hops = _admitBranch(d, to);
        // value <= left, which has 80 bits.
        uint80 moved = uint80(value);
        id = d.receivableId.voucherAt(d.receivable.nextSerial());
        d.receivable = d.receivable.withSerials(1);
        uint8 flags = _carryClaim(d, id, moved);
        d.left -= moved;
        _vouchers[id] = VoucherWords.pack(to, moved, hops, flags);
        emit Transfer(address(0), to, VoucherId.unwrap(id));
        emit IERC3525.SlotChanged(VoucherId.unwrap(id), 0, d.receivableId.toSlot());
        emit IERC3525.TransferValue(VoucherId.unwrap(d.id), VoucherId.unwrap(id), value);
    }

    /// @dev Checks and counts the holder of a branch; returns its hops.
    function _admitBranch(Division memory d, address to) private returns (uint8 hops) {
        address from = d.source.owner();
        if (to == from) {
            d.holder = d.holder.plusVouchers(1);
            _parties[from] = d.holder;
            return d.source.hops();
        }
        PartyWord recipient = _requireRecipient(d.receivable, d.holder, from, to);
        hops = _hopsAfter(d.receivable, d.source, d.holder, recipient);
        _gainVouchers(to, recipient, 1);
    }

    /// @dev Takes a branch's part of the claim along; returns the branch's flags.
    function _carryClaim(Division memory d, VoucherId id, uint80 moved)
        private
        returns (uint8 flags)
    {
        if (d.claimedLeft == 0) return 0;
        uint80 carried = Shares.carried(d.claimedLeft, moved, d.left, d.granule);
        if (carried == 0) return 0;
        _claimed[id] = carried;
        d.claimedLeft -= carried;
        return VoucherWords.CLAIMED;
    }

    function _closeDivision(Division memory d) private {
        // The first voucher has serial 1: all from 2 on were split off.
        uint256 splits = d.receivable.nextSerial() - 2;
        uint256 maxSplits = _maxSplits(d.receivable.programme());
        require(splits <= maxSplits, IProgrammes.SplitLimitReached(splits, maxSplits));
        _receivables[d.receivableId] = d.receivable;
        if (d.left == 0) {
            _burn(d.id, d.source, d.holder, 0);
            return;
        }
        require(d.left >= d.smallest, IProgrammes.BelowSmallestVoucher(d.left, d.smallest));
        if (d.source.has(VoucherWords.CLAIMED)) _claimed[d.id] = d.claimedLeft;
        _vouchers[d.id] = d.source.withValue(d.left);
    }

    /// @dev Moves value between two vouchers of one receivable; an emptied one is burned.
    function _moveValue(
        VoucherId fromId,
        VoucherWord from,
        VoucherId toId,
        VoucherWord to,
        uint256 value
    ) private {
        ReceivableId receivableId = fromId.receivableOf();
        require(receivableId == toId.receivableOf(), IVouchers.NotSameReceivable(fromId, toId));
        require(VoucherId.unwrap(fromId) != VoucherId.unwrap(toId), IVouchers.SameVoucher(fromId));
        require(value <= from.value(), IVouchers.InsufficientValue(fromId, from.value(), value));
        (ReceivableWord receivable, PartyWord holder) = _requireMovable(fromId, from);
        _requireUnfrozen(toId, to);
        require(
            value % receivable.granule() == 0,
            ICurrencies.AmountNotExpressible(value, receivable.granule())
        );
        uint8 hops = _hopsOfMerged(receivable, holder, toId, from, to);
        _consultGate(receivable, fromId, from.owner(), to.owner(), value);
        // value <= from.value(), which has 80 bits; the sum of two vouchers is at most the face.
        uint80 moved = uint80(value);
        uint8 flags = to.flags() | _moveClaim(fromId, from, toId, moved, receivable.granule());
        _vouchers[toId] = VoucherWords.pack(to.owner(), to.value() + moved, hops, flags);
        emit IERC3525.TransferValue(VoucherId.unwrap(fromId), VoucherId.unwrap(toId), value);
        _shrink(fromId, from, holder, receivable, from.value() - moved);
    }

    function _hopsOfMerged(
        ReceivableWord receivable,
        PartyWord holder,
        VoucherId toId,
        VoucherWord from,
        VoucherWord to
    ) private view returns (uint8 hops) {
        if (from.owner() == to.owner()) {
            return from.hops() > to.hops() ? from.hops() : to.hops();
        }
        PartyWord recipient = _requireRecipient(receivable, holder, from.owner(), to.owner());
        hops = _hopsAfter(receivable, from, holder, recipient);
        require(hops <= to.hops(), IVouchers.HopsWouldRise(toId, to.hops(), hops));
        return to.hops();
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
        uint80 carried = claimed == 0 ? 0 : Shares.carried(claimed, moved, from.value(), granule);
        if (carried == 0) return 0;
        _claimed[fromId] = claimed - carried;
        _claimed[toId] += carried;
        return VoucherWords.CLAIMED;
    }

    function _shrink(
        VoucherId id,
        VoucherWord voucher,
        PartyWord holder,
        ReceivableWord receivable,
        uint80 left
    ) private {
        if (left == 0) {
            _burn(id, voucher, holder, 0);
            return;
        }
        uint80 smallest = _smallestVoucher(receivable.programme());
        require(left >= smallest, IProgrammes.BelowSmallestVoucher(left, smallest));
        _vouchers[id] = voucher.withValue(left);
    }

    /// @dev Operators move at will; others use up their allowance.
    function _spend(VoucherId id, VoucherWord voucher, uint256 value) private {
        if (_isOperator(id, voucher)) return;
        uint64 epoch = _approvals[id].epoch;
        uint256 allowed = _allowances[id][epoch][msg.sender];
        require(value <= allowed, IVouchers.InsufficientAllowance(id, msg.sender, allowed, value));
        _allowances[id][epoch][msg.sender] = allowed - value;
        emit IERC3525.ApprovalValue(VoucherId.unwrap(id), msg.sender, allowed - value);
    }

    function _consultGateOnParts(Division memory d, Part[] calldata parts) private {
        if (!d.receivable.has(ReceivableWords.GATED)) return;
        for (uint256 i = 0; i < parts.length; ++i) {
            _consultGate(d.receivable, d.id, d.source.owner(), parts[i].to, parts[i].value);
        }
    }

    function _askReceivers(VoucherId id, address from, VoucherId first, Part[] calldata parts)
        private
    {
        for (uint256 i = 0; i < parts.length; ++i) {
            _askReceiver(
                from, parts[i].to, VoucherId.unwrap(id), VoucherId.unwrap(first) + i, parts[i].value
            );
        }
    }

    /// @dev Last of all, when everything is final: a contract may refuse value, if it says it can.
    function _askReceiver(
        address from,
        address to,
        uint256 fromTokenId,
        uint256 toTokenId,
        uint256 value
    ) private {
        if (from == to || to.code.length == 0) return;
        if (!ERC165Checker.supportsERC165InterfaceUnchecked(to, type(IERC3525Receiver).interfaceId))
        return;
        bytes4 answer =
            IERC3525Receiver(to).onERC3525Received(msg.sender, fromTokenId, toTokenId, value, "");
        require(answer == IERC3525Receiver.onERC3525Received.selector, IVouchers.ValueRefused(to));
    }
}
