// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Claim} from "../types/Claim.sol";
import {Model} from "../types/Model.sol";

/// @title Signed answers, backed by an escrow (protocol section 15)
/// @notice No owner. A receipt costs the chain nothing until somebody doubts it; anchors bind many answers with one
/// transaction. Only hashes are known here until a challenge posts the bytes, so a receipt never becomes final and
/// nothing on chain may depend on an unchallenged one.
interface IReceipts {
    /// @notice The EIP-712 type `Receipt(bytes32 modelId,bytes32 inputHash,bytes32 outputHash,uint8 h,uint64 deadline,
    /// address proposer)` of the domain (name "opML", version "1", chain id, this contract).
    /// @param deadline Seconds; the receipt can be challenged before it
    /// @param proposer Who signs or anchors, and whose escrow answers
    struct Receipt {
        bytes32 modelId;
        bytes32 inputHash;
        bytes32 outputHash;
        uint8 h;
        uint64 deadline;
        address proposer;
    }

    /// @notice Proof that the proposer gave the receipt: his 65 byte signature (r, s, v), or, when that is empty, an
    /// anchored root with the leaf's index and branch. Leaf: the EIP-712 struct hash.
    struct Evidence {
        bytes signature;
        bytes32 root;
        uint256 index;
        bytes32[] branch;
    }

    /// @notice The deadline of the receipt has passed.
    error DeadlinePassed(uint64 deadline);
    /// @notice The signature is malformed or not the proposer's.
    error WrongSignature();
    /// @notice The proposer never anchored this root.
    error NotAnchored(address proposer, bytes32 root);
    /// @notice The branch does not lead to the root, or the index lies outside the tree.
    error WrongBranch();
    /// @notice The escrow left is smaller than a claim bond.
    error EscrowTooSmall(uint256 needed, uint256 left);
    /// @notice The proposer anchored this root before.
    error AlreadyAnchored(bytes32 root);
    /// @notice The batch is empty.
    error EmptyBatch();
    /// @notice Nothing was sent, or there is nothing to take out.
    error NothingDue();
    /// @notice Nobody asked for an exit, or the exit's delay still runs.
    error ExitNotReady(uint64 readyAt);
    /// @notice The receiver refused the payment.
    error PaymentRefused(address receiver);
    /// @notice The payment does not come from the dispute contract.
    error NotDispute(address sender);

    /// @notice Escrow grew; a pending exit is cancelled.
    event Deposited(address indexed proposer, uint256 amount, uint256 escrow);
    /// @notice The proposer leaves: receipts with a later deadline than `readyAt` are not covered.
    event ExitRequested(address indexed proposer, uint64 readyAt);
    /// @notice The whole escrow was paid out.
    event Exited(address indexed proposer, uint256 amount);
    /// @notice The bond of a challenged receipt that was true is in the escrow again.
    event Reclaimed(bytes32 indexed receiptHash, address indexed proposer, uint256 amount, uint256 escrow);
    /// @notice `count` receipts were bound by one root.
    event Anchored(address indexed proposer, bytes32 indexed root, uint32 count);
    /// @notice A receipt was challenged; `claimId` is its claim at the dispute contract.
    event ReceiptChallenged(
        bytes32 indexed receiptHash, bytes32 indexed claimId, address indexed challenger, bytes32 gameId
    );

    /// @notice Seconds between asking for an exit and taking the escrow. Do not accept a receipt whose deadline is
    /// further away than this, or later than a pending exit.
    function EXIT_DELAY() external view returns (uint64);

    /// @notice EIP-712 domain separator.
    function DOMAIN_SEPARATOR() external view returns (bytes32);

    /// @notice Adds to the sender's escrow and cancels his exit.
    function deposit() external payable;

    /// @notice Starts the exit of the sender's whole escrow.
    function requestExit() external;

    /// @notice Pays the escrow out after the delay. Bonds that return later can be taken by exiting again.
    function exit() external;

    /// @notice Anybody: ends the claim of a challenged receipt, if that is still to be done, and puts its bond back into
    /// the escrow of its proposer.
    function reclaim(Receipt calldata receipt) external;

    /// @notice Binds a batch: the sender is the proposer of all its receipts.
    /// @param root Merkle root (keccak of pairs) over the struct hashes of receipts, padded with zero leaves
    /// @param count Receipts in the batch
    function anchor(bytes32 root, uint32 count) external;

    /// @notice Turns a receipt into a claim bonded by the proposer's escrow (when it is not one yet) and opens the
    /// sender's game on it. Payment: the dispute contract's challenge bond. Others join with `Dispute.open`.
    function challenge(
        Receipt calldata receipt,
        Evidence calldata evidence,
        Model calldata model,
        bytes calldata input,
        bytes calldata output,
        bytes32 salt
    ) external payable returns (bytes32 gameId);

    /// @notice EIP-712 struct hash: id of the receipt and leaf of anchored batches.
    function hashOf(Receipt calldata receipt) external pure returns (bytes32 receiptHash);

    /// @notice The claim that a receipt becomes when challenged.
    function claimFor(Receipt calldata receipt) external view returns (Claim memory claim_);

    /// @notice What backs the receipts of a proposer.
    /// @return amount Wei not bound by a challenge; covers amount / CLAIM_BOND challenged receipts
    /// @return exitAt Seconds when an exit is or was ready; 0 for none. Not zero: accept no receipt with a later deadline
    function escrowOf(address proposer) external view returns (uint256 amount, uint64 exitAt);

    /// @notice Whether the bond of a challenged receipt went back to the escrow.
    function reclaimed(bytes32 receiptHash) external view returns (bool);

    /// @notice Seconds when a proposer anchored a root; 0 never.
    function anchoredAt(address proposer, bytes32 root) external view returns (uint64 time);
}
