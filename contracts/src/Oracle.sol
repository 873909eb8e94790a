// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDispute} from "./interfaces/IDispute.sol";
import {IOracle} from "./interfaces/IOracle.sol";
import {IOracleConsumer} from "./interfaces/IOracleConsumer.sol";
import {Models} from "./libraries/Models.sol";
import {Claim} from "./types/Claim.sol";
import {Status} from "./types/Game.sol";
import {Model} from "./types/Model.sol";

/// @title Contracts and people ask; bonded answers come back
/// @dev Input and output bytes stand in events, so that everybody can replay every claim made here.
contract Oracle is IOracle {
    /// @notice The delay is zero.
    error NoTime();

    /// @dev One slot of flags and the final answer.
    struct Entry {
        Phase phase;
        bool claimed;
        bool called;
        bool succeeded;
        bytes32 outputHash;
    }

    /// @dev Gas of this contract between the check of the gas left and the callback, and after it.
    uint256 private constant CALL_OVERHEAD = 60_000;
    /// @inheritdoc IOracle
    uint32 public constant CALLBACK_GAS_MAX = 5_000_000;
    /// @inheritdoc IOracle
    uint256 public constant INPUT_MAX = Models.INPUT_MAX;
    /// @inheritdoc IOracle
    uint256 public constant OUTPUT_MAX = Models.OUTPUT_MAX;
    /// @inheritdoc IOracle
    uint64 public constant MAX_LIFE = 365 days;

    IDispute public immutable DISPUTE;
    /// @inheritdoc IOracle
    uint64 public immutable COMMIT_DELAY;
    uint256 private immutable CLAIM_BOND;

    mapping(bytes32 requestId => Entry) private _requests;
    /// @inheritdoc IOracle
    mapping(bytes32 commitment => uint64) public committedAt;
    /// @inheritdoc IOracle
    mapping(address account => uint256) public owed;

    constructor(IDispute dispute, uint64 commitDelay) {
        if (commitDelay == 0) revert NoTime();
        DISPUTE = dispute;
        COMMIT_DELAY = commitDelay;
        CLAIM_BOND = dispute.CLAIM_BOND();
    }

    /// @inheritdoc IOracle
    function request(Request calldata request_, Model calldata model, bytes calldata input)
        external
        payable
        returns (bytes32 requestId)
    {
        if (msg.sender != request_.requester) revert NotRequester(request_.requester);
        if (msg.value != request_.fee) revert WrongPayment(request_.fee, msg.value);
        // INVARIANT: INV-20. What could not be disputed can't be asked: the model's content is known and playable.
        if (Models.id(model) != request_.modelId || !Models.sizesFit(model.sizes)) {
            revert ModelMismatch(request_.modelId);
        }
        if (model.verifier != DISPUTE.VERIFIER()) revert WrongVerifier(model.verifier);
        if (!Models.isInput(model.sizes, input)) revert InputForm(input.length);
        if (keccak256(input) != request_.inputHash) revert InputMismatch(request_.inputHash);
        if (request_.h == 0 || request_.h > 4) revert WrongExponent(request_.h);
        if (request_.callbackGas > CALLBACK_GAS_MAX) revert TooMuchGas(request_.callbackGas);
        _requireTimes(request_);
        requestId = keccak256(abi.encode(request_));
        Entry storage entry = _requests[requestId];
        if (entry.phase != Phase.None) revert RequestExists(requestId);
        entry.phase = Phase.Open;
        emit Requested(requestId, request_.modelId, request_.proposer, request_, input);
    }

    /// @inheritdoc IOracle
    function commit(bytes32 commitment) external {
        if (committedAt[commitment] != 0) revert CommitmentExists(commitment);
        committedAt[commitment] = uint64(block.timestamp);
        emit Committed(msg.sender, commitment);
    }

    /// @inheritdoc IOracle
    function claim(Request calldata request_, bytes calldata output, bytes32 nonce)
        external
        payable
        returns (bytes32 claimId)
    {
        if (msg.value != CLAIM_BOND) revert WrongPayment(CLAIM_BOND, msg.value);
        (bytes32 requestId, Entry storage entry) = _open(request_);
        if (block.timestamp >= request_.expiry) revert Expired(request_.expiry);
        // INVARIANT: INV-24. What can be claimed here can be posted by a challenge: it fits one transaction.
        if (!Models.isOutputForm(output)) revert OutputForm(output.length);
        bytes32 outputHash = keccak256(output);
        _requireTurn(request_, requestId, outputHash, nonce);
        entry.claimed = true;
        Claim memory claim_ = _claim(request_, requestId, msg.sender, outputHash);
        claimId = DISPUTE.create{value: msg.value}(claim_);
        emit Claimed(requestId, claimId, msg.sender, claim_, output);
        if (request_.provisional && !entry.called) _callBack(request_, requestId, entry, output);
    }

    /// @inheritdoc IOracle
    function finalize(Request calldata request_, address proposer, bytes calldata output) external {
        (bytes32 requestId, Entry storage entry) = _open(request_);
        bytes32 outputHash = keccak256(output);
        bytes32 claimId = keccak256(abi.encode(_claim(request_, requestId, proposer, outputHash)));
        (Status status,,,,) = DISPUTE.claimOf(claimId);
        if (status == Status.Open) {
            DISPUTE.release(claimId);
        } else if (status != Status.Survived) {
            revert NotSurvived(claimId);
        }
        entry.phase = Phase.Final;
        entry.outputHash = outputHash;
        owed[proposer] += request_.fee;
        emit Finalized(requestId, claimId, proposer, outputHash);
        if (!entry.called) _callBack(request_, requestId, entry, output);
    }

    /// @inheritdoc IOracle
    function refund(Request calldata request_) external {
        (bytes32 requestId, Entry storage entry) = _open(request_);
        // INVARIANT: INV-21. Every claim made before expiry is decided before a refund that it would lose to.
        uint256 refundableAt = entry.claimed ? request_.expiry + REFUND_DELAY() : request_.expiry;
        if (block.timestamp < refundableAt) revert NotRefundable(refundableAt);
        entry.phase = Phase.Refunded;
        owed[request_.requester] += request_.fee;
        emit Refunded(requestId, request_.requester, request_.fee);
    }

    /// @inheritdoc IOracle
    function withdraw() external {
        uint256 amount = owed[msg.sender];
        if (amount == 0) revert NothingDue();
        owed[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);
        (bool paid,) = msg.sender.call{value: amount}("");
        if (!paid) revert PaymentRefused(msg.sender);
    }

    /// @inheritdoc IOracle
    function answerOf(bytes32 requestId)
        external
        view
        returns (Phase phase, bool claimed, bool called, bool succeeded, bytes32 outputHash)
    {
        Entry storage entry = _requests[requestId];
        return (entry.phase, entry.claimed, entry.called, entry.succeeded, entry.outputHash);
    }

    /// @inheritdoc IOracle
    function claimFor(Request calldata request_, address proposer, bytes32 outputHash)
        external
        view
        returns (Claim memory)
    {
        return _claim(request_, keccak256(abi.encode(request_)), proposer, outputHash);
    }

    /// @inheritdoc IOracle
    function REFUND_DELAY() public view returns (uint256) {
        return DISPUTE.LONGEST() + DISPUTE.WINDOW();
    }

    function _open(Request calldata request_) private view returns (bytes32 requestId, Entry storage entry) {
        requestId = keccak256(abi.encode(request_));
        entry = _requests[requestId];
        if (entry.phase != Phase.Open) revert RequestNotOpen(requestId, entry.phase);
    }

    function _requireTimes(Request calldata request_) private view {
        uint64 expiry = request_.expiry;
        if (request_.exclusiveUntil > expiry || expiry <= block.timestamp || expiry > block.timestamp + MAX_LIFE) {
            revert WrongTimes(request_.exclusiveUntil, expiry);
        }
    }

    /// @dev INVARIANT: INV-22. An answer seen in the mempool can't be claimed by its reader: outside the exclusive
    /// period a claim opens a commitment that its sender made COMMIT_DELAY before.
    function _requireTurn(Request calldata request_, bytes32 requestId, bytes32 outputHash, bytes32 nonce)
        private
        view
    {
        if (block.timestamp < request_.exclusiveUntil) {
            if (msg.sender != request_.proposer) revert Exclusive(request_.proposer, request_.exclusiveUntil);
            return;
        }
        bytes32 commitment = keccak256(abi.encode(requestId, msg.sender, outputHash, nonce));
        uint256 time = committedAt[commitment];
        if (time == 0) revert NotCommitted(commitment);
        if (block.timestamp < time + COMMIT_DELAY) revert CommittedTooLate(time + COMMIT_DELAY);
    }

    function _claim(Request calldata request_, bytes32 requestId, address proposer, bytes32 outputHash)
        private
        view
        returns (Claim memory)
    {
        return Claim({
            modelId: request_.modelId,
            inputHash: request_.inputHash,
            outputHash: outputHash,
            h: request_.h,
            proposer: proposer,
            source: address(this),
            salt: requestId
        });
    }

    /// @dev INVARIANT: INV-23. At most one callback a request, with exactly its gas; the flag is set before, nothing it
    /// returns is copied, and its failure changes nothing but the record.
    function _callBack(Request calldata request_, bytes32 requestId, Entry storage entry, bytes calldata output)
        private
    {
        address target = request_.callback;
        if (target == address(0)) return;
        entry.called = true;
        bytes memory data =
            abi.encodeCall(IOracleConsumer.onAnswer, (requestId, request_.modelId, output, request_.provisional));
        uint256 limit = request_.callbackGas;
        // A call gets at most 63/64 of the gas left: with less, the sender would starve the callback, once and for all.
        uint256 needed = limit * 64 / 63 + CALL_OVERHEAD;
        if (gasleft() < needed) revert GasTooLow(needed);
        bool succeeded;
        assembly ("memory-safe") {
            succeeded := call(limit, target, 0, add(data, 32), mload(data), 0, 0)
        }
        entry.succeeded = succeeded;
        emit CalledBack(requestId, target, request_.provisional, succeeded);
    }
}
