import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { loadSettings } from '../settings/load-settings.js';
import { ServiceSettings } from '../settings/service.settings.js';
import { startService, type RunningService } from '../service/start-service.js';

const AUDIENCE = 'https://table-manager.example';
const ACCOUNT = 'push@p.iam.gserviceaccount.com';
const AUDITOR = 'audit@p.iam.gserviceaccount.com';

@Controller()
class Routes {
  @Get('guarded')
  read(): string {
    return 'in';
  }

  @Get('audit')
  audit(): string {
    return 'audited';
  }

  @Get('liveness')
  live(): string {
    return 'alive';
  }
}

@Module({ controllers: [Routes] })
class RootModule {}

const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

let keys: Server;
let keyRequests = 0;
let service: RunningService;

/** Serves the own public key as a JSON Web Key Set, as Google does. */
function startKeys(): Promise<Server> {
  const jwk = { ...own.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' };
  const server = createServer((_request, response) => {
    keyRequests++;
    response.setHeader('cache-control', 'public, max-age=600');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(server);
    });
  });
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token as Pub/Sub sends it, really signed; times are in seconds from now. */
function token(
  claims: Record<string, unknown> = {},
  { key = own.privateKey, kid = 'k1' }: { key?: KeyObject; kid?: string } = {},
): string {
  const nowS = Math.floor(Date.now() / 1000);
  const payload = {
    iss: 'https://accounts.google.com',
    aud: AUDIENCE,
    email: ACCOUNT,
    email_verified: true,
    iat: nowS,
    exp: nowS + 3600,
    ...claims,
  };
  const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(payload)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

async function call(authorization: string | null, path = '/guarded'): Promise<readonly unknown[]> {
  const headers = authorization === null ? {} : { authorization };
  const response = await fetch(`${service.url}${path}`, { headers });
  const text = await response.text();
  const body = text.startsWith('{') ? (JSON.parse(text) as { error: { code: string } }) : null;
  return [response.status, body?.error.code ?? text];
}

beforeAll(async () => {
  keys = await startKeys();
  const { port } = keys.address() as AddressInfo;
  service = await startService({
    name: 'example',
    module: RootModule,
    settings: loadSettings(ServiceSettings, { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent' }),
    callers: {
      audience: AUDIENCE,
      isAllowed: (email, { route }) => email === ACCOUNT || (email === AUDITOR && route === '/audit'),
      keysUrl: `http://127.0.0.1:${port}/oauth2/v3/certs`,
    },
  });
});

afterAll(async () => {
  await service.stop();
  keys.close();
});

describe('a service that asks for tokens', () => {
  const nowS = Math.floor(Date.now() / 1000);

  it('lets an allowed account in, and asks for keys once', async () => {
    expect(await call(`Bearer ${token()}`)).toEqual([200, 'in']);
    expect(await call(`bearer ${token({ sub: 'another token' })}`)).toEqual([200, 'in']);
    expect(keyRequests).toBe(1);
  });

  it.each<[string, number, string, () => string | null]>([
    ['no token', 401, 'TOKEN_MISSING', () => null],
    ['another scheme', 401, 'TOKEN_MISSING', () => 'Basic YTpi'],
    ['no JSON Web Token', 401, 'TOKEN_MALFORMED', () => 'Bearer abc'],
    ['a token without a signature', 401, 'TOKEN_MALFORMED', () => `Bearer ${encode({})}.${encode({})}`],
    [
      'a signature that Cloud Run removed',
      401,
      'TOKEN_SIGNATURE_REMOVED',
      () => `Bearer ${token().split('.').slice(0, 2).join('.')}.SIGNATURE_REMOVED_BY_GOOGLE`,
    ],
    [
      'the signature of another key',
      401,
      'TOKEN_SIGNATURE_INVALID',
      () => `Bearer ${token({}, { key: stranger.privateKey })}`,
    ],
    ['an unknown key', 401, 'TOKEN_SIGNATURE_INVALID', () => `Bearer ${token({}, { kid: 'k2' })}`],
    [
      'a token that expired ten minutes ago',
      401,
      'TOKEN_EXPIRED',
      () => `Bearer ${token({ exp: nowS - 600 })}`,
    ],
    [
      'a token of in ten minutes',
      401,
      'TOKEN_NOT_YET_VALID',
      () => `Bearer ${token({ iat: nowS + 600, exp: nowS + 700 })}`,
    ],
    [
      'a token that is not valid before ten minutes from now',
      401,
      'TOKEN_NOT_YET_VALID',
      () => `Bearer ${token({ nbf: nowS + 600 })}`,
    ],
    ['a token without an expiry', 401, 'TOKEN_MALFORMED', () => `Bearer ${token({ exp: undefined })}`],
    ['another issuer', 401, 'TOKEN_ISSUER_WRONG', () => `Bearer ${token({ iss: 'https://evil.example' })}`],
    ['another audience', 401, 'TOKEN_AUDIENCE_WRONG', () => `Bearer ${token({ aud: 'https://other' })}`],
    ['another account', 403, 'ACCOUNT_NOT_ALLOWED', () => `Bearer ${token({ email: 'x@y.z' })}`],
    [
      'an address that was not verified',
      403,
      'ACCOUNT_NOT_ALLOWED',
      () => `Bearer ${token({ email_verified: false })}`,
    ],
  ])('refuses %s with %s %s', async (_name, status, code, authorization) => {
    expect(await call(authorization())).toEqual([status, code]);
  });

  it('allows for clocks that differ by a few minutes', async () => {
    expect(await call(`Bearer ${token({ iat: nowS + 120 })}`)).toEqual([200, 'in']);
    expect(await call(`Bearer ${token({ exp: nowS - 120 })}`)).toEqual([200, 'in']);
  });

  it('lets an account in by route, the first time and from the cache', async () => {
    const auditor = `Bearer ${token({ email: AUDITOR })}`;

    expect(await call(auditor, '/audit')).toEqual([200, 'audited']);
    expect(await call(auditor, '/%61udit')).toEqual([200, 'audited']);
    expect(await call(auditor)).toEqual([403, 'ACCOUNT_NOT_ALLOWED']);
    expect(await call(auditor, '/nowhere')).toEqual([403, 'ACCOUNT_NOT_ALLOWED']);
  });

  it('answers health checks without a token', async () => {
    expect(await call(null, '/liveness')).toEqual([200, 'alive']);
  });
});

describe('a service behind Identity-Aware Proxy', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const PERSON = 'ada@example.com';
  const IAP_AUDIENCE = '/projects/1/locations/us-central1/services/console';
  let iapKeys: Server;
  let guarded: RunningService;

  /** A token as IAP sends it: ES256, an address without `email_verified`, ten minutes. */
  function assertion(claims: Record<string, unknown> = {}, alg = 'ES256'): string {
    const nowS = Math.floor(Date.now() / 1000);
    const payload = {
      iss: 'https://cloud.google.com/iap',
      aud: IAP_AUDIENCE,
      email: PERSON,
      iat: nowS,
      exp: nowS + 600,
      ...claims,
    };
    const signed = `${encode({ alg, typ: 'JWT', kid: 'iap' })}.${encode(payload)}`;
    const key = alg === 'ES256' ? ec.privateKey : own.privateKey;
    const signature = createSign('SHA256').update(signed).sign({ key, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  }

  beforeAll(async () => {
    const jwk = { ...ec.publicKey.export({ format: 'jwk' }), kid: 'iap', alg: 'ES256', use: 'sig' };
    iapKeys = createServer((_request, response) => {
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    await new Promise<void>((resolve) => {
      iapKeys.listen(0, '127.0.0.1', resolve);
    });
    const { port } = iapKeys.address() as AddressInfo;
    guarded = await startService({
      name: 'example',
      module: RootModule,
      settings: loadSettings(ServiceSettings, { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent' }),
      callers: {
        audience: IAP_AUDIENCE,
        issuer: 'iap',
        isAllowed: () => true,
        keysUrl: `http://127.0.0.1:${port}/keys`,
      },
    });
  });

  afterAll(async () => {
    await guarded.stop();
    iapKeys.close();
  });

  async function open(headers: Record<string, string>): Promise<readonly unknown[]> {
    const response = await fetch(`${guarded.url}/guarded`, { headers });
    const text = await response.text();
    const body = text.startsWith('{') ? (JSON.parse(text) as { error: { code: string } }) : null;
    return [response.status, body?.error.code ?? text];
  }

  it('lets a person in by the signed header', async () => {
    expect(await open({ 'x-goog-iap-jwt-assertion': assertion() })).toEqual([200, 'in']);
  });

  it.each<[string, number, string, () => Record<string, string>]>([
    ['no header', 401, 'TOKEN_MISSING', () => ({})],
    ['the token as a bearer', 401, 'TOKEN_MISSING', () => ({ authorization: `Bearer ${assertion()}` })],
    [
      'the unsigned header',
      401,
      'TOKEN_MISSING',
      () => ({ 'x-goog-authenticated-user-email': `accounts.google.com:${PERSON}` }),
    ],
    [
      'the audience of another service',
      401,
      'TOKEN_AUDIENCE_WRONG',
      () => ({ 'x-goog-iap-jwt-assertion': assertion({ aud: '/projects/1/global/backendServices/2' }) }),
    ],
    [
      'a token of accounts.google.com',
      401,
      'TOKEN_ISSUER_WRONG',
      () => ({ 'x-goog-iap-jwt-assertion': assertion({ iss: 'https://accounts.google.com' }) }),
    ],
    [
      'another algorithm',
      401,
      'TOKEN_MALFORMED',
      () => ({ 'x-goog-iap-jwt-assertion': assertion({}, 'RS256') }),
    ],
    [
      'a token without an address',
      403,
      'ACCOUNT_NOT_ALLOWED',
      () => ({ 'x-goog-iap-jwt-assertion': assertion({ email: undefined }) }),
    ],
  ])('refuses %s with %s %s', async (_name, status, code, headers) => {
    expect(await open(headers())).toEqual([status, code]);
  });
});
