import type { Airlock } from "@/api/client";
import { fileUrl } from "@/api/client";
import { plural, words } from "@/components/format";
import { Time } from "@/components/Time";

/** What is other since this person last looked: words one by one, scenes side by side, sound as it was measured. */
export function Changes({ changes }: { changes: Airlock["ChangesView"] }) {
  if (!changes.since) return null;
  if (changes.same) return <p className="note-line">Nothing is other since you looked <Time at={changes.since.at} />.</p>;
  const sound = (one: Airlock["SoundView"] | null) => (one?.integrated_lufs != null ? `${one.integrated_lufs.toFixed(1)} LUFS` : "not measured");
  return (
    <section className="changes" aria-label="Changes">
      <div className="section-head">
        <h2>Since you looked</h2>
        <span className="faint sm"><Time at={changes.since.at} /></span>
      </div>
      {[...changes.words, ...changes.post].map((one) => (
        <p key={one.path}>
          <span className="faint sm">{words(one.path.slice(1))} </span>
          {one.pieces.map((piece, index) => (piece.kind === "removed" ? <del key={index}>{piece.text}</del> : piece.kind === "added" ? <ins key={index}>{piece.text}</ins> : <span key={index}>{piece.text}</span>))}
        </p>
      ))}
      {changes.scenes.length > 0 && (
        <ul className="pairs">
          {changes.scenes.map((scene) => (
            <li key={scene.number}>
              {[scene.before, scene.after].map((mark, index) => (mark?.still_sha256 ? <img key={index} src={fileUrl(mark.still_sha256)} alt={index ? "now" : "before"} /> : <span key={index} className="none">{index ? "gone" : "new"}</span>))}
              <span className="sm">Scene {scene.number}: {scene.what.map(words).join(", ")}</span>
            </li>
          ))}
        </ul>
      )}
      {(changes.hashtags_added.length > 0 || changes.hashtags_removed.length > 0) && (
        <p>{changes.hashtags_removed.map((one) => <del key={one}>{one} </del>)}{changes.hashtags_added.map((one) => <ins key={one}>{one} </ins>)}</p>
      )}
      {changes.settings.map((one) => <p key={one.path} className="sm">{words(one.path.slice(1))}: <del>{String(one.before)}</del> <ins>{String(one.after)}</ins></p>)}
      <p className="dim sm">
        {plural(changes.unchanged_scenes, "scene")} as before. {changes.sound && changes.sound_before && sound(changes.sound) !== sound(changes.sound_before) && `Sound: ${sound(changes.sound_before)}, now ${sound(changes.sound)}.`}
      </p>
    </section>
  );
}
