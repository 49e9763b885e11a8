import { useState } from "react";

export interface Beat {
  narration: string;
  headline: string;
  seconds?: number | null;
}
export interface HeldWords {
  title: string;
  beats: Beat[];
}

/** A finished script at the airlock: each scene's words, which can be put right with an approval. */
export function HeldScript({ script, seconds, edit }: { script: HeldWords; seconds: number; edit?: (changed: Pick<HeldWords, "beats"> | null) => void }) {
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
