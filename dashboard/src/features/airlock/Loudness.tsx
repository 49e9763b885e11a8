import { useSound } from "@/api/airlock";
import type { Film } from "./content";
import { heightOf } from "./hearing";

/** How loud the film is from second to second, over its waveform; measured by the airlock on the bytes that are held. */
export function LoudnessCurve({ item, film }: { item: string; film: Film }) {
  const sound = useSound(item, film.video).data;
  if (!sound?.envelope_lufs.length) return null;
  const seconds = film.frames / film.fps;
  const points = sound.envelope_lufs.map((lufs, second) => `${Math.min(second + 0.5, seconds).toFixed(2)},${heightOf(lufs).toFixed(1)}`);
  return (
    <svg className="loudness" viewBox={`0 0 ${seconds} 100`} preserveAspectRatio="none" aria-hidden>
      {sound.integrated_lufs !== null && <line x1={0} x2={seconds} y1={heightOf(sound.integrated_lufs)} y2={heightOf(sound.integrated_lufs)} />}
      <polyline points={points.join(" ")} />
    </svg>
  );
}

/** The same in words, with what is heard at this frame. */
export function LoudnessWords({ item, film, frame }: { item: string; film: Film; frame: number }) {
  const asked = useSound(item, film.video);
  const sound = asked.data;
  if (asked.isError) return <p className="loudness-words sm dim">How loud it is could not be measured.</p>;
  if (!sound) return <p className="loudness-words sm faint">Measuring how loud it is …</p>;
  if (sound.problem) return <p className="loudness-words sm dim">{sound.problem}</p>;
  const here = sound.envelope_lufs[Math.min(Math.floor(frame / film.fps), sound.envelope_lufs.length - 1)];
  return (
    <p className="loudness-words sm faint num" title="By EBU R 128, one value a second. The curve goes from −36 LUFS at the bottom to −6 at the top; the dashed line is the whole film.">
      <i aria-hidden /> Loudness {said(sound.integrated_lufs)} LUFS, here {said(here)}{sound.true_peak_dbtp !== null && `, peak ${said(sound.true_peak_dbtp)} dBTP`}
    </p>
  );
}

const said = (value: number | null | undefined): string => (value == null ? "not known" : value.toFixed(1).replace("-", "−"));
