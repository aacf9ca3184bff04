import { describe, expect, it } from '@jest/globals';
import { HOSTILE_SHAPES } from './hostile-shapes.js';
import { SIZES } from './publish-hostile.js';

/** Of one message with its attributes. Source: Pub/Sub quotas and limits, read 2026-11-22. */
const MAX_MESSAGE_BYTES = 10_000_000;

describe('HOSTILE_SHAPES', () => {
  it.each(Object.entries(HOSTILE_SHAPES))('are messages that Pub/Sub takes: %s', (_name, shape) => {
    const { data, attributes = {} } = shape(SIZES.largest, 300);
    const texts = Object.entries(attributes).flat();

    expect(texts.reduce((sum, text) => sum + text.length, data.byteLength)).toBeLessThan(MAX_MESSAGE_BYTES);
  });
});
