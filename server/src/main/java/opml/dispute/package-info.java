/**
 * Playing disputes on the chain: traces by replay, planted faults, players, the demonstration.
 * Knows neither Quarkus nor web3j; all state is the chain's and the claim's bytes.
 */
package opml.dispute;
