// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDispute} from "./interfaces/IDispute.sol";
import {IReceipts} from "./interfaces/IReceipts.sol";
import {Claim} from "./types/Claim.sol";
import {Status} from "./types/Game.sol";
import {Model} from "./types/Model.sol";

/// @title Signed answers, backed by an escrow
contract Receipts is IReceipts {
    /// @notice The delay is zero.
    error NoTime();

    /// @dev What backs a proposer's receipts, one slot.
    struct Escrow {
        uint192 amount;
        uint64 exitAt; // seconds; 0: staying
    }

    bytes32 private constant RECEIPT_TYPE = keccak256(
        "Receipt(bytes32 modelId,bytes32 inputHash,bytes32 outputHash,uint8 h,uint64 deadline,address proposer)"
    );
    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    /// @dev Half of the order of secp256k1: a larger s is the same signature in another form.
    uint256 private constant S_MAX = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    IDispute public immutable DISPUTE;
    /// @inheritdoc IReceipts
    uint64 public immutable EXIT_DELAY;
    uint256 private immutable CLAIM_BOND;

    mapping(address proposer => Escrow) private _escrows;
    /// @inheritdoc IReceipts
    mapping(address proposer => mapping(bytes32 root => uint64)) public anchoredAt;
    /// @inheritdoc IReceipts
    mapping(bytes32 receiptHash => bool) public reclaimed;

    constructor(IDispute dispute, uint64 exitDelay) {
        if (exitDelay == 0) revert NoTime();
        DISPUTE = dispute;
        EXIT_DELAY = exitDelay;
        CLAIM_BOND = dispute.CLAIM_BOND();
    }

    /// @notice Only the dispute contract pays here: bonds that return.
    receive() external payable {
        if (msg.sender != address(DISPUTE)) revert NotDispute(msg.sender);
    }

    /// @inheritdoc IReceipts
    function deposit() external payable {
        if (msg.value == 0) revert NothingDue();
        Escrow storage escrow = _escrows[msg.sender];
        escrow.amount += uint192(msg.value); // more wei than 2^192 do not exist
        escrow.exitAt = 0;
        emit Deposited(msg.sender, msg.value, escrow.amount);
    }

    /// @inheritdoc IReceipts
    function requestExit() external {
        Escrow storage escrow = _escrows[msg.sender];
        if (escrow.amount == 0) revert NothingDue();
        escrow.exitAt = uint64(block.timestamp) + EXIT_DELAY;
        emit ExitRequested(msg.sender, escrow.exitAt);
    }

    /// @inheritdoc IReceipts
    function exit() external {
        Escrow storage escrow = _escrows[msg.sender];
        if (escrow.exitAt == 0 || block.timestamp < escrow.exitAt) revert ExitNotReady(escrow.exitAt);
        uint256 amount = escrow.amount;
        if (amount == 0) revert NothingDue();
        escrow.amount = 0; // exitAt stays: bonds that return later may follow at once
        emit Exited(msg.sender, amount);
        (bool paid,) = msg.sender.call{value: amount}("");
        if (!paid) revert PaymentRefused(msg.sender);
    }

    /// @inheritdoc IReceipts
    function anchor(bytes32 root, uint32 count) external {
        if (count == 0) revert EmptyBatch();
        if (anchoredAt[msg.sender][root] != 0) revert AlreadyAnchored(root);
        anchoredAt[msg.sender][root] = uint64(block.timestamp);
        emit Anchored(msg.sender, root, count);
    }

    /// @inheritdoc IReceipts
    function challenge(
        Receipt calldata receipt,
        Evidence calldata evidence,
        Model calldata model,
        bytes calldata input,
        bytes calldata output,
        bytes32 salt
    ) external payable returns (bytes32 gameId) {
        if (block.timestamp >= receipt.deadline) revert DeadlinePassed(receipt.deadline);
        bytes32 receiptHash = hashOf(receipt);
        _requireEvidence(receipt.proposer, receiptHash, evidence);
        Claim memory claim = _claim(receipt, receiptHash);
        bytes32 claimId = keccak256(abi.encode(claim));
        (Status status,,,,) = DISPUTE.claimOf(claimId);
        if (status == Status.None) {
            // INVARIANT: INV-30. One receipt takes one bond, however many challenge it.
            Escrow storage escrow = _escrows[receipt.proposer];
            if (escrow.amount < CLAIM_BOND) revert EscrowTooSmall(CLAIM_BOND, escrow.amount);
            escrow.amount -= uint192(CLAIM_BOND); // at most the amount
            // INVARIANT: INV-32. Who doubts first can't shorten the time in which others may.
            DISPUTE.createHeld{value: CLAIM_BOND}(claim, receipt.deadline);
        }
        gameId = DISPUTE.open{value: msg.value}(claim, model, input, output, salt, msg.sender);
        emit ReceiptChallenged(receiptHash, claimId, msg.sender, gameId);
    }

    /// @inheritdoc IReceipts
    function reclaim(Receipt calldata receipt) external {
        bytes32 receiptHash = hashOf(receipt);
        bytes32 claimId = keccak256(abi.encode(_claim(receipt, receiptHash)));
        if (reclaimed[receiptHash]) revert NothingDue();
        (Status status,,,,) = DISPUTE.claimOf(claimId);
        if (status == Status.Open) DISPUTE.release(claimId);
        else if (status != Status.Survived) revert NothingDue();
        reclaimed[receiptHash] = true;
        // INVARIANT: INV-33. What left the escrow returns to the escrow and nowhere else.
        Escrow storage escrow = _escrows[receipt.proposer];
        escrow.amount += uint192(CLAIM_BOND); // more wei than 2^192 do not exist
        emit Reclaimed(receiptHash, receipt.proposer, CLAIM_BOND, escrow.amount);
        // Nothing is owed when this bond came along with an earlier one.
        if (DISPUTE.owed(address(this)) != 0) DISPUTE.withdraw();
    }

    /// @inheritdoc IReceipts
    function claimFor(Receipt calldata receipt) external view returns (Claim memory) {
        return _claim(receipt, hashOf(receipt));
    }

    /// @inheritdoc IReceipts
    function escrowOf(address proposer) external view returns (uint256 amount, uint64 exitAt) {
        Escrow storage escrow = _escrows[proposer];
        return (escrow.amount, escrow.exitAt);
    }

    /// @inheritdoc IReceipts
    function DOMAIN_SEPARATOR() public view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, keccak256("opML"), keccak256("1"), block.chainid, address(this)));
    }

    /// @inheritdoc IReceipts
    function hashOf(Receipt calldata receipt) public pure returns (bytes32) {
        return keccak256(abi.encode(RECEIPT_TYPE, receipt));
    }

    /// @dev INVARIANT: INV-31. Nobody is bound by a receipt that he neither signed nor anchored.
    function _requireEvidence(address proposer, bytes32 receiptHash, Evidence calldata evidence) private view {
        if (evidence.signature.length != 0) {
            if (proposer == address(0) || _signer(receiptHash, evidence.signature) != proposer) {
                revert WrongSignature();
            }
            return;
        }
        if (anchoredAt[proposer][evidence.root] == 0) revert NotAnchored(proposer, evidence.root);
        bytes32 node = receiptHash;
        uint256 index = evidence.index;
        for (uint256 i = 0; i < evidence.branch.length; i++) {
            bytes32 sibling = evidence.branch[i];
            node = index & 1 == 0
                ? keccak256(abi.encodePacked(node, sibling))
                : keccak256(abi.encodePacked(sibling, node));
            index >>= 1;
        }
        if (node != evidence.root || index != 0) revert WrongBranch();
    }

    function _signer(bytes32 receiptHash, bytes calldata signature) private view returns (address) {
        if (signature.length != 65) revert WrongSignature();
        bytes32 s = bytes32(signature[32:64]);
        if (uint256(s) > S_MAX) revert WrongSignature();
        bytes32 digest = keccak256(abi.encodePacked(bytes2(0x1901), DOMAIN_SEPARATOR(), receiptHash));
        return ecrecover(digest, uint8(signature[64]), bytes32(signature[0:32]), s);
    }

    function _claim(Receipt calldata receipt, bytes32 receiptHash) private view returns (Claim memory) {
        return Claim({
            modelId: receipt.modelId,
            inputHash: receipt.inputHash,
            outputHash: receipt.outputHash,
            h: receipt.h,
            proposer: receipt.proposer,
            source: address(this),
            salt: receiptHash
        });
    }
}
