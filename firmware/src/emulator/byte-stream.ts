import type { Socket } from "node:net";

/** A socket whose bytes are asked for by number. */
export interface ByteStream {
  write(bytes: Uint8Array): void;
  /** The next `count` bytes. Rejects if the socket closes before. */
  read(count: number): Promise<Uint8Array>;
  /** Bytes that came and were not read. */
  readonly waiting: number;
}

export function byteStream(socket: Socket, name: string): ByteStream {
  let buffer = Buffer.alloc(0);
  let wanted:
    | { count: number; resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void }
    | undefined;
  const serve = () => {
    if (!wanted || buffer.length < wanted.count) return;
    const { count, resolve } = wanted;
    const bytes = Uint8Array.from(buffer.subarray(0, count));
    buffer = buffer.subarray(count);
    wanted = undefined;
    resolve(bytes);
  };
  socket.on("data", (data: Buffer) => {
    buffer = Buffer.concat([buffer, data]);
    serve();
  });
  socket.on("error", () => {}); // "close" follows, and tells whoever waits
  socket.on("close", () => wanted?.reject(new Error(`${name} closed`)));
  return {
    write: (bytes) => {
      socket.write(bytes);
    },
    read: (count) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) {
          reject(new Error(`${name} closed`));
          return;
        }
        wanted = { count, resolve, reject };
        serve();
      }),
    get waiting() {
      return buffer.length;
    },
  };
}
