const MASK = (1n << 64n) - 1n;
const K0 = 0xc3a5c85c97cb3127n;
const K1 = 0xb492b66fbe98f273n;
const K2 = 0x9ae16a3b2f90404fn;

const cut = (x: bigint): bigint => x & MASK;
const rotate = (x: bigint, by: bigint): bigint => cut((x >> by) | (x << (64n - by)));
const mix = (x: bigint): bigint => x ^ (x >> 47n);

function hash16(u: bigint, v: bigint, factor: bigint): bigint {
  const a = mix(cut((u ^ v) * factor));
  const b = mix(cut((v ^ a) * factor));
  return cut(b * factor);
}

/** The 64-bit fingerprint of the open FarmHash library, which FARM_FINGERPRINT gives. */
export function fingerprint64(bytes: Uint8Array): bigint {
  const view = Buffer.from(bytes);
  const at = (offset: number): bigint => view.readBigUInt64LE(offset);
  const size = view.length;
  if (size <= 16) return upTo16(view, size, at);
  if (size <= 32) return upTo32(size, at);
  return size <= 64 ? upTo64(size, at) : longer(size, at);
}

type Fetch = (offset: number) => bigint;

function upTo16(view: Buffer, size: number, at: Fetch): bigint {
  const factor = cut(K2 + BigInt(size) * 2n);
  if (size >= 8) {
    const [a, b] = [cut(at(0) + K2), at(size - 8)];
    return hash16(cut(rotate(b, 37n) * factor + a), cut((rotate(a, 25n) + b) * factor), factor);
  }
  if (size >= 4)
    return hash16(
      BigInt(size) + (BigInt(view.readUInt32LE(0)) << 3n),
      BigInt(view.readUInt32LE(size - 4)),
      factor,
    );
  if (size === 0) return K2;
  const [a, b, c] = [view[0] ?? 0, view[size >> 1] ?? 0, view[size - 1] ?? 0];
  return cut(mix(cut(BigInt(a + (b << 8)) * K2) ^ cut(BigInt(size + (c << 2)) * K0)) * K2);
}

function upTo32(size: number, at: Fetch): bigint {
  const factor = cut(K2 + BigInt(size) * 2n);
  const [a, b] = [cut(at(0) * K1), at(8)];
  const [c, d] = [cut(at(size - 8) * factor), cut(at(size - 16) * K2)];
  return hash16(
    cut(rotate(cut(a + b), 43n) + rotate(c, 30n) + d),
    cut(a + rotate(cut(b + K2), 18n) + c),
    factor,
  );
}

function upTo64(size: number, at: Fetch): bigint {
  const factor = cut(K2 + BigInt(size) * 2n);
  const [a, b] = [cut(at(0) * K2), at(8)];
  const [c, d] = [cut(at(size - 8) * factor), cut(at(size - 16) * K2)];
  const y = cut(rotate(cut(a + b), 43n) + rotate(c, 30n) + d);
  const z = hash16(y, cut(a + rotate(cut(b + K2), 18n) + c), factor);
  const [e, f] = [cut(at(16) * factor), at(24)];
  const [g, h] = [cut((y + at(size - 32)) * factor), cut((z + at(size - 24)) * factor)];
  return hash16(
    cut(rotate(cut(e + f), 43n) + rotate(g, 30n) + h),
    cut(e + rotate(cut(f + a), 18n) + g),
    factor,
  );
}

type Pair = readonly [bigint, bigint];

function weak(at: Fetch, offset: number, first: bigint, second: bigint): Pair {
  let a = cut(first + at(offset));
  let b = rotate(cut(second + a + at(offset + 24)), 21n);
  const c = a;
  a = cut(a + at(offset + 8) + at(offset + 16));
  b = cut(b + rotate(a, 44n));
  return [cut(a + at(offset + 24)), cut(b + c)];
}

function longer(size: number, at: Fetch): bigint {
  let y = cut(81n * K1 + 113n);
  let z = cut(mix(cut(y * K2 + 113n)) * K2);
  let x = cut(81n * K2 + at(0));
  let v: Pair = [0n, 0n];
  let w: Pair = [0n, 0n];
  const end = Math.floor((size - 1) / 64) * 64;
  const round = (s: number, factor: bigint, nine: bigint): void => {
    x = cut(rotate(cut(x + y + v[0] + at(s + 8)), 37n) * factor);
    y = cut(rotate(cut(y + v[1] + at(s + 48)), 42n) * factor);
    x ^= cut(w[1] * nine);
    y = cut(y + v[0] * nine + at(s + 40));
    z = cut(rotate(cut(z + w[0]), 33n) * factor);
    v = weak(at, s, cut(v[1] * factor), cut(x + w[0]));
    w = weak(at, s + 32, cut(z + w[1]), cut(y + at(s + 16)));
    [z, x] = [x, z];
  };
  for (let s = 0; s < end; s += 64) round(s, K1, 1n);
  const factor = cut(K1 + ((z & 0xffn) << 1n));
  const first = cut(w[0] + BigInt((size - 1) & 63));
  v = [cut(v[0] + first), v[1]];
  w = [cut(first + v[0]), w[1]];
  round(size - 64, factor, 9n);
  return hash16(
    cut(hash16(v[0], w[0], factor) + mix(y) * K0 + z),
    cut(hash16(v[1], w[1], factor) + x),
    factor,
  );
}
