/**
 * Starts and stops what the server needs on one machine: database, chain, contracts. Plain Java: it
 * runs before the server does.
 */
package opml.launch;
