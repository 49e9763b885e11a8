/** The network between a browser and the edge, which a test can take away. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { EDGE } from "./studio";

export interface Wire {
  /** Where the page is found over it. */
  edge: string;
  /** Every connection breaks, and none can be made until it is mended. */
  cut: () => void;
  mend: () => void;
  close: () => void;
}

export async function layWire(): Promise<Wire> {
  const { hostname, port } = new URL(EDGE);
  const open = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connect(Number(port), hostname);
    for (const [one, other] of [[near, far], [far, near]] as const) {
      open.add(one);
      one.pipe(other);
      one.on("error", () => undefined);
      one.on("close", () => (open.delete(one), other.destroy()));
    }
  });
  await once(server.listen(0, hostname), "listening");
  const cut = () => {
    whole = false;
    for (const one of open) one.destroy();
  };
  return {
    edge: `http://${hostname}:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => (whole = true),
    close: () => (cut(), server.close()),
  };
}
