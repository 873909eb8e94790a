import type { PromptRequest } from './api';
import { hexToBytes } from './format';

const ROLES = ['system', 'user', 'assistant'];
const HEADER = 32;
const OUTPUT_HEADER = 16;
const CHAT = 1;
const IMAGE = 2;

/** The input bytes that a request has to become, or an image's pixels: protocol section 6. */
export function committed(asked: PromptRequest | Uint8Array): Uint8Array {
  if (asked instanceof Uint8Array) return input(IMAGE, asked);
  const parts = asked.messages.map(({ role, content }) => {
    const text = new TextEncoder().encode(content);
    const part = new Uint8Array(5 + text.length);
    part[0] = ROLES.indexOf(role);
    new DataView(part.buffer).setUint32(1, text.length, true);
    part.set(text, 5);
    return part;
  });
  const out = input(CHAT, new Uint8Array(parts.flatMap((part) => [...part])));
  const header = new DataView(out.buffer);
  header.setUint32(4, asked.maxTokens, true);
  header.setFloat32(8, asked.temperature, true);
  header.setUint32(12, asked.topK ?? 0, true);
  header.setFloat32(16, asked.topP ?? 1, true);
  header.setBigUint64(24, BigInt(asked.seed ?? 0), true);
  return out;
}

function input(kind: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(HEADER + body.length);
  const header = new DataView(out.buffer);
  header.setUint32(0, kind, true);
  header.setUint32(20, body.length, true);
  out.set(body, HEADER);
  return out;
}

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

/** The image that a committed request asks about, a byte a pixel; undefined where it asks about text. */
export function image(input: string): Uint8Array | undefined {
  const bytes = hexToBytes(input);
  return bytes.length >= HEADER && new DataView(bytes.buffer).getUint32(0, true) === IMAGE ? bytes.slice(HEADER) : undefined;
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
  return `${shares[1]}, ${(Number(shares[2]!.trim().split(' ')[Number(shares[1])]) / 10).toFixed(1)} % sure`;
}
