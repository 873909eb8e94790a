/**
 * Starts and stops what the server needs on one machine: database, chain, contracts; and tells
 * other commands where a running server is.
 */
package opml.launch;
