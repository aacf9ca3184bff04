import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Body, Call, ControlPlane } from './control-plane.js';
import { Refusal } from './discovery.js';
import { runGcloud, type GcloudAnswer } from './gcloud.js';
import { TerraformStub } from './terraform-stub.js';

/** Addresses of a control plane that is being served. */
export interface ControlPlaneServer {
  /** Proxy for tools that speak to Google's hosts (`HTTPS_PROXY`). */
  readonly proxyUrl: string;
  /** Certificate that they must trust (`SSL_CERT_FILE`). */
  readonly certificate: string;
  /** Address of the stub commands. */
  readonly commandsUrl: string;
  readonly refusals: readonly string[];
  stop(): Promise<void>;
}

/** A throw-away authority and a certificate for Google's hosts, so that tools need no other address than their own. */
function makeCertificate(folder: string): void {
  const openssl = (...words: string[]): void => {
    execFileSync('openssl', words, { cwd: folder, stdio: 'ignore' });
  };
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:*.googleapis.com,DNS:googleapis.com');
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=rehearsal',
  );
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
    '-subj',
    '/CN=googleapis.com',
  );
  openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-out',
    'server.pem',
    '-days',
    '2',
    '-extfile',
    'names',
  );
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The two parts of a `multipart/related` upload: the object's name, and its content. */
function readUpload(bytes: Buffer, contentType: string): Body {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1] ?? '';
  const [, metadata = '', content = ''] = bytes.toString('latin1').split(`--${boundary}`);
  const bodyOf = (part: string): string => part.slice(part.indexOf('\r\n\r\n') + 4).replace(/\r\n$/, '');
  return { ...(JSON.parse(bodyOf(metadata)) as Body), content: Buffer.from(bodyOf(content), 'latin1') };
}

function readBody(bytes: Buffer, request: IncomingMessage): Body {
  const contentType = request.headers['content-type'] ?? '';
  if (contentType.startsWith('multipart/')) return readUpload(bytes, contentType);
  return bytes.length === 0 ? {} : (JSON.parse(bytes.toString()) as Body);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (Buffer.isBuffer(body)) {
    response
      .writeHead(status, { 'content-type': 'application/octet-stream', 'x-goog-generation': '1' })
      .end(body);
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
}

/** Serves a control plane to Terraform (through a proxy) and to the stub commands. Callers are named by their token. */
export async function serveControlPlane(plane: ControlPlane): Promise<ControlPlaneServer> {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  makeCertificate(folder);
  const refusals: string[] = [];
  const sockets = new Set<Socket>();
  const terraform = new TerraformStub(plane);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `https://${request.headers.host ?? ''}`);
    try {
      const call: Call = {
        host: url.hostname === 'www.googleapis.com' ? 'compute.googleapis.com' : url.hostname,
        httpMethod: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        body: readBody(await readAll(request), request),
        member: (request.headers.authorization ?? '').replace(/^Bearer /, ''),
      };
      send(response, 200, plane.answer(call));
    } catch (error) {
      const refusal =
        error instanceof Refusal ? error : new Refusal(500, 'INTERNAL', String((error as Error).stack));
      if (request.method !== 'GET' || refusal.code !== 404)
        refusals.push(`${refusal.code} ${request.method} ${url.hostname}${url.pathname}: ${refusal.message}`);
      const { code, status, message, details } = refusal;
      send(response, code, {
        error: {
          code,
          status,
          message,
          details,
          errors: [{ message, reason: details.length > 0 ? 'accessNotConfigured' : status }],
        },
      });
    }
  }

  async function answerCommand(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [member = '', cwd = '', ...words] = (await readAll(request))
      .toString()
      .split('\u001f')
      .slice(0, -1);
    let result: GcloudAnswer;
    try {
      const [tool = '', ...rest] = words;
      const output =
        tool === 'terraform' ? terraform.run(rest, member, cwd) : runGcloud(plane, words, member);
      result = { output, status: 0 };
    } catch (error) {
      refusals.push(`${words.join(' ')}: ${(error as Error).message}`);
      result = { output: `ERROR: ${(error as Error).message}\n`, status: 1 };
    }
    response.writeHead(200).end(`${String(result.status)}\n${result.output}`);
  }

  const secure = createSecureServer(
    { key: readFileSync(join(folder, 'server.key')), cert: readFileSync(join(folder, 'server.pem')) },
    (request, response) => void answer(request, response),
  );
  const proxy = createServer((request, response) => void answerCommand(request, response));
  proxy.on('connect', (_request: IncomingMessage, socket: Socket) => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    sockets.add(socket);
    secure.emit('connection', socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
  return {
    proxyUrl: url,
    commandsUrl: url,
    certificate: join(folder, 'ca.pem'),
    refusals,
    stop: async () => {
      // Tunnels are no connections of the proxy any more; a tool that was killed leaves them open.
      for (const socket of sockets) socket.destroy();
      proxy.closeAllConnections();
      secure.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
