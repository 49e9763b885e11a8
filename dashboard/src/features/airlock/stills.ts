/** Pictures out of a film, taken one after the other by a player of their own that nobody sees. */
export class Stills {
  private readonly player = document.createElement("video");
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly url: string) {
    this.player.muted = true;
    this.player.preload = "auto";
  }

  /** Have the film. → lets it go again. What is asked for before waits for it. */
  open(): () => void {
    this.player.src = this.url;
    return () => {
      this.player.removeAttribute("src");
      this.player.load();
    };
  }

  /** The picture at a time. Rejects when the film cannot be read, or was let go meanwhile. */
  at(seconds: number): Promise<ImageBitmap> {
    const taken = this.last.then(() => this.take(seconds));
    this.last = taken.catch(() => undefined);
    return taken;
  }

  private async take(seconds: number): Promise<ImageBitmap> {
    if (this.player.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) await this.heard("loadeddata");
    const there = this.heard("seeked");
    this.player.currentTime = seconds;
    await there;
    return createImageBitmap(this.player);
  }

  private heard(name: "loadeddata" | "seeked"): Promise<void> {
    return new Promise((resolve, reject) => {
      const listening = new AbortController();
      const { signal } = listening;
      const end = (then: () => void) => () => (listening.abort(), then());
      this.player.addEventListener(name, end(resolve), { signal });
      for (const failed of ["error", "emptied"]) this.player.addEventListener(failed, end(() => reject(new Error("The film cannot be read."))), { signal });
    });
  }
}
