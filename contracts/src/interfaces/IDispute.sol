// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Claim} from "../types/Claim.sol";
import {Clock, Ending, Game, Status} from "../types/Game.sol";
import {Model} from "../types/Model.sol";

/// @title Claims and the games about them (protocol sections 9 to 13)
/// @notice No owner, no upgrade, no pause; every parameter is an immutable. A position is passed as its 156 bytes of
/// protocol section 9 and answers exactly one state of one game: the contract keeps only its hash. Ether that is due to
/// somebody is kept as credit and taken with `withdraw`.
interface IDispute {
    /* claims */

    /// @notice A payment differs from the amount that the call needs.
    error WrongPayment(uint256 expected, uint256 actual);
    /// @notice Only the source named in a claim may create it.
    error NotSource(address source);
    /// @notice This very claim exists already.
    error ClaimExists(bytes32 claimId);
    /// @notice The claim is not in the state Open.
    error ClaimNotOpen(bytes32 claimId, Status status);
    /// @notice h is outside 1..4.
    error WrongExponent(uint8 h);
    /// @notice The proposer is the zero address.
    error NoProposer();

    /* opening */

    /// @notice The challenge window of the claim is over.
    error WindowClosed(bytes32 claimId);
    /// @notice The challenge window still runs.
    error WindowOpen(uint256 endsAt);
    /// @notice The model's content does not hash to the claim's model id.
    error ModelMismatch(bytes32 modelId);
    /// @notice The model names another step verifier than this contract's.
    error WrongVerifier(address verifier);
    /// @notice The bytes do not hash to the claim's input hash.
    error InputMismatch(bytes32 inputHash);
    /// @notice The bytes do not hash to the claim's output hash.
    error OutputMismatch(bytes32 outputHash);
    /// @notice A game with this claim, challenger and salt exists or existed.
    error GameExists(bytes32 gameId);
    /// @notice The challenger is the zero address.
    error NoChallenger();

    /* moves */

    /// @notice The position has not 156 bytes.
    error PositionLength(uint256 actual);
    /// @notice The position is not the present one of the game named: it was answered already, or never existed.
    error StalePosition(bytes32 gameId);
    /// @notice The other side is to move.
    error NotYourTurn(uint8 turn);
    /// @notice The clock of the side to move is used up.
    error ClockUsedUp(Clock clock);
    /// @notice The clock of the side to move still runs.
    error ClockRuns(Clock clock);
    /// @notice The sender is neither the side to move nor its delegate.
    error NotAuthorized(address party);
    /// @notice The reveal has not 63 states of 32 bytes.
    error RevealLength(uint256 actual);
    /// @notice Positions answered by one reveal differ in index, width or first state.
    error DifferentPosition(uint256 index);
    /// @notice The lists of games and positions differ in length.
    error ListLength(uint256 games, uint256 positions);
    /// @notice The range is a single step: only a proof is left.
    error OneStepLeft();
    /// @notice The range is wider than a single step.
    error NotOneStep(uint8 width);
    /// @notice The segment is above 63.
    error WrongSegment(uint8 segment);
    /// @notice A branch does not lead to the root of the reveal, or has a wrong length.
    error WrongBranch(uint256 leaf);
    /// @notice The proof's prestate is not the state that both sides agree on.
    error WrongPrestate(bytes32 expected, bytes32 actual);
    /// @notice The packed proof is shorter than its header.
    error ProofLength(uint256 actual);

    /* money */

    /// @notice Games of the claim are still open.
    error GamesOpen(uint256 count);
    /// @notice There is nothing to settle: the game goes on, was settled, or was lost by the challenger.
    error NothingToSettle(bytes32 gameId);
    /// @notice There is nothing to collect or to withdraw.
    error NothingDue();
    /// @notice The receiver refused the payment.
    error PaymentRefused(address receiver);

