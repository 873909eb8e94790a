/**
 * What every resource shares on the wire: problem details (RFC 9457), security headers, request
 * ids, hex and cursor forms. It knows no domain.
 */
package opml.http;
