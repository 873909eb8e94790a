// Matrix rows (protocol section 8) as WebAssembly SIMD, the same bits as opml.guest.MatrixQ*: sums of products are exact in i32, and each
// f32 operation below is one of the plain kernel's. Four blocks make one vector of lanes: blocks b, b + 1, b + 2, b + 3 add to lanes
// b mod 8 and so on. Blocks beyond a row's end add +0, which changes no lane: a lane that began at +0 is never -0.
import wabtFactory from 'wabt';

const KERNELS = [
  { name: 'q80', nibbles: false, form: 'plain' },
  { name: 'q40', nibbles: true, form: 'minus8' },
  { name: 'q41', nibbles: true, form: 'minimum' },
  { name: 'q51', nibbles: false, form: 'minimum' },
];

// i32x4 whose sum is the block's sum of weight * activation
const bytes = (b) => `
  (i32x4.add
    (i32x4.add
      (i32x4.dot_i16x8_s (v128.load offset=${64 * b} (local.get $q)) (v128.load8x8_s offset=${32 * b} (local.get $v)))
      (i32x4.dot_i16x8_s (v128.load offset=${64 * b + 16} (local.get $q)) (v128.load8x8_s offset=${32 * b + 8} (local.get $v))))
    (i32x4.add
      (i32x4.dot_i16x8_s (v128.load offset=${64 * b + 32} (local.get $q)) (v128.load8x8_s offset=${32 * b + 16} (local.get $v)))
      (i32x4.dot_i16x8_s (v128.load offset=${64 * b + 48} (local.get $q)) (v128.load8x8_s offset=${32 * b + 24} (local.get $v)))))`;

const LOW = '(v128.const i8x16 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15)';
const half = (b, at, part, nibble) =>
  `(i32x4.dot_i16x8_s (v128.load offset=${64 * b + at} (local.get $q)) (i16x8.extend_${part}_i8x16_u ${nibble}))`;
const nibbles = (b) => `
  (i32x4.add
    (i32x4.add
      ${half(b, 0, 'low', `(v128.and (local.tee $n (v128.load offset=${16 * b} (local.get $v))) ${LOW})`)}
      ${half(b, 16, 'high', `(v128.and (local.get $n) ${LOW})`)})
    (i32x4.add
      ${half(b, 32, 'low', '(i8x16.shr_u (local.get $n) (i32.const 4))')}
      ${half(b, 48, 'high', '(i8x16.shr_u (local.get $n) (i32.const 4))')}))`;

const words = (...w) => w.flatMap((i) => [4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3]).join(' ');

// four f16 at an address as f32, exactly: subnormal ones too, infinity and NaN stay what they are
const f16 = (address) => `(call $half (v128.load16x4_u ${address}))`;
const HALF = `
(func $half (param $h v128) (result v128)
  (v128.or
    (v128.or
      (f32x4.mul
        (i32x4.shl (v128.and (local.get $h) (v128.const i32x4 0x7fff 0x7fff 0x7fff 0x7fff)) (i32.const 13))
        (v128.const f32x4 0x1p112 0x1p112 0x1p112 0x1p112))
      (i32x4.shl (v128.and (local.get $h) (v128.const i32x4 0x8000 0x8000 0x8000 0x8000)) (i32.const 16)))
    (v128.and
      (i32x4.ge_u (v128.and (local.get $h) (v128.const i32x4 0x7fff 0x7fff 0x7fff 0x7fff)) (v128.const i32x4 0x7c00 0x7c00 0x7c00 0x7c00))
      (v128.const i32x4 0x7f800000 0x7f800000 0x7f800000 0x7f800000))))`;

const TERMS = {
  plain: '(f32x4.mul (f32x4.convert_i32x4_s (local.get $i)) (f32x4.mul DX D))',
  minus8: '(f32x4.mul (f32x4.convert_i32x4_s (i32x4.sub (local.get $i) (i32x4.shl SUM (i32.const 3)))) (f32x4.mul DX D))',
  minimum: `(f32x4.add (f32x4.mul (f32x4.convert_i32x4_s (local.get $i)) (f32x4.mul DX D))
    (f32x4.mul M (f32x4.mul DX (f32x4.convert_i32x4_s SUM))))`,
};

