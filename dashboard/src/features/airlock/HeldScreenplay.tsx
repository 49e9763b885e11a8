import { useState } from "react";
import { Outline } from "../screenplay/Outline";
import type { Profile, Screenplay } from "../screenplay/read";

export type Words = Pick<Screenplay, "title" | "logline">;

interface Props {
  screenplay: Screenplay;
  characters: Profile[];
  /** Is told title and logline once they are other than what is held, and null when they are the same again. */
  edit?: (changed: Words | null) => void;
}

/** A screenplay at the airlock: to read, and its title and logline to put right with an approval. */
export function HeldScreenplay({ screenplay, characters, edit }: Props) {
  const [words, setWords] = useState<Words>({ title: screenplay.title, logline: screenplay.logline });
  const change = (now: Words) => {
    setWords(now);
    const same = now.title === screenplay.title && now.logline === screenplay.logline;
    edit?.(same ? null : now);
  };
  return (
    <>
      {edit && (
        <div className="held-words">
          <div className="field">
            <label htmlFor="held-title">Title</label>
            <input id="held-title" className="input" maxLength={160} value={words.title} onChange={(event) => change({ ...words, title: event.target.value })} />
          </div>
          <div className="field">
            <label htmlFor="held-logline">Logline</label>
            <textarea id="held-logline" className="input" rows={3} maxLength={1000} value={words.logline} onChange={(event) => change({ ...words, logline: event.target.value })} />
            <span className="hint">What you change here is approved as you wrote it. For anything else, ask for changes.</span>
          </div>
        </div>
      )}
      <Outline screenplay={{ ...screenplay, ...words }} characters={characters} />
    </>
  );
}
