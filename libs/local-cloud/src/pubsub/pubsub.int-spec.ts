import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { startPubsubEmulator } from './index.js';
import { pubsubContract } from './pubsub.contract.js';
import { findGoogleEmulator, startGoogleEmulator } from './contract/google-emulator.js';
import { openSession, type PubsubSession } from './contract/pubsub-session.builder.js';

interface Started {
  readonly port: number;
  stop(): Promise<void>;
}

const jar = findGoogleEmulator();

const EMULATORS = [
  {
    name: 'this emulator',
    isGoogle: false,
    start: (): Promise<Started> => startPubsubEmulator({ host: '127.0.0.1', port: 0, log: () => undefined }),
  },
  ...(jar === undefined
    ? []
    : [
        {
          name: "Google's emulator",
          isGoogle: true,
          start: (): Promise<Started> => startGoogleEmulator(jar),
        },
      ]),
];

if (jar === undefined) {
  describe.skip("Pub/Sub contract on Google's emulator (not installed here)", () => {
    it('is skipped', () => undefined);
  });
}

describe.each(EMULATORS)('Pub/Sub contract on $name', ({ isGoogle, start }) => {
  let emulator: Started;
  let session: PubsubSession;

  beforeAll(async () => {
    emulator = await start();
    session = openSession(emulator.port);
  });

  afterAll(async () => {
    await session.close();
    await emulator.stop();
  });

  describe.each(pubsubContract())('%s', (_, cases) => {
    for (const { name, googleDiffers, run } of cases) {
      if (isGoogle && googleDiffers !== undefined) {
        it.failing(`${name} (known: Google's ${googleDiffers})`, () => run(session));
      } else {
        it(name, () => run(session));
      }
    }
  });
});
