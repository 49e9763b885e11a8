/** What a lamp says: go, wait for people, at work, stopped, nothing to say. */
export type Tone = "go" | "wait" | "work" | "stop" | "idle";
export interface Look {
  label: string;
  tone: Tone;
  says: string;
}
