import { useState } from "react";
import { fileUrl, type Runs } from "@/api/client";
import { Dialog } from "@/components/Dialog";
import { bytes, words } from "@/components/format";
import { Empty } from "@/components/States";
import { TextFile } from "./TextFile";

type File = Runs["ArtifactAnswer"];

/** What the run made, to look at where a browser can. */
export function Files({ files }: { files: File[] }) {
  const [open, setOpen] = useState<File | null>(null);
  if (!files.length) return <Empty title="Nothing made yet">Scripts, voices, clips and the film appear here as they are made.</Empty>;
  return (
    <>
      <ul className="files">
        {[...files].sort((one, other) => rank(one) - rank(other) || other.announced_at.localeCompare(one.announced_at)).map((file) => (
          <li key={file.id + file.name + file.type}>
            <button type="button" onClick={() => setOpen(file)}>
              <span className="file-face">
                {file.media_type.startsWith("image/") ? <img src={fileUrl(file.id)} alt="" loading="lazy" /> : <span aria-hidden>{faceOf(file.media_type)}</span>}
              </span>
              <span className="clip">{file.name}</span>
              <span className="faint sm clip">{words(file.type)}, {bytes(file.size)}</span>
            </button>
          </li>
        ))}
      </ul>
      <Dialog open={open !== null} close={() => setOpen(null)} wide title={open?.name ?? ""} says={open && <>{words(open.type)} by {open.made_by}, {bytes(open.size)}{open.licence && `, ${open.licence}`}{open.origin !== "real" && `, ${open.origin}`}</>}>
        {open && <Viewer file={open} />}
        {open && <div className="actions"><a className="button" href={fileUrl(open.id)} download={open.name}>Download</a></div>}
      </Dialog>
    </>
  );
}

/** What people look for first comes first: films, then pictures, sounds, texts. */
const rank = (file: File): number => (file.type.startsWith("rendered") ? 0 : ["video/", "image/", "audio/"].findIndex((kind) => file.media_type.startsWith(kind)) + 1 || 4);

const faceOf = (type: string): string =>
  type.startsWith("video/") ? "Film" : type.startsWith("audio/") ? "Sound" : type.includes("json") ? "{ }" : "Text";

function Viewer({ file }: { file: File }) {
  const url = fileUrl(file.id);
  if (file.media_type.startsWith("image/")) return <img className="viewed" src={url} alt={file.name} />;
  if (file.media_type.startsWith("video/")) return <video className="viewed" src={url} controls playsInline aria-label={file.name} />;
  if (file.media_type.startsWith("audio/")) return <audio src={url} controls style={{ width: "100%" }} aria-label={file.name} />;
  return <TextFile url={url} size={file.size} />;
}
