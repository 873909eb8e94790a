/**
 * What the page's worker calls, compiled to WebAssembly GC by TeaVM: numbers in, numbers out, bytes
 * through linear memory, so that the loader needs no {@code eval} and the page keeps a strict
 * content security policy. docs/protocol.md, sections 1 to 7.
 */
package opml.browser;