    /// @notice A claim was made and bonded; games can be opened before `endsAt`.
    event ClaimCreated(
        bytes32 indexed claimId, address indexed proposer, address indexed source, Claim claim, uint64 endsAt
    );
    /// @notice The bytes behind a claim, posted by who opened a game: everybody can replay and join from here.
    event ClaimBytes(bytes32 indexed claimId, bytes input, bytes output);
    /// @notice A game began. `position` are the 156 bytes of protocol section 9.
    event GameOpened(
        bytes32 indexed claimId, bytes32 indexed gameId, address indexed challenger, bytes32 salt, bytes position
    );
    /// @notice The proposer revealed; `position` is the one after the move, `states` the 63 states, 2016 bytes.
    event Revealed(bytes32 indexed claimId, bytes32 indexed gameId, bytes position, bytes states);
    /// @notice The challenger picked a segment; `position` is the one after the move.
    event Picked(bytes32 indexed claimId, bytes32 indexed gameId, uint8 segment, bytes position);
    /// @notice A game is over. After `Malformed`, a game never had a position.
    event GameEnded(
        bytes32 indexed claimId, bytes32 indexed gameId, address indexed challenger, Ending ending, uint16 moves
    );
    /// @notice The first lost game ended a claim. Its other games are over too: `settle` pays them.
    event ClaimDefeated(bytes32 indexed claimId, bytes32 indexed gameId);
    /// @notice The claim survived its window and all its games; the bond is the proposer's again.
    event ClaimSurvived(bytes32 indexed claimId);
    /// @notice A challenger's share of a defeated claim was credited.
    event Settled(bytes32 indexed claimId, bytes32 indexed gameId, address indexed challenger, uint256 amount);
    /// @notice Bonds of lost challenges were credited to the proposer.
    event Collected(bytes32 indexed claimId, address indexed proposer, uint256 amount);
    /// @notice Ether was destroyed.
    event Burnt(bytes32 indexed claimId, uint256 amount);
    /// @notice Credit was paid out.
    event Withdrawn(address indexed account, uint256 amount);
    /// @notice An account lets another one move for it, or stops it.
    event DelegateSet(address indexed account, address indexed delegate, bool allowed);

    /* parameters */

    /// @notice The only step verifier whose models are disputed here.
    function VERIFIER() external view returns (address);
    /// @notice Bond of one game, wei.
    function CHALLENGE_BOND() external view returns (uint256);
    /// @notice Bond of one claim, wei: four challenge bonds.
    function CLAIM_BOND() external view returns (uint256);
    /// @notice Seconds after creation during which games can be opened, at least.
    function WINDOW() external view returns (uint64);
    /// @notice Seconds the proposer has for all his moves of one game.
    function PROPOSER_TIME() external view returns (uint32);
    /// @notice Seconds the challenger has for all his moves of one game.
    function CHALLENGER_TIME() external view returns (uint32);
    /// @notice T_max: after so many seconds a claim of `create` can be settled whatever happened, WINDOW + both clocks.
    function LONGEST() external view returns (uint256);

    /* claims */

    /// @notice Makes a claim. The sender is the claim's source and pays the claim bond, for the proposer.
    function create(Claim calldata claim) external payable returns (bytes32 claimId);

    /// @notice Makes a claim whose bond stays the sender's: it returns to him when the claim survives. What challengers
    /// lose is the proposer's all the same.
    /// @param openUntil Seconds; games can be opened until then when it is later than WINDOW from now
    function createHeld(Claim calldata claim, uint64 openUntil) external payable returns (bytes32 claimId);

    /// @notice Opens a game on a claim; the first and last state are computed from the bytes given here.
    /// @dev Anybody may pay for any challenger: who copies a pending call only pays the original sender's bond.
    /// Bytes that have not the form of protocol section 6, or do not fit their region, defeat the claim at once.
    /// @param claim Content of the claim
    /// @param model Content of the claim's model id
    /// @param input Input bytes
    /// @param output Output bytes
    /// @param salt Tells games of one challenger apart
    /// @param challenger Who plays and is repaid
    function open(
        Claim calldata claim,
        Model calldata model,
        bytes calldata input,
        bytes calldata output,
        bytes32 salt,
        address challenger
    ) external payable returns (bytes32 gameId);

