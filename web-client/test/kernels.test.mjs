// The SIMD kernels against the plain form of protocol section 8, on ordinary, extreme and adversarial rows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../kernels.mjs';

const f = Math.fround;
const FORMATS = { q80: { nibbles: false }, q40: { nibbles: true }, q41: { nibbles: true, min: true }, q51: { nibbles: false, min: true } };
const [W, D, M, X, OUT] = [0, 40000, 44000, 48000, 60000];

let seed = 1;
const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;

function half(h) {
  const sign = h & 0x8000 ? -1 : 1;
  const e = (h >> 10) & 31;
  const m = h & 1023;
  if (e === 31) return m ? NaN : sign * Infinity;
  return sign * (e === 0 ? m * 2 ** -24 : (1024 + m) * 2 ** (e - 25));
}

/** One row, lane by lane as the guest does it. */
function plain(name, view, row, blocks, scales, sums) {
  const { nibbles, min } = FORMATS[name];
  const lanes = new Array(8).fill(0);
  for (let b = 0; b < blocks; b++) {
    const at = row * blocks + b;
    let sum = 0;
    for (let i = 0; i < 32; i++) {
      const byte = view.getUint8(W + at * 16 + (i & 15));
      const w = nibbles ? (i < 16 ? byte & 15 : byte >> 4) : view.getInt8(W + at * 32 + i);
      sum += w * view.getInt16(X + 64 * b + 2 * i, true);
    }
    const d = half(view.getUint16(D + 2 * at, true));
    const dx = view.getFloat32(scales + 4 * b, true);
    const s = view.getInt32(sums + 4 * b, true);
    let t = f(f(name === 'q40' ? sum - 8 * s : sum) * f(d * dx));
    if (min) t = f(t + f(half(view.getUint16(M + 2 * at, true)) * f(dx * f(s))));
    lanes[b % 8] = f(lanes[b % 8] + t);
  }
  const [a, b, c, d, e, g, h, i] = lanes;
  return f(f(f(a + e) + f(c + h)) + f(f(b + g) + f(d + i)));
}

const KINDS = {
  ordinary: { d: () => 0x2000 + Math.floor(random() * 0x1000), q: () => Math.floor((random() - 0.5) * 32766) },
  extreme: { d: () => [0x7bff, 0xfbff, 1, 0x8001, 0x3ff, 0, 0x8000][Math.floor(random() * 7)], q: () => (random() < 0.5 ? -16383 : 16383) },
  adversarial: { d: () => Math.floor(random() * 65536), q: () => Math.floor((random() - 0.5) * 65535) },
};

for (const name of Object.keys(FORMATS)) {
  for (const kind of Object.keys(KINDS)) {
    test(`${name}: ${kind} rows of every tail length have the plain kernel's bits`, async () => {
      const memory = new WebAssembly.Memory({ initial: 1 });
      const { instance } = await WebAssembly.instantiate(await kernels(), { env: { memory } });
      const view = new DataView(memory.buffer);
      for (let blocks = 1; blocks <= 19; blocks++) {
        const rows = 5;
        const padded = (blocks + 7) & -8;
        const scales = X + 64 * padded;
        const sums = X + 68 * padded;
        for (let i = 0; i < X; i++) view.setUint8(i, Math.floor(random() * 256)); // beyond the rows too
        for (let i = 0; i < 72 * padded; i++) view.setUint8(X + i, 0);
        for (let i = 0; i < rows * blocks; i++) {
          view.setUint16(D + 2 * i, KINDS[kind].d(), true);
          view.setUint16(M + 2 * i, KINDS[kind].d(), true);
        }
        for (let b = 0; b < blocks; b++) {
          let s = 0;
          for (let i = 0; i < 32; i++) {
            const q = KINDS[kind].q();
            view.setInt16(X + 64 * b + 2 * i, q, true);
            s += q;
          }
          view.setFloat32(scales + 4 * b, kind === 'extreme' ? 3e33 * random() : random() * 1e-3, true);
          view.setInt32(sums + 4 * b, s, true);
        }
        instance.exports[name](W, D, M, blocks, rows, X, scales, sums, OUT);
        for (let row = 0; row < rows; row++) {
          const wanted = plain(name, view, row, blocks, scales, sums);
          const got = view.getUint32(OUT + 4 * row, true);
          const bits = Number.isNaN(wanted) ? 0x7fc00000 : new Uint32Array(new Float32Array([wanted]).buffer)[0];
          assert.equal(got, bits, `${blocks} blocks, row ${row}: ${wanted}`);
        }
      }
    });
  }
}
