import { describe, expect, it } from '@jest/globals';
import { refuseOrigin } from './request-origin.js';

describe('refuseOrigin', () => {
  it.each([
    { host: '127.0.0.1:8085' },
    { host: '127.0.0.2' },
    { host: 'localhost:9050' },
    { host: 'LOCALHOST' },
    { host: 'bucket.localhost:4443' },
    { host: '[::1]:4443' },
    { host: 'local-cloud:9050' },
    { host: 'localhost:9050', origin: 'http://localhost:3000' },
    { host: 'localhost:9050', origin: 'http://127.0.0.1:8082' },
    { host: 'localhost:9050', origin: 'http://[::1]:8082' },
    {},
  ])('serves %j', (headers) => {
    expect(refuseOrigin(headers, 'local-cloud')).toBeNull();
  });

  it.each([
    { host: 'evil.example' },
    { host: 'evil.example:9050' },
    { host: 'localhost.evil.example' },
    { host: '127.0.0.1.evil.example' },
    { host: '10.0.0.1:9050' },
    { host: '' },
    { host: '127.0.0.1', origin: 'https://evil.example' },
    { host: '127.0.0.1', origin: 'http://localhost.evil.example' },
    { host: '127.0.0.1', origin: 'null' },
    { host: '127.0.0.1', origin: '' },
  ])('refuses %j', (headers) => {
    expect(refuseOrigin(headers, 'local-cloud')).toEqual(expect.stringMatching(/is not allowed/));
  });
});
