import type { Model } from '../shared/api';
import { hexToBytes } from '../shared/format';

const PART = 65536;

/** Bytes in front of all content, for calls. */
export const WORK = 4 * PART;

/** Bytes for translated code: its registers, page tables and copies of pages. */
export const ROOM = 2_400_000;

/** Addresses are signed on the module's side. */
export const LINEAR_LIMIT = 2 ** 31 - 2 ** 24;

export interface Places {
  code: number;
  weights: number;
  input: number;
  state: number;
  output: number;
  zeros: number;
  room: number;
  end: number;
}

/** Where the regions of a model lie in linear memory, one behind the other. */
export function place(m: Model, inputBytes: number): Places {
  const [, , , stateSize, outputSize] = hexToBytes(m.sizes) as unknown as number[];
  const next = (at: number, n: number): number => at + Math.ceil(n / 64) * 64 + 64;
  const code = WORK;
  const weights = next(code, Number(m.codeBytes));
  const input = next(weights, Number(m.weightsBytes));
  const state = next(input, inputBytes);
  const output = next(state, 32 * 2 ** stateSize!);
  const zeros = next(output, 32 * 2 ** outputSize!);
  const room = next(zeros, 64);
  return { code, weights, input, state, output, zeros, room, end: room + ROOM };
}

/** Whether a browser can hold the model and its state. */
export function fits(m: Model): boolean {
  return place(m, 32768).end < LINEAR_LIMIT;
}
