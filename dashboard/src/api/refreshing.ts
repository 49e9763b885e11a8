/**
 * When to ask again for what was told to have changed: soon after the first word of it, and then the busier the studio
 * is, the seldomer. Questions never overtake answers: a service that takes its time is asked when it has answered.
 */
export class Refresher<T> {
  private readonly waiting = new Set<T>();
  private busy = false;
  private pause = 0;

  /** `ask` what became old; it may fail, the next change asks again. Pauses double from `first` to `longest` while changes go on. */
  constructor(
    private readonly ask: (old: ReadonlySet<T>) => Promise<unknown>,
    private readonly first: number,
    private readonly longest: number,
  ) {}

  add(...old: T[]): void {
    for (const one of old) this.waiting.add(one);
    if (this.waiting.size && !this.busy) void this.go();
  }

  /** Nothing is asked any more. */
  stop(): void {
    this.waiting.clear();
  }

  private async go(): Promise<void> {
    this.busy = true;
    this.pause = this.first;
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, this.pause));
      if (!this.waiting.size) break;
      this.pause = Math.min(this.longest, this.pause * 2);
      const old = new Set(this.waiting);
      this.waiting.clear();
      await this.ask(old).catch(() => undefined);
    }
    this.busy = false;
  }
}
