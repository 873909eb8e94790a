// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Claim} from "../types/Claim.sol";
import {Model} from "../types/Model.sol";

/// @title Contracts and people ask; bonded answers come back (protocol section 14)
/// @notice No owner. The request id is `keccak256(abi.encode(request))`. Error statuses (prompt too long, bad request)
/// are answers like any other. Fees are kept as credit and taken with `withdraw`.
interface IOracle {
    /// @notice A request. All of it is passed again to every later call; the contract keeps its hash and one slot.
    /// @param modelId Content hash of the model
    /// @param inputHash keccak256 of the input bytes
    /// @param h Exponent that claims must use, 1 to 4
    /// @param requester Who asked, paid and is refunded
    /// @param proposer Who alone may claim before `exclusiveUntil`; zero for nobody
    /// @param exclusiveUntil Seconds; from then on anybody may claim by commit and reveal
    /// @param expiry Seconds; from then on nobody may claim
    /// @param fee Wei for the proposer of the claim that survives first
    /// @param callback Contract to call with the answer; zero for none
    /// @param callbackGas Gas that the callback gets, exactly
    /// @param provisional True: call back at the first claim, false: after it survived
    /// @param salt Tells equal requests apart
    struct Request {
        bytes32 modelId;
        bytes32 inputHash;
        uint8 h;
        address requester;
        address proposer;
        uint64 exclusiveUntil;
        uint64 expiry;
        uint256 fee;
        address callback;
        uint32 callbackGas;
        bool provisional;
        bytes32 salt;
    }

    /// @notice Life of a request.
    enum Phase {
        None,
        Open,
        Final,
        Refunded
    }

    /// @notice The model names another step verifier than the dispute contract's.
    error WrongVerifier(address verifier);
    /// @notice The model's content does not hash to the request's model id.
    error ModelMismatch(bytes32 modelId);
    /// @notice The input is not the 32 + bodyLength bytes of protocol section 6, or does not fit.
    error InputForm(uint256 length);
    /// @notice The output is not the 16 + length bytes of protocol section 6, or longer than OUTPUT_MAX.
    error OutputForm(uint256 length);
    /// @notice The bytes do not hash to the request's input hash.
    error InputMismatch(bytes32 inputHash);
    /// @notice h is outside 1..4.
    error WrongExponent(uint8 h);
    /// @notice Times are not now <= exclusiveUntil <= expiry with now < expiry and expiry within MAX_LIFE.
    error WrongTimes(uint64 exclusiveUntil, uint64 expiry);
    /// @notice The callback wants more than CALLBACK_GAS_MAX.
    error TooMuchGas(uint32 callbackGas);
    /// @notice The request names another requester than the sender.
    error NotRequester(address requester);
    /// @notice A payment differs from the amount that the call needs.
    error WrongPayment(uint256 expected, uint256 actual);
    /// @notice This very request exists already.
    error RequestExists(bytes32 requestId);
    /// @notice The request is not open: unknown, answered or refunded.
    error RequestNotOpen(bytes32 requestId, Phase phase);
    /// @notice The request has expired.
    error Expired(uint64 expiry);
    /// @notice The exclusive period of another proposer runs.
    error Exclusive(address proposer, uint64 exclusiveUntil);
    /// @notice The commitment was never made.
    error NotCommitted(bytes32 commitment);
    /// @notice The commitment is younger than COMMIT_DELAY.
    error CommittedTooLate(uint256 usableAt);
    /// @notice The commitment exists already.
    error CommitmentExists(bytes32 commitment);
    /// @notice The claim has not survived.
    error NotSurvived(bytes32 claimId);
    /// @notice Too early for a refund.
    error NotRefundable(uint256 refundableAt);
    /// @notice Less gas is left than the callback must get: raise the transaction's gas limit.
    error GasTooLow(uint256 needed);
    /// @notice There is nothing to withdraw.
    error NothingDue();
    /// @notice The receiver refused the payment.
    error PaymentRefused(address receiver);

    /// @notice A request was made and paid.
    event Requested(
        bytes32 indexed requestId, bytes32 indexed modelId, address indexed proposer, Request request, bytes input
    );
    /// @notice Somebody will claim; says nothing else.
    event Committed(address indexed proposer, bytes32 commitment);
    /// @notice A claim for a request was made at the dispute contract.
    event Claimed(
        bytes32 indexed requestId, bytes32 indexed claimId, address indexed proposer, Claim claim, bytes output
    );
    /// @notice The request is answered for good; the fee is the proposer's.
    event Finalized(bytes32 indexed requestId, bytes32 indexed claimId, address indexed proposer, bytes32 outputHash);
    /// @notice The callback was called, the one time.
    event CalledBack(bytes32 indexed requestId, address indexed callback, bool provisional, bool succeeded);
    /// @notice The fee is the requester's again.
    event Refunded(bytes32 indexed requestId, address indexed requester, uint256 fee);
    /// @notice Credit was paid out.
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice Seconds between a commitment and the claim that opens it.
    function COMMIT_DELAY() external view returns (uint64);
    /// @notice The most gas a callback may name.
    function CALLBACK_GAS_MAX() external view returns (uint32);
    /// @notice The most input bytes, 32 KiB.
    function INPUT_MAX() external view returns (uint256);

    /// @notice Most bytes of an output.
    function OUTPUT_MAX() external view returns (uint256);
    /// @notice The longest time from request to expiry, seconds.
    function MAX_LIFE() external view returns (uint64);
    /// @notice Seconds after expiry when a request with claims but no final answer is refunded: T_max and a window.
    function REFUND_DELAY() external view returns (uint256);

    /// @notice Asks. The sender is the requester and pays the fee.
    function request(Request calldata request_, Model calldata model, bytes calldata input)
        external
        payable
        returns (bytes32 requestId);

    /// @notice Announces a later claim: keccak256(abi.encode(requestId, proposer, outputHash, nonce)).
    function commit(bytes32 commitment) external;

    /// @notice Claims the output bytes, with the dispute contract's claim bond as payment. Inside the exclusive period
    /// only the named proposer, needing no commitment (nonce ignored); later anybody who committed before.
    function claim(Request calldata request_, bytes calldata output, bytes32 nonce)
        external
        payable
        returns (bytes32 claimId);

    /// @notice Anybody: answers the request with a claim that survived, credits the fee, calls back.
    function finalize(Request calldata request_, address proposer, bytes calldata output) external;

    /// @notice Anybody: gives the fee back; from expiry when nobody claimed, REFUND_DELAY later when all claims failed.
    function refund(Request calldata request_) external;

    /// @notice Pays the sender's credit to the sender.
    function withdraw() external;

    /// @notice State of a request.
    /// @return phase Life of the request
    /// @return claimed Whether there was any claim
    /// @return called Whether the callback was called
    /// @return succeeded Whether it returned without revert
    /// @return outputHash Hash of the final answer; zero before
    function answerOf(bytes32 requestId)
        external
        view
        returns (Phase phase, bool claimed, bool called, bool succeeded, bytes32 outputHash);

    /// @notice The claim a proposer makes for a request with an output.
    function claimFor(Request calldata request_, address proposer, bytes32 outputHash)
        external
        view
        returns (Claim memory claim_);

    /// @notice Seconds when a commitment was made; 0 never.
    function committedAt(bytes32 commitment) external view returns (uint64 time);

    /// @notice Credit of an account, wei.
    function owed(address account) external view returns (uint256 amount);
}
