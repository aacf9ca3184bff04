import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Balancer } from './balancer.js';

describe('Balancer', () => {
  const received: string[] = [];
  let service: Server;
  let balancer: Balancer;

  beforeEach(async () => {
    received.length = 0;
    service = createServer((request, response) => {
      void text(request).then((body) => {
        received.push(body);
        response.writeHead(204).end();
        service.emit('received');
      });
    });
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    balancer = await Balancer.start([(service.address() as AddressInfo).port]);
  });

  afterEach(async () => {
    await balancer.stop();
    service.closeAllConnections();
    service.close();
  });

  const deliver = async (): Promise<number> =>
    (await fetch(balancer.url, { method: 'POST', body: 'an event' })).status;

  it('hands a delivery over, and the answer back', async () => {
    expect(await deliver()).toBe(204);
    expect(received).toEqual(['an event']);
  });

  it('loses the answer of a delivery that the service has taken', async () => {
    balancer.disturb('answer-lost', { times: 1, milliseconds: 0 });

    await expect(deliver()).rejects.toThrow();
    expect(received).toEqual(['an event']);
    expect(await deliver()).toBe(204);
    expect(balancer.disturbed['answer-lost']).toBe(1);
  });

  it('cuts a delivery off before the service has it', async () => {
    balancer.disturb('cut', { times: 1, milliseconds: 0 });

    await expect(deliver()).rejects.toThrow();
    expect(received).toEqual([]);
  });

  it('delivers a second time after the success, and is not quiet until then', async () => {
    balancer.disturb('again', { times: 1, milliseconds: 50 });
    const second = new Promise<void>((resolve) => {
      service.on('received', () => {
        if (received.length === 2) resolve();
      });
    });

    expect(await deliver()).toBe(204);
    expect(balancer.quietMs).toBe(0);
    await second;

    expect(received).toEqual(['an event', 'an event']);
  });

  it('disturbs nothing once it is healed', async () => {
    balancer.disturb('cut', { times: 100, milliseconds: 0 });
    balancer.heal();

    expect(await deliver()).toBe(204);
  });

  it('answers 502 where no replica does', async () => {
    service.closeAllConnections();
    service.close();

    expect(await deliver()).toBe(502);
  });
});
