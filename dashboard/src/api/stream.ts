/**
 * The one socket to the studio: every run as it happens, and the runs somebody looks at without a gap.
 *
 * A dropped connection is taken up again with a growing pause, each followed run after the last `seq` that was seen, so
 * nothing is missed and nothing is told twice. A new socket needs a new ticket, because browsers send it no headers.
 * A connection that is gone without a word, as after a sleep or behind a router, is told by its silence: the other side
 * is asked for an answer at each pulse, and one that says nothing until the next is left.
 */
export interface Frame {
  v: number;
  type: string;
  run_id: string;
  seq: number | null;
  after_seq: number | null;
  at: string;
  data: Record<string, unknown>;
}

export type Link = "connecting" | "live" | "lost";
type Socket = Pick<WebSocket, "send" | "close" | "onopen" | "onmessage" | "onclose">;
export interface Needs {
  ticket: () => Promise<string>;
  open: (protocols: string[]) => Socket;
  wait: (ms: number) => Promise<void>;
  /** Until it is time to look whether the other side is still there. */
  pulse: () => Promise<void>;
}

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 10_000;
export const pauseAfter = (failures: number): number => Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures);

export class LiveStream {
  private socket: Socket | null = null;
  private readonly followed = new Map<string, number>();
  /** Runs whose history was asked for on this socket, and has not come to its boundary. */
  private readonly replaying = new Set<string>();
  private readonly hearers = new Set<(frame: Frame) => void>();
  private readonly watchers = new Set<() => void>();
  private failures = 0;
  /** Whether anything came since the last pulse. */
  private heard = false;
  private stopped = true;
  link: Link = "connecting";
  /** Counts sockets: whoever keeps a list asks for it again when this changes, for what was not heard in between. */
  incarnation = 0;

  constructor(private readonly needs: Needs) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.socket?.close();
    this.socket = null;
  }

  /** Try at once, for somebody who does not want to wait for the pause to end. */
  hurry(): void {
    if (this.link === "lost" && !this.socket) void this.connect();
  }

  hear(hearer: (frame: Frame) => void): () => void {
    this.hearers.add(hearer);
    return () => this.hearers.delete(hearer);
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Follow a run from after `seq`; its history comes without gaps until it is let go. */
  follow(run: string, seq: number): () => void {
    this.followed.set(run, seq);
    this.replay(run, seq);
    return () => {
      this.followed.delete(run);
      this.say({ op: "unsubscribe", run_id: run });
    };
  }

  private async connect(): Promise<void> {
    let ticket: string;
    try {
      ticket = await this.needs.ticket();
    } catch {
      void this.again();
      return;
    }
    if (this.stopped || this.socket) return;
    const socket = this.needs.open(["greenlight.v1", `greenlight.ticket.${ticket}`]);
    this.socket = socket;
    this.heard = false;
    void this.watchOver(socket);
    socket.onopen = () => {
      this.failures = 0;
      this.heard = true;
      this.incarnation += 1;
      this.become("live");
      this.say({ op: "subscribe", run_id: "*" });
      this.replaying.clear();
      for (const [run, seq] of this.followed) this.replay(run, seq);
    };
    socket.onmessage = (message) => {
      // One that was given up may come back to life; another has taken its place.
      if (this.socket !== socket) return;
      this.heard = true;
      for (const frame of JSON.parse(String(message.data)) as Frame[]) this.take(frame);
    };
    socket.onclose = () => this.leave(socket);
  }

  private leave(socket: Socket): void {
    if (this.socket !== socket) return;
    this.socket = null;
    void this.again();
  }

  private async watchOver(socket: Socket): Promise<void> {
    for (;;) {
      await this.needs.pulse();
      if (this.socket !== socket) return;
      if (!this.heard) {
        // It may take minutes until the browser gives it up by itself; nobody waits for that.
        this.leave(socket);
        return socket.close();
      }
      this.heard = false;
      this.say({ op: "ping" });
    }
  }

  private async again(): Promise<void> {
    if (this.stopped) return;
    this.become("lost");
    await this.needs.wait(pauseAfter(this.failures));
    this.failures += 1;
    if (!this.stopped && !this.socket) void this.connect();
  }

  private take(frame: Frame): void {
    const seen = this.followed.get(frame.run_id);
    if (frame.type === "replay.boundary") this.replaying.delete(frame.run_id);
    else if (seen !== undefined && frame.seq !== null) {
      if (frame.seq <= seen) return;
      // Whoever hears every run may hear of this one before its replay begins. What lies between is never passed over:
      // the replay brings it, and this frame once more.
      if (frame.seq > seen + 1) {
        if (!this.replaying.has(frame.run_id)) this.replay(frame.run_id, seen);
        return;
      }
      this.followed.set(frame.run_id, frame.seq);
    }
    for (const hearer of this.hearers) hearer(frame);
  }

  private replay(run: string, seq: number): void {
    if (this.link === "live") this.replaying.add(run);
    this.say({ op: "subscribe", run_id: run, from_seq: seq });
  }

  private say(operation: object): void {
    if (this.socket && this.link === "live") this.socket.send(JSON.stringify(operation));
  }

  private become(link: Link): void {
    if (this.link === link) return;
    this.link = link;
    for (const watcher of this.watchers) watcher();
  }
}
