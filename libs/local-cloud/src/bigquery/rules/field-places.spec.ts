import { describe, expect, it } from '@jest/globals';
import { field } from '../testing/fields.builder.js';
import { fieldNamed, placeOfField } from './field-places.js';

const FIELDS = [field('Id', 'INTEGER'), field('name', 'STRING'), field('NAME', 'STRING')];

describe('fields by name', () => {
  it.each([
    ['id', 0],
    ['ID', 0],
    ['Name', 1],
    ['nam', -1],
  ])('%s is at %i', (name, place) => {
    expect(placeOfField(FIELDS, name)).toBe(place);
    expect(fieldNamed(FIELDS, name)).toBe(FIELDS[place]);
  });
});
