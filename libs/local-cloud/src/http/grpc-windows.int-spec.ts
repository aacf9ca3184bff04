import { once } from 'node:events';
import { connect } from 'node:http2';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalCloud, startLocalCloud } from '../local-cloud.js';

const MIB = 1_048_576;

describe('flow control of the gRPC servers', () => {
  let cloud: LocalCloud;

  beforeAll(async () => {
    cloud = await startLocalCloud({
      ports: { pubsub: 0, bigquery: 0, bigqueryStorage: 0, storage: 0, eventarc: 0 },
    });
  });
  afterAll(async () => {
    await cloud.stop();
  });

  it.each(['pubsub', 'bigqueryStorage'] as const)('lets clients of %s send far ahead', async (service) => {
    const session = connect(`http://127.0.0.1:${cloud.ports[service]}`);
    const [settings] = (await once(session, 'remoteSettings')) as [{ initialWindowSize: number }];
    // The answer to a ping comes behind the widening of the connection.
    await promisify((done: (error: Error | null) => void) => session.ping(done))();

    expect(settings.initialWindowSize).toBe(4 * MIB);
    expect(session.state.remoteWindowSize).toBe(16 * MIB);
    session.destroy();
  });
});
