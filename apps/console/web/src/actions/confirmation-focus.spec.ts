import { describe, expect, it } from '@jest/globals';
import { isFocusFree } from './confirmation-focus';

const element = (localName: string): Element => ({ localName }) as Element;
const places = { page: element('body'), dialog: element('dialog'), title: element('h2') };

describe('isFocusFree', () => {
  it.each([
    ['on nothing', null],
    ['on the page', places.page],
    ['on the dialog', places.dialog],
    ['on the title', places.title],
  ])('is true while the focus is %s', (_place, focused) => {
    expect(isFocusFree(focused, places)).toBe(true);
  });

  it.each(['textarea', 'input', 'select', 'button', 'a'])('is false on a control: %s', (name) => {
    expect(isFocusFree(element(name), places)).toBe(false);
  });

  it('is false on a control while the dialog has no elements yet', () => {
    expect(isFocusFree(element('input'), { page: null, dialog: null, title: null })).toBe(false);
  });
});