/** Four blocks of one row onto four lanes. */
function four({ nibbles: packed, form }, accumulator, k) {
  const block = packed ? nibbles : bytes;
  const term = TERMS[form]
    .replaceAll('DX', `(v128.load offset=${16 * k} (local.get $s))`)
    .replaceAll('SUM', `(v128.load offset=${16 * k} (local.get $u))`)
    .replaceAll('D)', `${f16(`offset=${8 * k} (local.get $e)`)})`)
    .replaceAll('(f32x4.mul M ', `(f32x4.mul ${f16(`offset=${8 * k} (local.get $m)`)} `);
  return `
    (local.set $a ${block(4 * k)}) (local.set $b ${block(4 * k + 1)}) (local.set $c ${block(4 * k + 2)}) (local.set $g ${block(4 * k + 3)})
    (local.set $a (i32x4.add (i8x16.shuffle ${words(0, 1, 4, 5)} (local.get $a) (local.get $b)) (i8x16.shuffle ${words(2, 3, 6, 7)} (local.get $a) (local.get $b))))
    (local.set $c (i32x4.add (i8x16.shuffle ${words(0, 1, 4, 5)} (local.get $c) (local.get $g)) (i8x16.shuffle ${words(2, 3, 6, 7)} (local.get $c) (local.get $g))))
    (local.set $i (i32x4.add (i8x16.shuffle ${words(0, 2, 4, 6)} (local.get $a) (local.get $c)) (i8x16.shuffle ${words(1, 3, 5, 7)} (local.get $a) (local.get $c))))
    (local.set ${accumulator} (f32x4.add (local.get ${accumulator})
      (v128.and ${term} (i32x4.gt_s (i32x4.splat (local.get $left)) (v128.const i32x4 ${[0, 1, 2, 3].map((i) => 4 * k + i).join(' ')})))))`;
}

/** rows(w, d, min, blocks, rows, x, scales, sums, out): addresses in linear memory, as the plain kernel's. */
function kernel(form) {
  const blockBytes = form.nibbles ? 16 : 32;
  return `
(func (export "${form.name}") (param $w i32) (param $d i32) (param $min i32) (param $blocks i32) (param $rows i32)
    (param $x i32) (param $scales i32) (param $sums i32) (param $out i32)
  (local $v i32) (local $e i32) (local $m i32) (local $q i32) (local $s i32) (local $u i32) (local $left i32)
  (local $a v128) (local $b v128) (local $c v128) (local $g v128) (local $i v128) (local $n v128) (local $low v128) (local $high v128)
  (local $r f32)
  (loop $row
    (local.set $v (local.get $w)) (local.set $e (local.get $d)) (local.set $m (local.get $min))
    (local.set $q (local.get $x)) (local.set $s (local.get $scales)) (local.set $u (local.get $sums))
    (local.set $left (local.get $blocks))
    (local.set $low (v128.const i32x4 0 0 0 0)) (local.set $high (v128.const i32x4 0 0 0 0))
    (loop $group
      ${four(form, '$low', 0)}
      (if (i32.gt_s (local.get $left) (i32.const 4)) (then ${four(form, '$high', 1)}))
      (local.set $v (i32.add (local.get $v) (i32.const ${8 * blockBytes})))
      (local.set $e (i32.add (local.get $e) (i32.const 16))) (local.set $m (i32.add (local.get $m) (i32.const 16)))
      (local.set $q (i32.add (local.get $q) (i32.const 512)))
      (local.set $s (i32.add (local.get $s) (i32.const 32))) (local.set $u (i32.add (local.get $u) (i32.const 32)))
      (br_if $group (i32.gt_s (local.tee $left (i32.sub (local.get $left) (i32.const 8))) (i32.const 0))))
    (local.set $low (f32x4.add (local.get $low) (local.get $high)))
    (local.set $r (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $low)) (f32x4.extract_lane 2 (local.get $low)))
      (f32.add (f32x4.extract_lane 1 (local.get $low)) (f32x4.extract_lane 3 (local.get $low)))))
    (i32.store (local.get $out)
      (select (i32.const 0x7fc00000) (i32.reinterpret_f32 (local.get $r)) (f32.ne (local.get $r) (local.get $r))))
    (local.set $out (i32.add (local.get $out) (i32.const 4)))
    (local.set $w (i32.add (local.get $w) (i32.mul (local.get $blocks) (i32.const ${blockBytes}))))
    (local.set $d (i32.add (local.get $d) (i32.shl (local.get $blocks) (i32.const 1))))
    (local.set $min (i32.add (local.get $min) (i32.shl (local.get $blocks) (i32.const 1))))
    (br_if $row (local.tee $rows (i32.sub (local.get $rows) (i32.const 1))))))`;
}

/** The kernels' module: it imports the memory in which everything lies. */
export async function kernels() {
  const wabt = await wabtFactory();
  const text = `(module (import "env" "memory" (memory 1)) ${HALF} ${KERNELS.map(kernel).join('')})`;
  const module = wabt.parseWat('kernels.wat', text, { simd: true });
  module.validate();
  return module.toBinary({}).buffer;
}
