/** The real parts that server tests run against, started once for all of them. */
package opml.world;
