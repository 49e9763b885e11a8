import { useUploads } from "@/api/uploads";
import { Button } from "@/components/Button";

interface Choice {
  upload: string;
  scene: number;
}

/** A file that was brought along, of one kind. */
function Brought({ id, label, kind, none, value, change }: { id?: string; label?: string; kind: "music" | "footage"; none: string; value: string; change: (sha256: string) => void }) {
  const uploads = useUploads();
  const some = (uploads.data ?? []).filter((one) => one.kind === kind);
  return (
    <select id={id} aria-label={label} className="input" value={value} onChange={(event) => change(event.target.value)}>
      <option value="">{uploads.isError ? "The uploads cannot be had now" : some.length ? none : `${none} (no ${kind} was uploaded)`}</option>
      {some.map((one) => <option key={one.sha256} value={one.sha256}>{one.title}</option>)}
    </select>
  );
}

/** Which music is heard. */
export const Music = ({ id, value, change }: { id: string; value: string; change: (value: string) => void }) => <Brought id={id} kind="music" none="Our own music" value={value} change={change} />;

/** Which footage or picture is shown in which scene. */
export function Footage({ value, change }: { value: unknown; change: (value: Choice[]) => void }) {
  const chosen = (Array.isArray(value) ? value : []) as Choice[];
  const put = (place: number, one: Partial<Choice>) => change(chosen.map((other, number) => (number === place ? { ...other, ...one } : other)));
  return (
    <div className="brought">
      {chosen.map((one, place) => (
        <div key={place} className="brought-row">
          <Brought label={`File ${place + 1}`} kind="footage" none="Choose a file" value={one.upload} change={(upload) => put(place, { upload })} />
          <input type="number" min={1} max={60} className="input" aria-label={`Scene of file ${place + 1}`} value={one.scene + 1} onChange={(event) => put(place, { scene: Math.max(1, Math.round(Number(event.target.value) || 1)) - 1 })} />
          <Button size="small" type="button" onClick={() => change(chosen.filter((_, number) => number !== place))}>Remove</Button>
        </div>
      ))}
      <Button size="small" type="button" onClick={() => change([...chosen, { upload: "", scene: chosen.length }])}>Add footage to a scene</Button>
    </div>
  );
}

/** Who is named in the lower third. */
export function Speaker({ value, change }: { value: unknown; change: (value: object) => void }) {
  const said = (value || {}) as { name?: string; role?: string };
  return (
    <div className="brought">
      <input className="input" aria-label="Speaker's name" placeholder="Name" maxLength={60} value={said.name ?? ""} onChange={(event) => change({ ...said, name: event.target.value })} />
      <input className="input" aria-label="Speaker's role" placeholder="Role" maxLength={80} value={said.role ?? ""} onChange={(event) => change({ ...said, role: event.target.value })} />
    </div>
  );
}
