import { hexToBytes } from './format';

const ROLES = ['system', 'user', 'assistant'];
const HEADER = 32;

/** What a committed request asks, in words: protocol section 6. Bytes that have not that form are told as such. */
export function asked(input: string): [string, string][] {
  const bytes = hexToBytes(input);
  const view = new DataView(bytes.buffer);
  const text = (from: number, length: number): string => new TextDecoder().decode(bytes.slice(from, from + length));
  if (bytes.length < HEADER) return [['malformed', '']];
  if (view.getUint32(0, true) === 0) return [['raw text', text(HEADER, bytes.length - HEADER)]];
  const out: [string, string][] = [];
  for (let at = HEADER; at < bytes.length; ) {
    const length = at + 5 <= bytes.length ? view.getUint32(at + 1, true) : Infinity;
    if (at + 5 + length > bytes.length) return [...out, ['malformed', '']];
    out.push([ROLES[bytes[at]!] ?? 'malformed', text(at + 5, length)]);
    at += 5 + length;
  }
  return out;
}
