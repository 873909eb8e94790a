/**
 * Build time only: translates the guest's class files to RV64IM + Zfinx + Zhinxmin + Xopml machine
 * code.
 *
 * <p>The Java subset is enforced here; the static worst case of an operator is computed here
 * (INV-02).
 */
package opml.translate;
