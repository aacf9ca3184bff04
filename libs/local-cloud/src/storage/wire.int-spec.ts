import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StorageEmulator, startStorageEmulator } from './index.js';

const BLOCK = 256 * 1024;

/** Wire behaviour that the official Node client hides or does not use. */
describe('Cloud Storage on the wire', () => {
  let emulator: StorageEmulator;
  let root: string;

  const call = async (
    method: string,
    path: string,
    { body, headers }: { body?: string | Buffer; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; headers: Headers; text: string; json: Record<string, unknown> }> => {
    const response = await fetch(`${root}${path}`, {
      method,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      ...(headers === undefined ? {} : { headers }),
    });
    const text = await response.text();
    const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.status, headers: response.headers, text, json };
  };
  const put = (name: string, body: string): ReturnType<typeof call> =>
    call('POST', `/upload/storage/v1/b/wire/o?uploadType=media&name=${encodeURIComponent(name)}`, {
      body,
      headers: { 'content-type': 'text/plain' },
    });
  const reasonOf = (json: Record<string, unknown>): unknown =>
    (json['error'] as { errors: { reason: string }[] } | undefined)?.errors[0]?.reason;

  beforeAll(async () => {
    emulator = await startStorageEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    root = `http://127.0.0.1:${emulator.port}`;
    for (const [name, location] of [
      ['wire', 'US'],
      ['abroad', 'EU'],
    ]) {
      const body = JSON.stringify({ name, location });
      expect((await call('POST', '/storage/v1/b?project=p', { body })).status).toBe(200);
    }
  });

  afterAll(() => emulator.stop());

  describe('resumable uploads', () => {
    const start = async (name: string, body = '{}'): Promise<string> => {
      const { status, headers } = await call(
        'POST',
        `/upload/storage/v1/b/wire/o?uploadType=resumable&name=${name}`,
        { body, headers: { 'content-type': 'application/json', 'x-upload-content-type': 'text/x-up' } },
      );
      expect(status).toBe(200);
      return (headers.get('location') ?? '').slice(root.length);
    };
    const send = (session: string, range: string, body: Buffer = Buffer.alloc(0)): ReturnType<typeof call> =>
      call('PUT', session, { body, headers: { 'content-range': range } });

    it('keeps whole blocks, reports its progress, ignores what it has, and finishes', async () => {
      const bytes = Buffer.from(Array.from({ length: BLOCK + 100 }, (_, at) => at % 251));
      const session = await start('resumed');

      const fresh = await send(session, 'bytes */*');
      expect([fresh.status, fresh.headers.get('range')]).toEqual([308, null]);
      const first = await send(session, `bytes 0-${BLOCK + 9}/*`, bytes.subarray(0, BLOCK + 10));
      expect([first.status, first.headers.get('range')]).toEqual([308, `bytes=0-${BLOCK - 1}`]);
      const status = await send(session, `bytes */${bytes.length}`);
      expect([status.status, status.headers.get('range')]).toEqual([308, `bytes=0-${BLOCK - 1}`]);
      const gap = await send(
        session,
        `bytes ${BLOCK + 1}-${BLOCK + 9}/*`,
        bytes.subarray(BLOCK + 1, BLOCK + 10),
      );
      expect(gap.status).toBe(400);
      const last = await send(session, `bytes 0-${bytes.length - 1}/${bytes.length}`, bytes);
      expect(last.json).toMatchObject({
        name: 'resumed',
        size: String(bytes.length),
        contentType: 'text/x-up',
      });

      const again = await send(session, `bytes */${bytes.length}`);
      expect([again.status, again.json['generation']]).toEqual([200, last.json['generation']]);
      const content = await fetch(`${root}/storage/v1/b/wire/o/resumed?alt=media`);
      expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
    });

    it('answers 200 instead of 308 to clients that ask for it', async () => {
      const session = await start('no-308');
      const { status, headers } = await call('PUT', session, {
        headers: { 'content-range': 'bytes */*', 'x-guploader-no-308': 'yes' },
      });
      expect([status, headers.get('x-http-status-code-override')]).toEqual([200, '308']);
    });

    it('finishes an empty object by its status query', async () => {
      const { status, json } = await send(await start('empty'), 'bytes */0');
      expect([status, json['size']]).toEqual([200, '0']);
    });

    it('cancels with 499, after which the session is unknown', async () => {
      const session = await start('cancelled');
      expect((await call('DELETE', session)).status).toBe(499);
      expect((await send(session, 'bytes */*')).status).toBe(404);
    });

    it('refuses a wrong checksum given at the start', async () => {
      const session = await start('wrong', JSON.stringify({ md5Hash: 'AAAAAAAAAAAAAAAAAAAAAA==' }));
      const { status, json } = await send(session, 'bytes 0-2/3', Buffer.from('abc'));
      expect([status, reasonOf(json)]).toEqual([400, 'invalid']);
      expect((await call('GET', '/storage/v1/b/wire/o/wrong')).status).toBe(404);
    });

    it.each(['bytes 5-2/9', 'bytes 0-9/5', 'pages 1-2/3'])('refuses the content range %s', async (range) => {
      expect((await send(await start('ranges'), range, Buffer.from('abc'))).status).toBe(400);
    });
  });

  describe('reads', () => {
    beforeAll(() => put('read/me now.txt', '0123456789'));

    it.each([
      ['/storage/v1/b/wire/o/read%2Fme%20now.txt?alt=media'],
      ['/download/storage/v1/b/wire/o/read%2Fme%20now.txt?alt=media'],
      ['/b/wire/o/read%2Fme%20now.txt?alt=media'],
      ['/wire/read/me%20now.txt'],
      ['/wire/read%2Fme%20now.txt'],
    ])('serves content and hashes at %s', async (path) => {
      const { status, headers, text } = await call('GET', path);
      expect([status, text, headers.get('content-type')]).toEqual([200, '0123456789', 'text/plain']);
      expect(headers.get('x-goog-hash')).toBe('crc32c=KAwGng==,md5=eB5eJF1ptWaXm4bijSPyxw==');
    });

    it('serves ranges with 206 and refuses others with 416', async () => {
      const path = '/wire/read/me%20now.txt';
      const part = await call('GET', path, { headers: { range: 'bytes=-3' } });
      expect([part.status, part.text, part.headers.get('content-range')]).toEqual([
        206,
        '789',
        'bytes 7-9/10',
      ]);
      const beyond = await call('GET', path, { headers: { range: 'bytes=10-' } });
      expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10']);
      expect(beyond.text).toContain('<Code>InvalidRange</Code>');
    });

    it('answers HEAD without a body and 304 to a known generation', async () => {
      const head = await call('HEAD', '/wire/read/me%20now.txt');
      expect([head.status, head.headers.get('content-length'), head.text]).toEqual([200, '10', '']);
      const shown = await call('GET', '/storage/v1/b/wire/o/read%2Fme%20now.txt');
      const known = String(shown.json['generation']);
      const path = `/storage/v1/b/wire/o/read%2Fme%20now.txt?ifGenerationNotMatch=${known}`;
      expect((await call('GET', path)).status).toBe(304);
      const tag = { 'if-none-match': String(shown.json['etag']) };
      expect((await call('GET', '/storage/v1/b/wire/o/read%2Fme%20now.txt', { headers: tag })).status).toBe(
        304,
      );
    });

    it('names errors as the API in use does', async () => {
      const json = await call('GET', '/storage/v1/b/wire/o/absent');
      expect(json.json).toEqual({
        error: {
          code: 404,
          message: 'No such object: wire/absent',
          errors: [{ message: 'No such object: wire/absent', domain: 'global', reason: 'notFound' }],
        },
      });
      expect((await call('GET', '/wire/absent')).text).toContain('<Code>NoSuchKey</Code>');
      expect((await call('GET', '/nowhere/absent')).text).toContain('<Code>NoSuchBucket</Code>');
    });

    it('keeps of a response only the fields asked for', async () => {
      const { json } = await call('GET', '/storage/v1/b/wire/o?prefix=read&fields=kind,items(name,size)');
      expect(json).toEqual({ kind: 'storage#objects', items: [{ name: 'read/me now.txt', size: '10' }] });
    });
  });

  describe('rewrites', () => {
    it('needs several calls across locations when the client limits them, and one otherwise', async () => {
      await put('moved', 'x'.repeat(3 * 1024 * 1024));
      const to = (bucket: string, query = ''): string =>
        `/storage/v1/b/wire/o/moved/rewriteTo/b/${bucket}/o/copy?maxBytesRewrittenPerCall=1048576${query}`;

      const local = await call('POST', to('wire'));
      expect(local.json).toMatchObject({ done: true });
      const first = await call('POST', to('abroad'));
      expect(first.json).toMatchObject({
        done: false,
        totalBytesRewritten: '1048576',
        objectSize: '3145728',
      });
      const token = (reply: typeof first): string => `&rewriteToken=${String(reply.json['rewriteToken'])}`;
      const second = await call('POST', to('abroad', token(first)));
      const third = await call('POST', to('abroad', token(second)));
      expect(third.json).toMatchObject({ done: true, resource: { bucket: 'abroad', size: '3145728' } });
      expect((await call('POST', to('abroad', '&rewriteToken=bm90IG91cnM'))).status).toBe(400);
    });
  });

  describe('requests as other clients write them', () => {
    it('takes multipart bodies with LF lines', async () => {
      const body =
        '--b\nContent-Type: application/json\n\n{"name":"lf"}\n--b\nContent-Type: a/b\n\none\r\ntwo\n--b--\n';
      const headers = { 'content-type': "multipart/related; boundary='b'" };
      const { json } = await call('POST', '/upload/storage/v1/b/wire/o?uploadType=multipart', {
        body,
        headers,
      });
      expect(json).toMatchObject({ name: 'lf', contentType: 'a/b' });
      expect((await call('GET', '/wire/lf')).text).toBe('one\r\ntwo');
    });

    it('takes compressed JSON and PATCH in a POST, as the Java client sends them', async () => {
      await put('java', 'x');
      const { json } = await call('POST', '/storage/v1/b/wire/o/java', {
        body: gzipSync(JSON.stringify({ metadata: { k: 'v' } })),
        headers: { 'content-encoding': 'gzip', 'x-http-method-override': 'PATCH' },
      });
      expect(json).toMatchObject({ metadata: { k: 'v' }, metageneration: '2' });
    });

    it('answers each call of a batch', async () => {
      await put('batch/1', 'x');
      const lines = [
        '--batch_x',
        'Content-Type: application/http',
        'Content-ID: <id+1>',
        '',
        'DELETE /storage/v1/b/wire/o/batch%2F1 HTTP/1.1',
        '',
        '',
        '--batch_x',
        'Content-Type: application/http',
        'Content-ID: <id+2>',
        '',
        `GET ${root}/storage/v1/b/wire/o/batch%2F1 HTTP/1.1`,
        'accept: application/json',
        '',
        '',
        '--batch_x--',
        '',
      ];
      const { status, headers, text } = await call('POST', '/batch/storage/v1', {
        body: lines.join('\r\n'),
        headers: { 'content-type': 'multipart/mixed; boundary="batch_x"' },
      });
      expect(status).toBe(200);
      expect(headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=batch_/);
      expect(text).toMatch(/Content-ID: <response-id\+1>\r\n\r\nHTTP\/1.1 204 /);
      expect(text).toMatch(/Content-ID: <response-id\+2>\r\n\r\nHTTP\/1.1 404 /);
      expect(text).toContain('No such object: wire/batch/1');
    });

    it.each([
      ['no project', 'POST', '/storage/v1/b', '{"name":"abc"}', 400, 'required'],
      ['no JSON', 'POST', '/storage/v1/b?project=p', '{', 400, 'parseError'],
      ['a wrong number', 'GET', '/storage/v1/b/wire/o/x?ifGenerationMatch=many', undefined, 400, 'invalid'],
      ['an unknown path', 'GET', '/storage/v1/c', undefined, 404, 'notFound'],
      ['an unknown method', 'DELETE', '/storage/v1/b', undefined, 405, 'methodNotAllowed'],
      ['a glob', 'GET', '/storage/v1/b/wire/o?matchGlob=*', undefined, 501, 'notImplemented'],
      [
        'a retention policy',
        'PATCH',
        '/storage/v1/b/wire',
        '{"retentionPolicy":{"retentionPeriod":"9"}}',
        501,
        'notImplemented',
      ],
      ['a managed folder', 'POST', '/storage/v1/b/wire/managedFolders', '{}', 501, 'notImplemented'],
      ['an upload of no kind', 'POST', '/upload/storage/v1/b/wire/o?name=x', 'x', 400, 'invalid'],
      [
        'an upload without a name',
        'POST',
        '/upload/storage/v1/b/wire/o?uploadType=media',
        'x',
        400,
        'required',
      ],
      ['a broken path', 'GET', '/storage/v1/b/wire/o/%zz', undefined, 400, 'invalid'],
    ])('refuses %s', async (_name, method, path, body, status, reason) => {
      const reply = await call(method, path, body === undefined ? {} : { body });
      expect([reply.status, reasonOf(reply.json)]).toEqual([status, reason]);
    });
  });

  it('stores the objects of its own port, or says why not', async () => {
    const object = { name: 'port/1.json', contentType: 'application/json', bytes: Buffer.from('{}') };
    expect(await emulator.objects.writeObject({ ...object, bucket: 'wire' })).toEqual({ kind: 'written' });
    expect((await call('GET', '/wire/port/1.json')).text).toBe('{}');
    expect(await emulator.objects.writeObject({ ...object, bucket: 'absent' })).toEqual({
      kind: 'failed',
      reason: 'The specified bucket does not exist.',
    });
  });
});
