/** The page: its files come from the web-client jar; its addresses are all answered with one document. */
package opml.page;
