import type { Look } from "@/status/tone";

/** A lamp with its word. Colour is never alone: the word says the same. */
export const Lamp = ({ look }: { look: Look }) => (
  <span className={`lamp ${look.tone} ${look.tone}-tone`} title={look.says}>
    {look.label}
  </span>
);

export const Tag = ({ look, children }: { look?: Look; children?: React.ReactNode }) => (
  <span className={`tag ${look ? `${look.tone}-tone` : "idle-tone"}`} title={look?.says}>
    {children ?? look?.label}
  </span>
);
