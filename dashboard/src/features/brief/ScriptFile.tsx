import { useRef, useState } from "react";
import { type ReadScript, useReadScript } from "@/api/scripts";
import { Button } from "@/components/Button";
import { plural } from "@/components/format";
import { Trouble } from "@/components/States";

type Script = ReadScript["script"];

/** A finished script instead of ideas: from a file, with what was read of it and what was left out. */
export function ScriptFile({ change }: { change: (script: Script | null) => void }) {
  const read = useReadScript();
  const field = useRef<HTMLInputElement>(null);
  const [name, setName] = useState("");
  const take = (file: File | undefined) => {
    if (!file) return;
    change(null);
    setName(file.name);
    read.mutate(file, { onSuccess: (found) => change(found.script) });
    // The same file can be chosen again once it was mended.
    if (field.current) field.current.value = "";
  };
  const drop = () => (change(null), setName(""), read.reset(), field.current?.focus());
  return (
    <div className="field">
      <label htmlFor="script-file">Finished script</label>
      <input id="script-file" ref={field} className="input" type="file" accept=".fdx,.fountain,.spmd,.csv,.tsv,.txt" aria-describedby="script-file-says" disabled={read.isPending} onChange={(event) => take(event.target.files?.[0])} />
      <span id="script-file-says" className="hint">Final Draft, Fountain, CSV (text, scene, duration, headline) or plain text. Nobody rewrites it; the film is as long as its words.</span>
      {read.isError && <Trouble error={read.error} />}
      {read.data && <Found name={name} found={read.data} drop={drop} />}
    </div>
  );
}

function Found({ name, found, drop }: { name: string; found: ReadScript; drop: () => void }) {
  const { script, left_out: lost } = found;
  return (
    <section className="script-read" aria-label="The script as it was read">
      <p>
        <strong>{script.title || name}</strong>{" "}
        <span className="dim num">{plural(script.scenes.length, "scene")}, about {Math.round(found.seconds)} s</span>{" "}
        <Button size="small" type="button" tone="quiet" onClick={drop}>Leave it out</Button>
      </p>
      <ol>
        {script.scenes.map((scene, place) => (
          <li key={place}>
            {scene.heading && <span className="faint sm">{scene.heading}</span>} {scene.text}
            {scene.seconds != null && <span className="faint num"> {scene.seconds} s</span>}
          </li>
        ))}
      </ol>
      {lost.length > 0 && (
        <details>
          <summary>{plural(lost.length, "thing")} left out</summary>
          <ul className="dim sm">{lost.map((one, place) => <li key={place}>Line {one.line}, {one.what}: {one.text}</li>)}</ul>
        </details>
      )}
    </section>
  );
}
