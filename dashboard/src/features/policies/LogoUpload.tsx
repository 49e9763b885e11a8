import { type FormEvent, useState } from "react";
import { useUpload } from "@/api/uploads";
import { fileUrl } from "@/api/client";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Trouble } from "@/components/States";
import { say } from "@/components/toasts";

/** Bring a brand's logo along; a kit names it by its hash, and these are the lines that do. */
export function LogoUpload({ close }: { close: () => void }) {
  const upload = useUpload();
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState("");
  const kept = upload.data;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (file && name.trim() && !upload.isPending) upload.mutate({ file, kind: "logo", title: name.trim(), licence: "own" });
  };
  const choose = (chosen: File | null) => {
    setFile(chosen);
    if (chosen && !name.trim()) setName(chosen.name.replace(/\.[^.]*$/, ""));
    upload.reset();
  };
  return (
    <Dialog open close={close} title="Upload a logo" says="A PNG; as wide as it is, so it stands in films. The brand kit of a pack of yours names it.">
      {kept ? (
        <>
          <p><img className="logo" src={fileUrl(kept.sha256)} alt={kept.title} /> {kept.width} × {kept.height}</p>
          <label htmlFor="logo-lines">What the pack says</label>
          <textarea id="logo-lines" className="input mono" readOnly rows={4} value={linesFor(kept.sha256)} />
          <div className="actions">
            <Button onClick={() => void navigator.clipboard?.writeText(linesFor(kept.sha256)).then(() => say("Copied.", "go"))}>Copy</Button>
            <Button tone="go" onClick={close}>Done</Button>
          </div>
        </>
      ) : (
        <form onSubmit={send} style={{ display: "grid", gap: "1rem" }}>
          <div className="field">
            <label htmlFor="logo-file">File</label>
            <input id="logo-file" className="input" type="file" accept="image/png" onChange={(event) => choose(event.target.files?.[0] ?? null)} />
          </div>
          <div className="field">
            <label htmlFor="logo-name">What it is called</label>
            <input id="logo-name" className="input" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
          </div>
          {upload.isError && <Trouble error={upload.error} />}
          <div className="actions">
            <Button onClick={close}>Close</Button>
            <Button tone="go" type="submit" disabled={!file || !name.trim()} busy={upload.isPending}>{upload.isPending ? "Uploading …" : "It is ours: upload it"}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

const linesFor = (sha256: string): string => `brand:
  film:
    logo: {upload: ${sha256}, place: top_right, width: 0.08}
`;
