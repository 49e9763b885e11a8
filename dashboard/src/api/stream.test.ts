import { describe, expect, it } from "vitest";
import { touchedBy, withFrame } from "./live";
import { type Frame, LiveStream, pauseAfter } from "./stream";

const RUN = "01a1fff7-c26d-7607-8c2f-7d92ceee50ec";
const frame = (seq: number | null, type = "agent.completed", run = RUN): Frame => ({ v: 1, type, run_id: run, seq, after_seq: null, at: "2026-11-21T10:00:00Z", data: {} });

/** The studio's side: history that grows, sockets that break, tickets that are asked for anew. */
class Studio {
  head = 0;
  tickets = 0;
  refusing = false;
  /** Set while the tables are slow: replays that wait for them. */
  reading: (() => void)[] | null = null;
  pauses: number[] = [];
  /** What waits for the next look at the other side. */
  pulses: (() => void)[] = [];
  said: Record<string, unknown>[] = [];
  socket: Pipe | null = null;
  readonly stream = new LiveStream({
    ticket: () => {
      if (this.refusing) return Promise.reject(new Error("away"));
      this.tickets += 1;
      return Promise.resolve(`t${this.tickets}`);
    },
    open: (protocols) => {
      this.socket = new Pipe(this, protocols);
      return this.socket;
    },
    wait: (ms) => {
      this.pauses.push(ms);
      return Promise.resolve();
    },
    pulse: () => new Promise((resolve) => this.pulses.push(resolve)),
  });

  happen(count: number): void {
    for (let one = 0; one < count; one += 1) {
      this.head += 1;
      this.socket?.tell(frame(this.head));
    }
  }
}

class Pipe {
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  private follows = false;
  private hearsAll = false;
  constructor(private readonly studio: Studio, readonly protocols: string[]) {}
  accept(): void {
    this.onopen?.(new Event("open"));
  }
  send(text: string): void {
    const said = JSON.parse(text) as { op: string; run_id: string; from_seq?: number };
    this.studio.said.push(said);
    if (said.op !== "subscribe") return;
    if (said.run_id === "*") this.hearsAll = true;
    // Every run is heard at once; a replay begins when the history was read from the tables.
    else if (this.studio.reading) this.studio.reading.push(() => this.replay(said.from_seq ?? 0));
    else this.replay(said.from_seq ?? 0);
  }
  private replay(after: number): void {
    this.follows = true;
    for (let seq = after + 1; seq <= this.studio.head; seq += 1) this.tell(frame(seq));
    this.tell(frame(null, "replay.boundary"));
  }
  tell(one: Frame): void {
    if (this.follows || this.hearsAll) this.onmessage?.(new MessageEvent("message", { data: JSON.stringify([one]) }));
  }
  close(): void {
    this.onclose?.(new Event("close") as CloseEvent);
  }
}

const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

async function live(): Promise<{ studio: Studio; heard: number[] }> {
  const studio = new Studio();
  const heard: number[] = [];
  studio.stream.hear((one) => one.seq !== null && heard.push(one.seq));
  studio.stream.start();
  await settled();
  studio.socket?.accept();
  return { studio, heard };
}

