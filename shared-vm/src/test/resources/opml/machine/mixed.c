/* What CompiledProgramTest computes in Java as well: sorting, a sieve, a CRC, divisions, 64-bit mixing. */
typedef unsigned int u32;
typedef unsigned long u64;
typedef long i64;

static int items[1000];
static unsigned char composite[4096];
char stack[65536] __attribute__((aligned(16)));

static u32 random(u32 *s) { return *s = *s * 1664525u + 1013904223u; }

static u64 mix(u64 h, u64 v) { return (h ^ v) * 0x9e3779b97f4a7c15ul; }

u64 program(void) {
  u32 seed = 7;
  u64 h = 1;
  for (int i = 0; i < 1000; i++) items[i] = (int) random(&seed);
  for (int gap = 500; gap > 0; gap /= 2)
    for (int i = gap; i < 1000; i++) {
      int t = items[i], j = i;
      for (; j >= gap && items[j - gap] > t; j -= gap) items[j] = items[j - gap];
      items[j] = t;
    }
  for (int i = 0; i < 1000; i += 37) h = mix(h, (u64) (i64) items[i]);
  for (int i = 2; i < 4096; i++) {
    if (!composite[i]) {
      h = mix(h, i);
      for (int j = 2 * i; j < 4096; j += i) composite[j] = 1;
    }
  }
  u32 crc = ~0u;
  for (int i = 0; i < 5000; i++) {
    crc ^= random(&seed) >> 24;
    for (int k = 0; k < 8; k++) crc = crc >> 1 ^ (-(crc & 1) & 0xedb88320u);
  }
  h = mix(h, crc);
  for (int i = 1; i < 3000; i++) {
    i64 a = (i64) mix(i, h);
    i64 b = (i64) (int) random(&seed);
    h = mix(h, (u64) (a / b));
    h = mix(h, (u64) (a % (b >> 7 | 1)));
    h = mix(h, (u64) a / (u64) i);
    h = mix(h, (u32) a % (u32) i);
    h = mix(h, (u64) ((__int128) a * b >> 64));
  }
  return h;
}

__asm__(".globl _start\n_start:\n\tla sp, stack + 65536\n\tcall program\n\tli a7, 1\n\tecall");
