/** A process's profiler over its inspector, which SIGUSR1 opens on a port that it prints. */
const OPENED = /Debugger listening on (ws:\S+)/;
const INTERVAL_US = 250;
const PATIENCE_MS = 10_000;

/** Profiles a program that was started with `--inspect-port=127.0.0.1:0` while `work` runs; returns V8's profile of the processor. */
export async function profileWhile(program, work) {
  const session = await Session.open(await inspectorOf(program));
  try {
    await session.call('Profiler.enable');
    await session.call('Profiler.setSamplingInterval', { interval: INTERVAL_US });
    await session.call('Profiler.start');
    await work();
    const { profile } = await session.call('Profiler.stop');
    return profile;
  } finally {
    session.close();
  }
}

/** Collects a program's garbage and returns the bytes of its heap in use, after `--inspect-port=127.0.0.1:0`. */
export async function usedHeapBytes(program) {
  const session = await Session.open(await inspectorOf(program));
  try {
    await session.call('HeapProfiler.enable');
    await session.call('HeapProfiler.collectGarbage');
    const {
      usedSize,
      embedderHeapUsedSize = 0,
      backingStorageSize = 0,
    } = await session.call('Runtime.getHeapUsage');
    return usedSize + embedderHeapUsedSize + backingStorageSize;
  } finally {
    session.close();
  }
}

async function inspectorOf({ pid, lines }) {
  const find = () => lines.map((line) => OPENED.exec(line)?.[1]).find(Boolean);
  if (find() === undefined) process.kill(pid, 'SIGUSR1');
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const url = find();
    if (url !== undefined) return url;
    if (performance.now() > endMs) throw new Error('the inspector did not open');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

class Session {
  #socket;
  #calls = 0;
  #waiting = new Map();

  static async open(url) {
    const session = new Session();
    session.#socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      session.#socket.addEventListener('open', resolve, { once: true });
      session.#socket.addEventListener('error', () => reject(new Error(`no inspector at ${url}`)), {
        once: true,
      });
    });
    session.#socket.addEventListener('message', ({ data }) => {
      const { id, result, error } = JSON.parse(data);
      const waiter = session.#waiting.get(id);
      if (waiter === undefined) return;
      session.#waiting.delete(id);
      if (error === undefined) waiter.resolve(result);
      else waiter.reject(new Error(error.message));
    });
    return session;
  }

  call(method, params = {}) {
    const id = ++this.#calls;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  close() {
    this.#socket.close();
  }
}
