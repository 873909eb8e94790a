// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title What a contract that asks the oracle implements
interface IOracleConsumer {
    /// @notice Called at most once for a request, with exactly the gas that the request named.
    /// @dev Check that the caller is the oracle. The answer was public for a whole challenge window before a final
    /// callback: whatever depends on being first must not depend on it. A revert here is recorded, not repeated;
    /// the answer's hash stays readable at the oracle.
    /// @param requestId The request
    /// @param modelId The model that answered
    /// @param output Output bytes (protocol section 6): status, token counts, length, text. An error status is an answer
    /// @param provisional True when the claim may still be defeated
    function onAnswer(bytes32 requestId, bytes32 modelId, bytes calldata output, bool provisional) external;
}
