import { type ReactNode, useState } from "react";
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
              <Face file={file} />
              <span className="clip">{file.name}</span>
              <span className="faint sm clip">{words(file.type)}, {bytes(file.size)}</span>
            </button>
          </li>
        ))}
      </ul>
      <FileDialog file={open} close={() => setOpen(null)} />
    </>
  );
}

/** A file to look at, and to take away; with what else may be done with it. */
export const FileDialog = ({ file, close, children }: { file: File | null; close: () => void; children?: ReactNode }) => (
  <Dialog open={file !== null} close={close} wide title={file?.name ?? ""} says={file && <>{words(file.type)} by {file.made_by}, {bytes(file.size)}{file.licence && `, ${file.licence}`}{file.origin !== "real" && `, ${file.origin}`}</>}>
    {file && <Viewer file={file} />}
    {file && <div className="actions"><a className="button" href={fileUrl(file.id)} download={file.name}>Download</a>{children}</div>}
  </Dialog>
);

export const Face = ({ file }: { file: File }) => (
  <span className="file-face">
    {file.media_type.startsWith("image/") ? <img src={fileUrl(file.id)} alt="" loading="lazy" /> : <span aria-hidden>{faceOf(file.media_type)}</span>}
  </span>
);

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
