/**
 * The chain behind small interfaces: node, contracts, transactions, events. The only package that
 * knows web3j; no web3j type leaves it.
 */
package opml.chain;
