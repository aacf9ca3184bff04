import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AppendFailure, AppendReply } from './append-channel.port.js';
import { AppendConnections, type AppendConnectionsOptions } from './append-connections.js';
import { compileRowEncoder, type RowEncoder } from './row-encoder.js';
import { ScriptedChannel } from './scripted-channel.fake.js';

const NOT_FOUND: AppendFailure = { status: 5, message: 'not found', storageError: null };
const AWAY: AppendFailure = { status: 14, message: 'away', storageError: null };
const ROWS = [new Uint8Array(1)];

function encoderOf(...names: readonly string[]): RowEncoder {
  return compileRowEncoder(names.map((name) => ({ name, type: 'STRING', mode: 'NULLABLE' })));
}
const encoder = encoderOf('a');

let channel: ScriptedChannel;

function connect(options: Partial<AppendConnectionsOptions> = {}): AppendConnections {
  return new AppendConnections({ channel, timeoutMs: 1_000, idleMs: 60_000, ...options });
}

/** The part of a reply that the specs compare. */
function described(reply: AppendReply): string {
  return reply.kind === 'failed' ? reply.failure.message : reply.kind;
}

/** Lets what is under way come to where it waits for an answer. */
async function settle(): Promise<void> {
  await jest.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  jest.useFakeTimers();
  channel = new ScriptedChannel();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('AppendConnections', () => {
  it('sends the schema once, and again when it changes', async () => {
    const connections = connect();
    const newer = encoderOf('a', 'b');

    for (const each of [encoder, encoder, newer, encoderOf('a', 'b')])
      await connections.send('t', each, ROWS);

    expect(channel.actions).toEqual([
      'open 1 t',
      'send 1 t 1 (a)',
      'send 1 t 1',
      'send 1 t 1 (a b)',
      'send 1 t 1',
    ]);
  });

  it('gives each table a connection while there is room, then shares them', async () => {
    const connections = connect({ maxConnections: 2 });

    for (const table of ['t', 'u', 'v', 'v', 'w', 't', 'u']) await connections.send(table, encoder, ROWS);

    expect(channel.actions).toEqual([
      'open 1 t',
      'send 1 t 1 (a)',
      'open 2 u',
      'send 2 u 1 (a)',
      'open 3 v',
      'send 3 v 1 (a)',
      'close 3',
      'send 1 v 1 (a)',
      'open 4 w',
      'send 4 w 1 (a)',
      'close 4',
      'send 1 t 1 (a)',
      'send 2 u 1',
    ]);
  });

  it('tries no more tables at once than it may, on connections of their own', async () => {
    channel.isAnswering = false;
    const connections = connect({ maxTrials: 2 });

    const replies = ['t', 'u', 'v'].map((table) => connections.send(table, encoder, ROWS));
    await settle();

    expect(channel.actions.filter((action) => action.startsWith('open'))).toEqual(['open 1 t', 'open 2 u']);
    for (const stream of channel.streams) stream.reply({ kind: 'stored' });
    channel.streams[0]?.reply({ kind: 'stored' });
    expect((await Promise.all(replies)).map(described)).toEqual(['stored', 'stored', 'stored']);
  });

  it('answers requests in their order', async () => {
    channel.isAnswering = false;
    const connections = connect();
    const replies = [1, 2].map(() => connections.send('t', encoder, ROWS));
    await settle();

    channel.streams[0]?.reply({ kind: 'failed', failure: { ...NOT_FOUND, message: 'first' } });
    channel.streams[0]?.reply({ kind: 'stored' });

    expect((await Promise.all(replies)).map(described)).toEqual(['first', 'stored']);
  });

  it('fails the request that ended a connection with the reason, and the others as lost', async () => {
    channel.isAnswering = false;
    const connections = connect();
    const replies = [1, 2].map(() => connections.send('t', encoder, ROWS));
    await settle();

    channel.streams[0]?.end(NOT_FOUND);

    expect((await Promise.all(replies)).map(described)).toEqual([
      'not found',
      'The connection ended before the answer',
    ]);
  });

  it('puts only the table that ended its connection on trial again', async () => {
    const connections = connect({ maxConnections: 1 });
    for (const table of ['t', 'u', 'u']) await connections.send(table, encoder, ROWS);
    channel.isAnswering = false;
    const lost = connections.send('t', encoder, ROWS);
    await settle();
    channel.streams[0]?.end(NOT_FOUND);
    await lost;
    channel.isAnswering = true;
    channel.actions.length = 0;

    await connections.send('u', encoder, ROWS);
    await connections.send('t', encoder, ROWS);
    await connections.send('t', encoder, ROWS);

    expect(channel.actions).toEqual([
      'open 3 u',
      'send 3 u 1 (a)',
      'open 4 t',
      'send 4 t 1 (a)',
      'close 4',
      'send 3 t 1 (a)',
    ]);
  });

  it('goes on with another connection when one is lost', async () => {
    const connections = connect();
    await connections.send('t', encoder, ROWS);
    channel.streams[0]?.end(AWAY);

    expect(described(await connections.send('t', encoder, ROWS))).toBe('stored');
    expect(channel.actions.slice(2)).toEqual(['ended 1', 'open 2 t', 'send 2 t 1 (a)']);
  });

  it('gives up on a connection that does not answer', async () => {
    channel.isAnswering = false;
    const connections = connect();
    const reply = connections.send('t', encoder, ROWS);
    await jest.advanceTimersByTimeAsync(1_000);

    expect(described(await reply)).toBe('No answer to an append in time');
    expect(channel.actions.at(-1)).toBe('abort 1');
  });

  it('closes an idle connection, and opens a new one', async () => {
    const connections = connect();
    await connections.send('t', encoder, ROWS);
    await jest.advanceTimersByTimeAsync(59_999);
    await connections.send('t', encoder, ROWS);
    await jest.advanceTimersByTimeAsync(60_000);
    await connections.send('t', encoder, ROWS);

    expect(channel.actions).toEqual([
      'open 1 t',
      'send 1 t 1 (a)',
      'send 1 t 1',
      'close 1',
      'open 2 t',
      'send 2 t 1 (a)',
    ]);
  });

  it('closes everything at the end', async () => {
    const connections = connect();
    await connections.send('t', encoder, ROWS);

    await connections.close();

    expect(channel.actions.slice(2)).toEqual(['close 1', 'close']);
    expect(described(await connections.send('t', encoder, ROWS))).toBe('The connections are closed');
    expect(jest.getTimerCount()).toBe(0);
  });
});
