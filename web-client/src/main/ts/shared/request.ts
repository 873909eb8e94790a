import { hexToBytes } from './format';

const ROLES = ['system', 'user', 'assistant'];
const HEADER = 32;
const OUTPUT_HEADER = 16;
const IMAGE = 2;

/** What a committed request asks, in words: protocol section 6. Bytes that have not that form are told as such. */
export function asked(input: string): [string, string][] {
  const bytes = hexToBytes(input);
  const view = new DataView(bytes.buffer);
  const text = (from: number, length: number): string => new TextDecoder().decode(bytes.slice(from, from + length));
  if (bytes.length < HEADER) return [['malformed', '']];
  if (view.getUint32(0, true) === IMAGE) return [['image', `${bytes.length - HEADER} pixels`]];
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

/** The last question of a committed request, for headings. */
export function question(input: string): string {
  const [role, text] = asked(input).at(-1) ?? [];
  return role === 'image' ? `An image of ${text}` : text || 'no text';
}

/** The text of a committed answer. */
export function answered(output: string): string {
  return inWords(new TextDecoder().decode(hexToBytes(output).slice(OUTPUT_HEADER)));
}

/** What an answer says; the reader of digits answers with the digit and ten shares in thousandths. */
export function inWords(text: string): string {
  const shares = /^([0-9])((?: \d+){10})$/.exec(text);
  if (!shares) return text;
  return `${shares[1]}, for ${(Number(shares[2]!.trim().split(' ')[Number(shares[1])]) / 10).toFixed(1)} %`;
}
