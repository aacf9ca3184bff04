import { once } from 'node:events';
import { connect } from 'node:net';

const END_OF_HEAD = '\r\n\r\n';

/** A kept-alive HTTP connection for requests that stand as bytes: as little work as a client can do. */
export class Connection {
  #socket;
  #received = '';
  #waiting = null;

  static async open(port) {
    const connection = new Connection();
    connection.#socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
    await once(connection.#socket, 'connect');
    connection.#socket.on('data', (text) => connection.#read(text));
    connection.#socket.on('close', () => connection.#waiting?.reject(new Error('The connection was closed')));
    connection.#socket.on('error', () => undefined); // 'close' follows and reports it
    return connection;
  }

  /** @returns the status; one request at a time */
  request(bytes) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(bytes);
    });
  }

  close() {
    this.#waiting = null;
    this.#socket.destroy();
  }

  #read(text) {
    this.#received += text;
    const end = this.#received.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.#received.slice(0, end))?.[1] ?? 0);
    if (this.#received.length < end + END_OF_HEAD.length + length) return;
    const status = Number(this.#received.slice(9, 12));
    this.#received = '';
    const { resolve } = this.#waiting;
    this.#waiting = null;
    resolve(status);
  }
}
