// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOracle} from "../interfaces/IOracle.sol";
import {IOracleConsumer} from "../interfaces/IOracleConsumer.sol";
import {Model} from "../types/Model.sol";

/// @title Example of a consumer: asks the oracle and keeps the answer that the callback brings
contract AnswerBook is IOracleConsumer {
    /// @notice The sender is not the oracle.
    error NotOracle(address sender);
    /// @notice The payment was not made by the oracle, or could not be passed on.
    error PaymentRefused();
    /// @notice The answer belongs to no question of this book, or is here already.
    error NotAsked(bytes32 requestId);

    /// @notice A question was sent to the oracle.
    event Asked(bytes32 indexed requestId, address indexed asker);
    /// @notice The answer is here. Status 0 and 1 bring text, all others an error (protocol section 6).
    event Answered(bytes32 indexed requestId, uint8 status, string text);

    /// @notice The asker of an unanswered question has his fee again.
    event Reclaimed(bytes32 indexed requestId, address indexed asker, uint256 fee);

    /// @notice What is kept of an answer.
    struct Answer {
        bool known;
        uint8 status;
        string text;
    }

    IOracle public immutable ORACLE;

    /// @notice Who asked; zero for what was not asked here.
    mapping(bytes32 requestId => address) public askerOf;
    mapping(bytes32 requestId => Answer) private _answers;

    constructor(IOracle oracle) {
        ORACLE = oracle;
    }

    /// @notice Only the oracle pays here.
    receive() external payable {
        if (msg.sender != address(ORACLE)) revert PaymentRefused();
    }

    /// @notice Asks; the payment is the fee. This contract must be requester and callback of the request.
    function ask(IOracle.Request calldata request, Model calldata model, bytes calldata input)
        external
        payable
        returns (bytes32 requestId)
    {
        requestId = ORACLE.request{value: msg.value}(request, model, input);
        askerOf[requestId] = msg.sender;
        emit Asked(requestId, msg.sender);
    }

    /// @notice Passes the fee of a request that nobody answered back to who asked.
    function reclaim(IOracle.Request calldata request) external {
        bytes32 requestId = keccak256(abi.encode(request));
        address asker = askerOf[requestId];
        if (asker == address(0)) revert NotAsked(requestId);
        delete askerOf[requestId];
        (IOracle.Phase phase,,,,) = ORACLE.answerOf(requestId);
        if (phase != IOracle.Phase.Refunded) ORACLE.refund(request); // anybody may have done it before
        if (ORACLE.owed(address(this)) != 0) ORACLE.withdraw();
        emit Reclaimed(requestId, asker, request.fee);
        (bool paid,) = asker.call{value: request.fee}("");
        if (!paid) revert PaymentRefused();
    }

    /// @inheritdoc IOracleConsumer
    function onAnswer(bytes32 requestId, bytes32, bytes calldata output, bool) external {
        if (msg.sender != address(ORACLE)) revert NotOracle(msg.sender);
        Answer storage answer = _answers[requestId];
        if (askerOf[requestId] == address(0) || answer.known) revert NotAsked(requestId);
        answer.known = true;
        answer.status = uint8(output[0]);
        answer.text = string(output[16:]);
        emit Answered(requestId, answer.status, answer.text);
    }

    /// @notice The answer, or an empty one.
    function answerOf(bytes32 requestId) external view returns (Answer memory) {
        return _answers[requestId];
    }
}
