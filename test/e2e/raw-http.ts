import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection on which a test writes what it likes, for clients that no HTTP library would be. */
export class RawHttp {
  private received = '';
  private isClosed = false;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.received += text;
    });
    socket.on('close', () => {
      this.isClosed = true;
    });
    socket.on('error', () => undefined); // 'close' follows a reset
  }

  static async open(url: string): Promise<RawHttp> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new RawHttp(socket);
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** The status of the first answer. Errors: throws when the connection ends without one. */
  async status(): Promise<number> {
    for (;;) {
      const status = /^HTTP\/1\.1 (\d{3})/.exec(this.received)?.[1];
      if (status !== undefined) return Number(status);
      if (this.isClosed) throw new Error('The connection was closed without an answer');
      await Promise.race([once(this.socket, 'data'), once(this.socket, 'close')]);
    }
  }

  /** Resolves when the other side has ended the connection. */
  async closed(): Promise<void> {
    if (!this.isClosed) await once(this.socket, 'close');
  }

  end(): void {
    this.socket.destroy();
  }
}
