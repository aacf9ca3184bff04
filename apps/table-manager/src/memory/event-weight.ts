import { isGzip, type EventSource } from '@pipeline/schema-inference';
import { measurePacked } from './measure-packed.js';
import { countValues, type Size } from './size.js';

/** An event below this size is not weighed: a hundred of them at a time take a few tens of megabytes. */
const LIGHT_BYTES = 4 * 1024;
/** Text, parsed values and row, for each byte of an event. Measured: docs/MEMORY.md. */
const BYTES_PER_BYTE = 8;
/** Exact tree, overflow and row, for each value of an event. Measured: docs/MEMORY.md. */
const BYTES_PER_VALUE = 400;
/** An event of more values is rejected before anything is made of it. */
const MAX_VALUES = 250_000;

/** Returns true for an event that is certainly not weighed; compressed data may turn out to be light. */
export function isLight({ data, attributes }: EventSource): boolean {
  return data.byteLength < LIGHT_BYTES && !isGzip(attributes);
}

/**
 * Weighs an event: the most memory that handling it takes at one time, in bytes; 0 for a light one.
 *
 * Compressed data weighs what it unpacks to; a promise if that takes long to find out. Never rejects.
 */
export function weigh({ data, attributes }: EventSource): number | Promise<number> {
  if (!isGzip(attributes)) return data.byteLength < LIGHT_BYTES ? 0 : toMemory(sizeOf(data));
  const weighUnpacked = ({ bytes, values }: Size): number =>
    toMemory({ bytes: Math.max(bytes, data.byteLength), values });
  const size = measurePacked(data, LIGHT_BYTES);
  return size instanceof Promise ? size.then(weighUnpacked) : weighUnpacked(size);
}

function sizeOf(data: Uint8Array): Size {
  return { bytes: data.byteLength, values: countValues(data) + 1 };
}

function toMemory({ bytes, values }: Size): number {
  if (bytes < LIGHT_BYTES) return 0;
  return bytes * BYTES_PER_BYTE + Math.min(values, MAX_VALUES) * BYTES_PER_VALUE;
}
