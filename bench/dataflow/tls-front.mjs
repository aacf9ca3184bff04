import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

const PASSWORD = 'benchmark';

/** The first byte of a TLS connection: a handshake record. Source: RFC 8446, section 5.1, read 2026-11-30. */
const HANDSHAKE = 22;

/**
 * One port for BigQuery's HTTP API and its Storage Write API: Beam takes one endpoint for both, and writes through TLS only.
 * TLS goes to `grpcPort`, plain text to `httpPort`.
 *
 * `jvmOptions` make a JVM trust the certificate, which is made for this front and removed with it.
 */
export async function startTlsFront({ httpPort, grpcPort }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-tls-'));
  const keys = join(folder, 'keys.p12');
  const trusted = join(folder, 'trusted.p12');
  const certificate = join(folder, 'certificate.pem');
  const keytool = (...args) =>
    execFileSync('keytool', [...args, '-storepass', PASSWORD, '-storetype', 'PKCS12', '-alias', 'front'], {
      stdio: 'pipe',
    });
  const names = ['-dname', 'CN=localhost', '-ext', 'SAN=dns:localhost,ip:127.0.0.1'];
  keytool('-genkeypair', '-keyalg', 'EC', '-validity', '1', ...names, '-keystore', keys);
  keytool('-exportcert', '-rfc', '-keystore', keys, '-file', certificate);
  keytool('-importcert', '-noprompt', '-keystore', trusted, '-file', certificate);

  const sockets = new Set();
  const pipeTo = (client, port) => {
    const backend = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [client, backend],
      [backend, client],
    ]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy()).on('close', () => sockets.delete(socket));
      socket.pipe(other);
    }
  };
  const options = { pfx: readFileSync(keys), passphrase: PASSWORD, ALPNProtocols: ['h2'] };
  const tls = createTlsServer(options, (client) => pipeTo(client, grpcPort));
  const server = createServer((client) => {
    client.once('error', () => client.destroy());
    client.once('readable', () => {
      const first = client.read();
      if (first === null) return;
      client.unshift(first);
      if (first[0] === HANDSHAKE) tls.emit('connection', client);
      else pipeTo(client, httpPort);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${server.address().port}`,
    jvmOptions: [
      `-Djavax.net.ssl.trustStore=${trusted}`,
      `-Djavax.net.ssl.trustStorePassword=${PASSWORD}`,
      '-Djavax.net.ssl.trustStoreType=PKCS12',
    ],
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}
