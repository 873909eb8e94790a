// A program that loads its registers from INPUT and goes on with random words, mostly legal: every instruction form, short jumps and
// branches, memory mostly at the addresses in x24 to x31, which seldom change.
const SIZES = [9, 8, 9, 9, 6, 7]; // CODE, INPUT, WEIGHTS, STATE, OUTPUT, SCRATCH
const BYTES = { 0: 16384, 1: 16384, 2: 8192, 3: 16384, 4: 2048, 5: 4096 }; // by region
const WORDS = 120;
const OPCODES = [0x13, 0x13, 0x1b, 0x33, 0x33, 0x3b, 0x53, 0x53, 0x03, 0x23, 0x0b, 0x63, 0x6f, 0x37, 0x17, 0x67];
const FLOAT = [0x00, 0x04, 0x08, 0x0c, 0x2c, 0x10, 0x14, 0x50, 0x60, 0x68, 0x70, 0x20, 0x22];
const EDGES = [
  0n, 1n, -1n, 31n, 63n, 64n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 1n << 63n, (1n << 63n) - 1n, 0x7f800000n, 0x7fc00000n, 0x7f800001n,
  0xff800000n, 0x3f800000n, 0x7c00n, 0x7e01n, 0x0001n, 0x03ffn, 0xfc00n, 0x80000001n,
];

const LEAD = 300; // instructions, enough for translated code to be entered

/** A straight run, and as its last step a jump by an offset out of CODE, below its base or behind its end. */
export class LeavingProgram {
  constructor(offset, branches) {
    this.sizes = SIZES;
    const at = offset < 0 ? 0 : BYTES[1] / 4 - LEAD - 1;
    const words = new Uint32Array(BYTES[1] / 4);
    words[0] = jal(4 * at);
    words.fill(0x00000013, at, at + LEAD); // addi x0, x0, 0
    words[at + LEAD] = branches ? beq(offset) : jal(offset);
    this.code = new Uint8Array(words.buffer);
    this.budgets = [LEAD + (at === 0 ? 1 : 2), 1];
  }

  content(region) {
    return { 1: this.code, 2: new Uint8Array(32), 3: new Uint8Array(32), 0: new Uint8Array(BYTES[0]), 4: new Uint8Array(BYTES[4]), 7: new Uint8Array(64) }[region];
  }
}

function jal(to) {
  return (((to >> 20) & 1) << 31) | (((to >> 1) & 1023) << 21) | (((to >> 11) & 1) << 20) | (((to >> 12) & 255) << 12) | 0x6f;
}

function beq(to) {
  return (((to >> 12) & 1) << 31) | (((to >> 5) & 63) << 25) | (((to >> 1) & 15) << 8) | (((to >> 11) & 1) << 7) | 0x63;
}

export class RandomProgram {
  constructor(seed) {
    this.seed = seed * 2654435761 + 1;
    this.sizes = SIZES;
    const words = [0x00200f93, 0x028f9f93]; // x31 = INPUT
    for (let i = 1; i < 32; i++) words.push(((8 * i) << 20) | (31 << 15) | (3 << 12) | (i << 7) | 0x03);
    for (let i = 0; i < WORDS; i++) words.push(this.word());
    words.push(0x00000073);
    this.code = new Uint8Array(new Uint32Array(words.map((w) => w >>> 0)).buffer);
    this.input = new Uint8Array(new BigInt64Array(Array.from({ length: 32 }, (_, i) => BigInt.asIntN(64, i < 24 ? this.value(this.below(5)) : this.address(i < 28)))).buffer);
    this.random = Uint8Array.from({ length: 16384 }, () => this.below(256));
    this.budgets = [256 + this.below(500), 256 + this.below(500), 256 + this.below(500)];
  }

  /** Bytes of a region; 7: the zeros beyond all content. */
  content(region) {
    return { 1: this.code, 2: this.input, 3: this.random, 0: this.random, 4: new Uint8Array(2048), 7: new Uint8Array(64) }[region];
  }

  next() {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  }

  below(n) {
    return this.next() % n;
  }

  value(kind) {
    switch (kind) {
      case 0:
        return EDGES[this.below(EDGES.length)];
      case 1:
        return (BigInt(this.next()) << 32n) | BigInt(this.next());
      case 2:
        return BigInt(((90 + this.below(75)) << 23) | (this.next() & 0x807fffff) | 0);
      default:
        return this.address(false);
    }
  }

  address(writable) {
    const region = writable ? [0, 4, 5][this.below(3)] : this.below(6);
    return (BigInt(region) << 40n) + BigInt(this.below(BYTES[region]) & -32);
  }

  word() {
    const w = this.anyWord();
    const opcode = w & 127;
    if (this.below(50) === 0) return w;
    const kept = opcode !== 0x23 && opcode !== 0x63 && ((w >>> 10) & 3) === 3 ? w & ~0x800 : w;
    if (![0x03, 0x23, 0x0b].includes(opcode)) return kept;
    // stores at x24 to x27, which are writable; whole multiples of 32 mostly
    const store = opcode === 0x23;
    const based = store ? (kept & ~0x64000) | (24 << 15) : kept | (24 << 15);
    return this.below(8) === 0 ? based : store ? based & ~0xf80 : based & ~0x1f00000;
  }

  anyWord() {
    const opcode = this.below(60) === 0 ? this.below(128) : OPCODES[this.below(OPCODES.length)];
    const w = (this.next() & ~127) | opcode;
    switch (opcode) {
      case 0x33:
      case 0x3b:
        return (w & 0x1ffffff) | ([0, 0, 1, 32][this.below(4)] << 25);
      case 0x13:
        return (w & 0x3000) === 0x1000 ? w & 0x43ffffff : w;
      case 0x1b: {
        const funct3 = [0, 1, 5][this.below(3)];
        const v = (w & ~0x7000) | (funct3 << 12);
        return funct3 === 0 ? v : v & (funct3 === 5 ? 0x41ffffff : 0x01ffffff);
      }
      case 0x53: {
        const f = (w & 0x1ff8fff) | (FLOAT[this.below(FLOAT.length)] << 25) | (this.below(3) << 12);
        return this.below(2) ? f : f & ~0x1c00000;
      }
      case 0x03:
        return w & 0x01ffffff & ((w & 0x7000) === 0x7000 ? ~0x1000 : -1);
      case 0x23:
        return w & 0x01ffbfff;
      case 0x0b: {
        const v = w & 0x000fbfff;
        return (v & 0x2000) === 0 ? v & ~0xf80 : v;
      }
      case 0x63: {
        const forward = 4 * (1 + this.below(11));
        const to = this.below(4) === 0 ? -forward : forward;
        return (w & ((w & 0x6000) === 0x2000 ? 0x01ffd07f : 0x01fff07f)) | (((to >> 12) & 1) << 31) | (((to >> 5) & 63) << 25) | (((to >> 1) & 15) << 8) | (((to >> 11) & 1) << 7);
      }
      case 0x6f:
        return ((4 * (1 + this.below(9))) << 20) | (w & 0xfff);
      case 0x67:
        return this.below(30) === 0 ? w & ~0x7000 : (w & 0xf80) | 0x13; // mostly: addi
      default:
        return w;
    }
  }
}
