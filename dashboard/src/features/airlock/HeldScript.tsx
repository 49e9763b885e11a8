import { useState } from "react";

export interface Beat {
  narration: string;
  headline: string;
  seconds?: number | null;
}
/** What became of one thing that was asked for in the script before this one; without a scene it was about all of it. */
export interface Remark {
  scene?: number | null;
  done: boolean;
  said: string;
}
export interface HeldWords {
  title: string;
  beats: Beat[];
}

/** A finished script at the airlock: each scene's words, which can be put right with an approval. */
export function HeldScript({ script, seconds, remarks = [], edit }: { script: HeldWords; seconds: number; remarks?: Remark[]; edit?: (changed: Pick<HeldWords, "beats"> | null) => void }) {
  const [beats, setBeats] = useState(script.beats);
  const change = (place: number, narration: string) => {
    // Other words get another headline: the one that is held may say what nobody says any more.
    const now = beats.map((beat, at) => (at !== place ? beat : narration === script.beats[at]?.narration ? script.beats[at] : { ...beat, narration, headline: "" }));
    setBeats(now);
    edit?.(now.every((beat, at) => beat === script.beats[at]) ? null : { beats: now });
  };
  return (
    <section aria-label="The script">
      <p className="dim num">{script.title}, about {Math.round(seconds)} s</p>
      {remarks.map((remark, at) => (
        <p key={at} className={remark.done ? "note-line go-tone sm" : "note-line wait-tone sm"}>
          {remark.scene == null ? "" : `Scene ${remark.scene + 1}. `}{remark.done ? "" : "Not done. "}{remark.said}
        </p>
      ))}
      <ol className="held-script">
        {beats.map((beat, place) => (
          <li key={place}>
            <strong>{beat.headline || "A headline from these words"}</strong>
            {edit ? (
              <textarea className="input" rows={2} maxLength={600} aria-label={`Words of scene ${place + 1}`} value={beat.narration} onChange={(event) => change(place, event.target.value)} />
            ) : (
              <p>{beat.narration}</p>
            )}
          </li>
        ))}
      </ol>
      {edit && <span className="hint">What you change here is approved, and spoken, as you wrote it.</span>}
    </section>
  );
}
