/** Text forms of hashes, times and sizes; every full value stays reachable through a title or a copy button. */

export function shortHash(hex: string): string {
  return hex.length > 14 ? `${hex.slice(0, 8)}…${hex.slice(-4)}` : hex;
}

export function bytes(n: number): string {
  if (n < 1000) return `${n}\u00a0B`;
  if (n < 1e6) return `${(n / 1e3).toFixed(1)}\u00a0kB`;
  return n < 1e9 ? `${(n / 1e6).toFixed(1)}\u00a0MB` : `${(n / 1e9).toFixed(2)}\u00a0GB`;
}

/** A large number in words, such as 4.4 trillion. */
export function large(n: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', compactDisplay: 'long', maximumFractionDigits: 1 }).format(n);
}

export function age(iso: string, now = Date.now()): string {
  const s = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  if (s < 60) return `${s} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  return s < 86400 ? `${Math.floor(s / 3600)} h ago` : `${Math.floor(s / 86400)} d ago`;
}

/** As a clock shows it: 9:05, or 1:09:05. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const [hours, ...rest] = [Math.floor(s / 3600), Math.floor((s % 3600) / 60), s % 60];
  const parts = hours > 0 ? [hours, ...rest] : rest;
  return parts.map((p, i) => (i === 0 ? String(p) : String(p).padStart(2, '0'))).join(':');
}

/** How long something will take, no more exact than a guess is. */
export function remaining(seconds: number): string {
  if (seconds < 1) return 'almost done';
  if (seconds < 90) return `about ${Math.round(seconds)} s left`;
  return seconds < 5400 ? `about ${Math.round(seconds / 60)} min left` : `about ${Math.round(seconds / 3600).toLocaleString('en')} h left`;
}

/** Random hexadecimal digits, also where the page came over plain HTTP. */
export function randomHex(digits: number): string {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(digits / 2))).slice(2);
}

export function hexToBytes(hex: string): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(Math.max(0, (hex.length - 2) / 2));
  for (let i = 0; i < out.length; i++) out[i] = parseInt(hex.substr(2 + 2 * i, 2), 16);
  return out;
}

export function bytesToHex(b: Uint8Array): string {
  let s = '0x';
  for (const v of b) s += v.toString(16).padStart(2, '0');
  return s;
}
