import { describe, expect, it } from '@jest/globals';
import { problemOf } from './same-origin.guard.js';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8', host: 'console.example' };

describe('a request with an effect', () => {
  it.each([
    ['a program', {}],
    ['the page itself', { origin: 'https://console.example', 'sec-fetch-site': 'same-origin' }],
  ])('is accepted from %s', (_name, headers) => {
    expect(problemOf({ ...JSON_TYPE, ...headers })).toBeNull();
  });

  it.each([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a form that hides JSON in text', { 'content-type': 'text/plain' }],
    ['a request without a type', { 'content-type': '' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another service of the same site', { 'sec-fetch-site': 'same-site' }],
    ['an address that was typed', { 'sec-fetch-site': 'none' }],
    ['another origin', { origin: 'https://console.example.evil' }],
    ['another port', { origin: 'https://console.example:8443' }],
    ['a page without an origin', { origin: 'null' }],
  ])('is refused from %s', (_name, headers) => {
    expect(problemOf({ ...JSON_TYPE, ...headers })).not.toBeNull();
  });
});
