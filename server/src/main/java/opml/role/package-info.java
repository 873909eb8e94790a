/** Which parts of the server this process plays: one process plays all of them by default. */
package opml.role;