describe("the stream", () => {
  it("logs in with a ticket in the protocol, never in the address", async () => {
    const { studio } = await live();
    expect(studio.socket?.protocols).toEqual(["greenlight.v1", "greenlight.ticket.t1"]);
    expect(studio.said[0]).toEqual({ op: "subscribe", run_id: "*" });
  });

  it("misses nothing and repeats nothing over ten broken connections", async () => {
    const { studio, heard } = await live();
    studio.stream.follow(RUN, 0);
    for (let round = 0; round < 10; round += 1) {
      studio.happen(7);
      studio.socket?.close();
      studio.head += 5; // while nobody listens
      await settled();
      studio.socket?.accept();
    }
    expect(heard).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
    expect(studio.tickets).toBe(11);
  });

  it("passes over what it has seen, whoever sends it again", async () => {
    const { studio, heard } = await live();
    studio.stream.follow(RUN, 3);
    studio.head = 3;
    studio.happen(2);
    studio.socket?.tell(frame(4));
    studio.socket?.tell(frame(5));
    expect(heard).toEqual([4, 5]);
  });

  it("loses nothing to what it hears of a run before its replay", async () => {
    const { studio, heard } = await live();
    studio.stream.follow(RUN, 0);
    studio.happen(3);
    studio.socket?.close();
    studio.head += 4;
    studio.reading = [];
    await settled();
    studio.socket?.accept();
    studio.happen(2);
    expect(heard).toEqual([1, 2, 3]);
    for (const replay of studio.reading.splice(0)) replay();
    studio.happen(1);
    expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(studio.said.filter((one) => one.run_id === RUN)).toEqual([{ op: "subscribe", run_id: RUN, from_seq: 0 }, { op: "subscribe", run_id: RUN, from_seq: 3 }]);
  });

  it("asks for what is missing once it hears of a gap", async () => {
    const { studio, heard } = await live();
    studio.stream.follow(RUN, 0);
    studio.happen(2);
    studio.head = 6;
    studio.socket?.tell(frame(6));
    expect(heard).toEqual([1, 2, 3, 4, 5, 6]);
    expect(studio.said.at(-1)).toEqual({ op: "subscribe", run_id: RUN, from_seq: 2 });
  });

  it("waits longer each time it is refused, and says so", async () => {
    const studio = new Studio();
    studio.refusing = true;
    studio.stream.start();
    await settled();
    expect(studio.stream.link).toBe("lost");
    expect(studio.pauses.slice(0, 3)).toEqual([400, 800, 1600]);
    expect(pauseAfter(20)).toBe(10_000);
    studio.stream.stop();
  });

  it("leaves a connection that answers nothing, and goes on where it was", async () => {
    const { studio, heard } = await live();
    const pulse = async () => {
      studio.pulses.shift()?.();
      await settled();
    };
    studio.stream.follow(RUN, 0);
    studio.happen(2);
    const dead = studio.socket;
    await pulse();
    expect(studio.said.at(-1)).toEqual({ op: "ping" });
    dead?.tell(frame(null, "pong"));
    await pulse();
    expect(studio.socket).toBe(dead);
    // What goes out is lost, and closing it takes the browser minutes.
    if (dead) dead.close = () => undefined;
    studio.head += 3;
    await pulse();
    expect(studio.socket).not.toBe(dead);
    studio.socket?.accept();
    dead?.tell(frame(6));
    expect(heard).toEqual([1, 2, 3, 4, 5]);
    expect(studio.stream.link).toBe("live");
  });

  it("lets a run go", async () => {
    const { studio } = await live();
    studio.stream.follow(RUN, 0)();
    expect(studio.said.at(-1)).toEqual({ op: "unsubscribe", run_id: RUN });
  });
});

describe("what a frame does to the caches", () => {
  it("is put at the end of a history it follows on", () => {
    const known = [{ seq: 1, type: "run.created", at: "", data: {} }];
    expect(withFrame(known, frame(2))?.map((one) => one.seq)).toEqual([1, 2]);
    expect(withFrame(known, frame(3))).toBe(known);
    expect(withFrame(known, frame(1))).toBe(known);
    expect(withFrame(undefined, frame(2))).toBeUndefined();
  });

  it("makes lists old only for what was committed", () => {
    expect(touchedBy(frame(null, "progress"))).toEqual([]);
    expect(touchedBy({ ...frame(null, "airlock.changed"), run_id: null as unknown as string })).toEqual([["airlock"]]);
    expect(touchedBy(frame(4, "gate.opened"))).toContainEqual(["airlock"]);
    expect(touchedBy(frame(4))).not.toContainEqual(["airlock"]);
  });
});
