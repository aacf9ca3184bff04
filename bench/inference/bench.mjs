import { measureExactPath, measureFit } from './fit-measures.mjs';
import { measureHeap } from './heap-measures.mjs';
import { measureHostile } from './hostile-measures.mjs';
import { measureInference } from './infer-measures.mjs';
import { measurePeak } from './peak-measures.mjs';

/** The schema engine against bare parsing, against other inferrers, against hostile events, and against its own heap. */
export default async function benchInference({ log }) {
  return [
    ...measureFit(log),
    ...measureExactPath(log),
    ...measureInference(log),
    ...measureHeap(log),
    ...measureHostile(log),
    ...measurePeak(log),
  ];
}
