// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDispute} from "./interfaces/IDispute.sol";
import {IStepVerifier} from "./interfaces/IStepVerifier.sol";
import {Models} from "./libraries/Models.sol";
import {Positions} from "./libraries/Positions.sol";
import {Reveals} from "./libraries/Reveals.sol";
import {Claim} from "./types/Claim.sol";
import {Clock, Ending, Game, Status} from "./types/Game.sol";
import {Model} from "./types/Model.sol";
import {Position} from "./types/Position.sol";

/// @title Claims and the games about them
/// @dev Money never moves inside a move: games end by marking their slot, and `settle`, `collect`, `release` credit
/// what follows from the marks. So a move costs no new storage slot and no receiver can block one.
contract Dispute is IDispute {
    /// @notice The bond is zero or not divisible into 1/320 shares.
    error WrongBond(uint256 challengeBond);
    /// @notice A duration is zero.
    error NoTime();
    /// @notice The verifier has no code.
    error NoVerifier();

    /// @dev The mutable part of a claim, one slot.
    struct Entry {
        address proposer;
        uint40 endsAt; // seconds
        uint24 openGames; // games not ended; of a defeated claim: not settled
        uint16 wonGames; // lost challenges not collected
        Status status;
        uint8 pool; // stipend units left for the other games of a defeated claim
    }

    /// @dev Marks of ended games. A position's hash is none of them.
    bytes32 private constant LOST = bytes32(uint256(1));
    bytes32 private constant WON = bytes32(uint256(2));
    bytes32 private constant SETTLED = bytes32(uint256(3));
    /// @dev Stipend units of a defeated claim: a quarter of its bond, so a unit is CHALLENGE_BOND / 64.
    uint8 private constant POOL = 64;
    /// @dev An operator owns 2^24 steps.
    uint256 private constant OPERATOR_LOG2 = 24;
    /// @dev Bytes in front of the position in a packed proof: claim id, challenger, salt.
    uint256 private constant PROOF_GAME = 84;
    /// @dev Bytes in front of the witness in a packed proof.
    uint256 private constant PROOF_HEADER = PROOF_GAME + Positions.TAIL;
    address private constant BURN = 0x000000000000000000000000000000000000dEaD;

    /// @inheritdoc IDispute
    address public immutable VERIFIER;
    /// @inheritdoc IDispute
    uint256 public immutable CHALLENGE_BOND;
    /// @inheritdoc IDispute
    uint256 public immutable CLAIM_BOND;
    /// @inheritdoc IDispute
    uint64 public immutable WINDOW;
    /// @inheritdoc IDispute
    uint32 public immutable PROPOSER_TIME;
    /// @inheritdoc IDispute
    uint32 public immutable CHALLENGER_TIME;

    mapping(bytes32 claimId => Entry) private _claims;
    mapping(bytes32 gameId => bytes32) private _games;
    /// @inheritdoc IDispute
    mapping(bytes32 claimId => address) public holderOf;
    /// @inheritdoc IDispute
    mapping(address account => uint256) public owed;
    /// @inheritdoc IDispute
    mapping(address account => mapping(address delegate => bool)) public isDelegate;

    /// @param verifier Step verifier of all models disputed here
    /// @param challengeBond Wei, a multiple of 320
    /// @param window Seconds to open games
    /// @param proposerTime Seconds on the proposer's clock of one game
    /// @param challengerTime Seconds on the challenger's clock of one game
    constructor(address verifier, uint256 challengeBond, uint64 window, uint32 proposerTime, uint32 challengerTime) {
        if (verifier.code.length == 0) revert NoVerifier();
        if (challengeBond == 0 || challengeBond % 320 != 0) revert WrongBond(challengeBond);
        if (window == 0 || proposerTime == 0 || challengerTime == 0) revert NoTime();
        VERIFIER = verifier;
        CHALLENGE_BOND = challengeBond;
        CLAIM_BOND = 4 * challengeBond;
        WINDOW = window;
        PROPOSER_TIME = proposerTime;
        CHALLENGER_TIME = challengerTime;
    }

    /* claims */

    /// @inheritdoc IDispute
    function create(Claim calldata claim) external payable returns (bytes32) {
        return _create(claim, block.timestamp + WINDOW);
    }

    /// @inheritdoc IDispute
    function createHeld(Claim calldata claim, uint64 openUntil) external payable returns (bytes32 claimId) {
        uint256 endsAt = block.timestamp + WINDOW;
        claimId = _create(claim, openUntil > endsAt ? openUntil : endsAt);
        holderOf[claimId] = msg.sender;
    }

    function _create(Claim calldata claim, uint256 endsAt) private returns (bytes32 claimId) {
        if (msg.sender != claim.source) revert NotSource(claim.source);
        if (msg.value != CLAIM_BOND) revert WrongPayment(CLAIM_BOND, msg.value);
        if (claim.proposer == address(0)) revert NoProposer();
        if (claim.h == 0 || claim.h > 4) revert WrongExponent(claim.h);
        claimId = keccak256(abi.encode(claim));
        Entry storage entry = _claims[claimId];
        if (entry.status != Status.None) revert ClaimExists(claimId);
        entry.proposer = claim.proposer;
        if (endsAt > type(uint40).max) endsAt = type(uint40).max;
        entry.endsAt = uint40(endsAt);
        entry.status = Status.Open;
        emit ClaimCreated(claimId, claim.proposer, claim.source, claim, uint64(endsAt)); // at most 40 bits
    }

    /// @inheritdoc IDispute
    function open(
        Claim calldata claim,
        Model calldata model,
        bytes calldata input,
        bytes calldata output,
        bytes32 salt,
        address challenger
    ) external payable returns (bytes32 gameId) {
        if (msg.value != CHALLENGE_BOND) revert WrongPayment(CHALLENGE_BOND, msg.value);
        if (challenger == address(0)) revert NoChallenger();
        bytes32 claimId = keccak256(abi.encode(claim));
        Entry storage entry = _claims[claimId];
        if (entry.status != Status.Open) revert ClaimNotOpen(claimId, entry.status);
        if (block.timestamp >= entry.endsAt) revert WindowClosed(claimId);
        if (Models.id(model) != claim.modelId) revert ModelMismatch(claim.modelId);
        if (model.verifier != VERIFIER) revert WrongVerifier(model.verifier);
        if (keccak256(input) != claim.inputHash) revert InputMismatch(claim.inputHash);
        if (keccak256(output) != claim.outputHash) revert OutputMismatch(claim.outputHash);
        gameId = keccak256(abi.encodePacked(claimId, challenger, salt));
        if (_games[gameId] != 0) revert GameExists(gameId);
        emit ClaimBytes(claimId, input, output);

        entry.openGames++;
        // INVARIANT: INV-11. Bytes that no state can hold are a false claim, not one that nobody can dispute.
        if (!Models.isInput(model.sizes, input) || !Models.isOutput(model.sizes, output)) {
            emit GameOpened(claimId, gameId, challenger, salt, "");
            _end(Game(claimId, challenger, salt), gameId, Ending.Malformed, 0);
            return gameId;
        }
        Position memory p;
        p.gameId = gameId;
        p.width = 6 * claim.h + uint8(OPERATOR_LOG2);
        p.lo = Models.first(model, input);
        p.hi = Models.last(model, output);
        p.movedAt = uint64(block.timestamp);
        p.proposerLeft = PROPOSER_TIME;
        p.challengerLeft = CHALLENGER_TIME;
        emit GameOpened(claimId, gameId, challenger, salt, _store(p));
    }

    /* moves */

    /// @inheritdoc IDispute
    function reveal(Game calldata game, bytes calldata position, bytes calldata states) external {
        Position memory p = _present(game, position);
        if (p.turn != Positions.PROPOSER) revert NotYourTurn(p.turn);
        if (p.width == 0) revert OneStepLeft();
        _requireTime(p, Clock.ProposerRuns);
        _requireAuthority(_claims[game.claimId].proposer);
        if (states.length != Reveals.STATES) revert RevealLength(states.length);
        _reveal(game.claimId, p, Reveals.root(p.lo, states), states);
    }

    /// @inheritdoc IDispute
    function revealMany(Game[] calldata games, bytes[] calldata positions, bytes calldata states) external {
        if (games.length != positions.length || games.length == 0) revert ListLength(games.length, positions.length);
        if (states.length != Reveals.STATES) revert RevealLength(states.length);
        Position memory first = Positions.decode(_gameId(games[0]), _tail(positions[0]));
        bytes32 root = Reveals.root(first.lo, states);
        for (uint256 i = 0; i < games.length; i++) {
            bytes32 gameId = _gameId(games[i]);
            Position memory p = Positions.decode(gameId, _tail(positions[i]));
            if (p.lo != first.lo || p.loIndex != first.loIndex || p.width != first.width) revert DifferentPosition(i);
            Entry storage entry = _claims[games[i].claimId];
            // INVARIANT: INV-13. A game that can't be answered any more must not block the others.
            if (_games[gameId] != keccak256(positions[i]) || entry.status != Status.Open) continue;
            if (p.turn != Positions.PROPOSER || p.width == 0 || !_mayMove(entry.proposer)) continue;
            if (Positions.clock(p, block.timestamp) != Clock.ProposerRuns) continue;
            _reveal(games[i].claimId, p, root, states);
        }
    }

    /// @inheritdoc IDispute
    function pick(
        Game calldata game,
        bytes calldata position,
        uint8 segment,
        bytes32 lo,
        bytes32 hi,
        bytes calldata branches
    ) external {
        Position memory p = _pick(game, position, segment, lo, hi, branches);
        emit Picked(game.claimId, p.gameId, segment, _store(p));
    }

    /// @inheritdoc IDispute
    function prove(bytes calldata proof) external {
        if (proof.length < PROOF_HEADER) revert ProofLength(proof.length);
        Game memory game = Game(bytes32(proof[0:32]), address(bytes20(proof[32:52])), bytes32(proof[52:PROOF_GAME]));
        bytes32 gameId = keccak256(proof[0:PROOF_GAME]);
        bytes calldata tail = proof[PROOF_GAME:PROOF_HEADER];
        _requirePresent(game.claimId, gameId, Positions.hash(gameId, tail));
        _prove(game, Positions.decode(gameId, tail), proof[PROOF_HEADER:]);
    }

    /// @inheritdoc IDispute
    function pickAndProve(
        Game calldata game,
        bytes calldata position,
        uint8 segment,
        bytes32 lo,
        bytes32 hi,
        bytes calldata branches,
        bytes calldata witness
    ) external {
        Position memory p = _pick(game, position, segment, lo, hi, branches);
        emit Picked(game.claimId, p.gameId, segment, Positions.encode(p));
        _prove(game, p, witness);
    }

    /// @inheritdoc IDispute
    function timeout(Game calldata game, bytes calldata position) external {
        Position memory p = _present(game, position);
        Clock clock = Positions.clock(p, block.timestamp);
        if (clock == Clock.ProposerRuns || clock == Clock.ChallengerRuns) revert ClockRuns(clock);
        Ending ending = clock == Clock.ProposerLost ? Ending.ProposerTimeout : Ending.ChallengerTimeout;
        _end(game, p.gameId, ending, p.moves);
    }

    /* money */

    /// @inheritdoc IDispute
    function settle(Game calldata game, bytes calldata position) external {
        bytes32 gameId = _gameId(game);
        Entry storage entry = _claims[game.claimId];
        bytes32 slot = _games[gameId];
        uint256 unit = CHALLENGE_BOND / POOL;
        uint256 amount;
        uint256 burnt;
        if (slot == WON) {
            amount = CHALLENGE_BOND + CLAIM_BOND / 2;
            burnt = CLAIM_BOND / 4;
        } else if (entry.status == Status.Defeated && slot > SETTLED) {
            bytes calldata tail = _tail(position);
            if (slot != keccak256(position)) revert StalePosition(gameId);
            // Four units for opening and settling, one for each move of either side.
            uint256 units = 4 + uint256(Positions.decode(gameId, tail).moves);
            if (units > entry.pool) units = entry.pool;
            amount = CHALLENGE_BOND + units * unit;
            entry.pool -= uint8(units); // at most the pool
            entry.openGames--;
        } else {
            revert NothingToSettle(gameId);
        }
        _games[gameId] = SETTLED;
        owed[game.challenger] += amount;
        if (entry.openGames == 0) {
            burnt += entry.pool * unit;
            entry.pool = 0;
        }
        emit Settled(game.claimId, gameId, game.challenger, amount);
        _burn(game.claimId, burnt);
    }

    /// @inheritdoc IDispute
    function collect(bytes32 claimId) external {
        if (_claims[claimId].wonGames == 0) revert NothingDue();
        _collect(claimId, _claims[claimId]);
    }

    /// @inheritdoc IDispute
    function release(bytes32 claimId) external {
        Entry storage entry = _claims[claimId];
        if (entry.status != Status.Open) revert ClaimNotOpen(claimId, entry.status);
        // INVARIANT: INV-12. Opening ends exactly where releasing begins.
        if (block.timestamp < entry.endsAt) revert WindowOpen(entry.endsAt);
        if (entry.openGames != 0) revert GamesOpen(entry.openGames);
        entry.status = Status.Survived;
        // INVARIANT: INV-16. A bond returns to who staked it: an escrow's to the escrow, not to its owner's pocket.
        address holder = holderOf[claimId];
        owed[holder == address(0) ? entry.proposer : holder] += CLAIM_BOND;
        emit ClaimSurvived(claimId);
        if (entry.wonGames != 0) _collect(claimId, entry);
    }

    /// @inheritdoc IDispute
    function withdraw() external {
        uint256 amount = owed[msg.sender];
        if (amount == 0) revert NothingDue();
        owed[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);
        (bool paid,) = msg.sender.call{value: amount}("");
        if (!paid) revert PaymentRefused(msg.sender);
    }

    /// @inheritdoc IDispute
    function setDelegate(address delegate, bool allowed) external {
        isDelegate[msg.sender][delegate] = allowed;
        emit DelegateSet(msg.sender, delegate, allowed);
    }

    /* views */

    /// @inheritdoc IDispute
    function LONGEST() external view returns (uint256) {
        return uint256(WINDOW) + PROPOSER_TIME + CHALLENGER_TIME;
    }

    /// @inheritdoc IDispute
    function claimOf(bytes32 claimId)
        external
        view
        returns (Status status, address proposer, uint64 endsAt, uint32 openGames, uint32 wonGames)
    {
        Entry storage entry = _claims[claimId];
        return (entry.status, entry.proposer, entry.endsAt, entry.openGames, entry.wonGames);
    }

    /// @inheritdoc IDispute
    function gameOf(bytes32 gameId) external view returns (bytes32 slot) {
        return _games[gameId];
    }

    /// @inheritdoc IDispute
    function clockOf(bytes calldata position) external view returns (Clock clock) {
        return Positions.clock(Positions.decode(0, _tail(position)), block.timestamp);
    }

    /* inside */

    function _gameId(Game calldata game) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(game.claimId, game.challenger, game.salt));
    }

    function _tail(bytes calldata position) private pure returns (bytes calldata) {
        if (position.length != Positions.BYTES) revert PositionLength(position.length);
        return position[32:];
    }

    /// @dev INVARIANT: INV-10. A move names the whole position it answers; the slot holds its hash.
    function _requirePresent(bytes32 claimId, bytes32 gameId, bytes32 positionHash) private view {
        if (_games[gameId] != positionHash) revert StalePosition(gameId);
        Status status = _claims[claimId].status;
        if (status != Status.Open) revert ClaimNotOpen(claimId, status);
    }

    function _present(Game calldata game, bytes calldata position) private view returns (Position memory) {
        bytes32 gameId = _gameId(game);
        bytes calldata tail = _tail(position);
        _requirePresent(game.claimId, gameId, keccak256(position));
        return Positions.decode(gameId, tail);
    }

    function _requireTime(Position memory p, Clock running) private view {
        Clock clock = Positions.clock(p, block.timestamp);
        if (clock != running) revert ClockUsedUp(clock);
    }

    function _mayMove(address party) private view returns (bool) {
        return msg.sender == party || isDelegate[party][msg.sender];
    }

    function _requireAuthority(address party) private view {
        if (!_mayMove(party)) revert NotAuthorized(party);
    }

    function _store(Position memory p) private returns (bytes memory packed) {
        packed = Positions.encode(p);
        _games[p.gameId] = keccak256(packed);
    }

    function _reveal(bytes32 claimId, Position memory p, bytes32 root, bytes calldata states) private {
        p.reveal = root;
        p.turn = Positions.CHALLENGER;
        p.proposerLeft -= uint32(block.timestamp - p.movedAt); // the clock runs: less than proposerLeft
        p.movedAt = uint64(block.timestamp);
        p.moves++;
        emit Revealed(claimId, p.gameId, _store(p), states);
    }

    function _pick(
        Game calldata game,
        bytes calldata position,
        uint8 segment,
        bytes32 lo,
        bytes32 hi,
        bytes calldata branches
    ) private view returns (Position memory p) {
        p = _present(game, position);
        if (p.turn != Positions.CHALLENGER) revert NotYourTurn(p.turn);
        _requireTime(p, Clock.ChallengerRuns);
        _requireAuthority(game.challenger);
        // INVARIANT: INV-14. Cut points are computed; only one of the 64 segments can be chosen.
        if (segment > 63) revert WrongSegment(segment);
        bool end = segment == 63;
        if (branches.length != (end ? Reveals.BRANCH : 2 * Reveals.BRANCH)) revert WrongBranch(segment);
        if (Reveals.climb(lo, segment, branches, 0) != p.reveal) revert WrongBranch(segment);
        if (end ? hi != p.hi : Reveals.climb(hi, segment + 1, branches, Reveals.BRANCH) != p.reveal) {
            revert WrongBranch(segment + 1);
        }
        p.width -= uint8(Reveals.RADIX_LOG2);
        p.loIndex += uint64(segment) << p.width;
        p.lo = lo;
        p.hi = hi;
        p.reveal = 0;
        p.turn = Positions.PROPOSER;
        p.challengerLeft -= uint32(block.timestamp - p.movedAt); // the clock runs: less than challengerLeft
        p.movedAt = uint64(block.timestamp);
        p.moves++;
    }

    /// @dev The poststate decides, whoever sends it.
    function _prove(Game memory game, Position memory p, bytes calldata witness) private {
        if (p.width != 0) revert NotOneStep(p.width);
        _requireTime(p, Clock.ProposerRuns);
        bool boundary = p.loIndex & ((1 << OPERATOR_LOG2) - 1) == 0;
        (bytes32 pre, bytes32 post) = IStepVerifier(VERIFIER).verify(witness, boundary);
        if (pre != p.lo) revert WrongPrestate(p.lo, pre);
        _end(game, p.gameId, post == p.hi ? Ending.ProvedRight : Ending.ProvedWrong, p.moves);
    }

    /// @dev The only place where games end and claims are defeated.
    function _end(Game memory game, bytes32 gameId, Ending ending, uint16 moves) private {
        Entry storage entry = _claims[game.claimId];
        entry.openGames--;
        emit GameEnded(game.claimId, gameId, game.challenger, ending, moves);
        if (ending == Ending.ProvedRight || ending == Ending.ChallengerTimeout) {
            _games[gameId] = LOST;
            entry.wonGames++;
        } else {
            _games[gameId] = WON;
            entry.status = Status.Defeated;
            entry.pool = POOL;
            emit ClaimDefeated(game.claimId, gameId);
        }
    }

    function _collect(bytes32 claimId, Entry storage entry) private {
        uint256 bonds = entry.wonGames * CHALLENGE_BOND;
        entry.wonGames = 0;
        address proposer = entry.proposer;
        uint256 burnt = bonds / 5;
        owed[proposer] += bonds - burnt;
        emit Collected(claimId, proposer, bonds - burnt);
        _burn(claimId, burnt);
    }

    /// @dev An account without code cannot refuse.
    function _burn(bytes32 claimId, uint256 amount) private {
        if (amount == 0) return;
        emit Burnt(claimId, amount);
        (bool paid,) = BURN.call{value: amount}("");
        if (!paid) revert PaymentRefused(BURN);
    }
}
