import { describe, expect, it } from '@jest/globals';
import { InFlight } from './in-flight.js';

describe('InFlight', () => {
  it('counts what arrived and not what was announced', () => {
    const inFlight = new InFlight(100);
    const announced = Array.from({ length: 4 }, () => inFlight.enter(90));

    expect(announced.map((held) => held?.add(1))).toEqual([true, true, true, true]);
    expect([inFlight.bytes, inFlight.requests]).toEqual([4, 4]);
    expect(inFlight.enter(90)?.add(90)).toBe(true);
    expect(inFlight.enter(10)).toBeNull();
  });

  it('releases a request whose piece does not fit, so that another can complete', () => {
    const inFlight = new InFlight(100);
    const [first, second, third] = [inFlight.enter(60), inFlight.enter(60), inFlight.enter(60)];

    expect([first?.add(40), second?.add(40), third?.add(40)]).toEqual([true, true, false]);
    expect([first?.add(40), second?.add(40), inFlight.bytes, inFlight.requests]).toEqual([
      false,
      true,
      80,
      1,
    ]);
    second?.leave();
    second?.leave();
    expect([first?.add(1), inFlight.bytes, inFlight.requests]).toEqual([false, 0, 0]);
  });

  it('admits a body larger than the limit if it is alone', () => {
    const inFlight = new InFlight(100);
    const large = inFlight.enter(150);

    expect([large?.add(150), inFlight.enter(1)]).toEqual([true, null]);
    large?.leave();
    expect(inFlight.bytes).toBe(0);
  });

  it.each([null, 'a'])('admits a body larger than its room that arrives in pieces (caller %s)', (caller) => {
    const inFlight = new InFlight(100);
    const large = inFlight.enter(150, caller);

    expect([large?.add(70), large?.add(80), inFlight.bytes]).toEqual([true, true, 150]);
  });

  it('refuses a piece beyond the room of its caller while another body of that caller is held', () => {
    const inFlight = new InFlight(100);
    const [first, second] = [inFlight.enter(30, 'a'), inFlight.enter(30, 'a')];

    expect([first?.add(10), second?.add(30), second?.add(20)]).toEqual([true, true, false]);
  });

  it('gives one account half of the room, and the rest to others', () => {
    const inFlight = new InFlight(100);
    const [first, second] = [inFlight.enter(30, 'a'), inFlight.enter(30, 'a')];

    expect([first?.add(30), second?.add(30), inFlight.bytes]).toEqual([true, false, 30]);
    expect(inFlight.enter(21, 'a')).toBeNull();
    expect(inFlight.enter(50, 'b')?.add(50)).toBe(true);
    expect(inFlight.enter(20, 'a')?.add(20)).toBe(true);
  });
});