    /* moves */

    /// @notice Proposer or his delegate: the 63 states that split the range.
    /// @param states 63 * 32 bytes
    function reveal(Game calldata game, bytes calldata position, bytes calldata states) external;

    /// @notice One reveal for many games at the same index, width and first state. Games that cannot be answered any
    /// more are passed over, so that none of them can block the others.
    function revealMany(Game[] calldata games, bytes[] calldata positions, bytes calldata states) external;

    /// @notice Challenger or his delegate: the first segment whose end is wrong.
    /// @param segment j, 0 to 63
    /// @param lo State at the beginning of the segment (leaf j)
    /// @param hi State at its end (leaf j + 1; for j = 63 the position's own)
    /// @param branches 6 siblings of leaf j, then 6 of leaf j + 1 (only the former for j = 63): 384 or 192 bytes
    function pick(
        Game calldata game,
        bytes calldata position,
        uint8 segment,
        bytes32 lo,
        bytes32 hi,
        bytes calldata branches
    ) external;

    /// @notice Anybody: executes the one step in dispute. The poststate decides, not the sender.
    /// @param proof claimId:32 | challenger:20 | salt:32 | position without its game id:124 | witness. Packed because
    /// calldata is nearly all that this transaction costs.
    function prove(bytes calldata proof) external;

    /// @notice Challenger: the last pick and its proof in one transaction.
    function pickAndProve(
        Game calldata game,
        bytes calldata position,
        uint8 segment,
        bytes32 lo,
        bytes32 hi,
        bytes calldata branches,
        bytes calldata witness
    ) external;

    /// @notice Anybody: ends a game whose side to move has used up its clock.
    function timeout(Game calldata game, bytes calldata position) external;

    /* money */

    /// @notice Anybody: credits the challenger of a game of a defeated claim.
    /// @param position The present position of a game that was open at the defeat; ignored for the game that won
    function settle(Game calldata game, bytes calldata position) external;

    /// @notice Anybody: credits the proposer with the bonds of lost challenges, less the burnt fifth.
    function collect(bytes32 claimId) external;

    /// @notice Anybody: ends a claim after its window with no open game; credits the bond (to the holder of a held claim,
    /// else to the proposer) and won challenges.
    function release(bytes32 claimId) external;

    /// @notice Pays the sender's credit to the sender.
    function withdraw() external;

    /// @notice Lets another account move (not withdraw) for the sender.
    function setDelegate(address delegate, bool allowed) external;

    /* views */

    /// @notice The mutable part of a claim.
    /// @return status Life of the claim
    /// @return proposer Who asserts it; zero when the claim does not exist
    /// @return endsAt Seconds; games can be opened before
    /// @return openGames Games not ended (of a defeated claim: not settled)
    /// @return wonGames Lost challenges not collected yet
    function claimOf(bytes32 claimId)
        external
        view
        returns (Status status, address proposer, uint64 endsAt, uint32 openGames, uint32 wonGames);

    /// @notice Whom the bond of a claim made by `createHeld` returns to; zero for the proposer.
    function holderOf(bytes32 claimId) external view returns (address holder);

    /// @notice The slot of a game: the hash of its position; 1 lost by the challenger; 2 won by him, not settled;
    /// 3 settled; 0 never opened.
    function gameOf(bytes32 gameId) external view returns (bytes32 slot);

    /// @notice Who is to move at a position and whether time is left, now.
    function clockOf(bytes calldata position) external view returns (Clock clock);

    /// @notice Credit of an account, wei.
    function owed(address account) external view returns (uint256 amount);

    /// @notice Whether `delegate` may move for `account`.
    function isDelegate(address account, address delegate) external view returns (bool allowed);
}
