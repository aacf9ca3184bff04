import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalCloud, startLocalCloud } from './local-cloud.js';

describe('GET / of a local cloud', () => {
  let cloud: LocalCloud;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'page-'));
    cloud = await startLocalCloud({
      ports: { pubsub: 0, bigquery: 0, bigqueryStorage: 0, storage: 0, eventarc: 0 },
      dataDirectory: join(directory, '<b>&"data"'),
    });
  });
  afterAll(async () => {
    await cloud.stop();
    rmSync(directory, { recursive: true });
  });

  it.each(['pubsub', 'bigquery', 'storage', 'eventarc'] as const)(
    'at %s lists every service',
    async (service) => {
      const response = await fetch(`${cloud.urls[service]}/`);
      const page = await response.text();

      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      for (const url of Object.values(cloud.urls)) expect(page).toContain(`<td>${url}</td>`);
      expect(page).toContain(`<td>127.0.0.1:${cloud.ports.bigqueryStorage}</td>`);
      expect(page).toContain(`<td>PUBSUB_EMULATOR_HOST=127.0.0.1:${cloud.ports.pubsub}</td>`);
    },
  );

  it('shows the switches as they are now, escaped', async () => {
    await fetch(`${cloud.urls.bigquery}/admin/metadata-lag`, {
      method: 'PUT',
      body: JSON.stringify({ milliseconds: 30_000 }),
    });
    await fetch(`${cloud.urls.bigquery}/admin/faults`, {
      method: 'POST',
      body: JSON.stringify({
        method: 'jobs.query',
        rate: 1,
        error: { code: 503, reason: 'backendError', message: '<script>alert(1)</script>' },
      }),
    });
    const page = await (await fetch(`${cloud.urls.storage}/`)).text();

    expect(page).toContain('<tr><td>metadataLagMs</td><td>30000</td></tr>');
    expect(page).toContain('<tr><td>metadataRateLimit</td><td>false</td></tr>');
    expect(page).toContain('&lt;b&gt;&amp;&quot;data&quot;</td>');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toMatch(/<(script|b)>/);
  });

  it('is refused to the page of another site', async () => {
    const response = await fetch(`${cloud.urls.pubsub}/`, { headers: { origin: 'https://evil.example' } });
    expect(response.status).toBe(403);
  });
});
