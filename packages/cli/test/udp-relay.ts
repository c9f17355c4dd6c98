import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import type { ByteLink } from "../src/board/byte-link.js";

/** What the relay makes of datagram number `n`, from 0: the datagrams that go on. */
export type Fault = (bytes: Uint8Array, n: number) => readonly Uint8Array[];
const whole: Fault = (bytes) => [bytes];

export interface UdpRelay {
  /** HOST:PORT. */
  readonly address: string;
  close(): Promise<void>;
}

/** A UDP port, with a board's bytes behind it or nothing; frames to and from the board pass through the faults. */
export async function startUdpRelay(board?: ByteLink, toBoard = whole, fromBoard = whole): Promise<UdpRelay> {
  const socket = createSocket("udp4");
  let host: { readonly port: number; readonly address: string } | undefined;
  let received = 0;
  let sent = 0;
  socket.on("message", (bytes, { port, address }) => {
    host = { port, address };
    for (const part of toBoard(new Uint8Array(bytes), received++)) board?.write(part);
  });
  board?.onBytes((bytes) => {
    for (const part of fromBoard(bytes, sent++)) if (host) socket.send(part, host.port, host.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(socket.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
