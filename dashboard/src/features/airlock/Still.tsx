import { createContext, useContext, useEffect, useMemo, useRef } from "react";
import type { Airlock } from "@/api/client";
import { fileUrl } from "@/api/client";
import { clock } from "@/components/format";
import { frameToMs, secondsOf, type Film } from "./content";
import { Stills } from "./stills";

const Source = createContext<{ film: Film; stills: Stills } | null>(null);
/** Twice what it is wide on the page, for screens that show two pixels as one. */
const WIDTH = 112;

/** Whatever is inside may show pictures out of this film; without one nothing is shown. */
export function StillsOf({ film, children }: { film: Film | null; children: React.ReactNode }) {
  const url = film ? fileUrl(film.video) : null;
  const stills = useMemo(() => (url ? new Stills(url) : null), [url]);
  useEffect(() => stills?.open(), [stills]);
  return <Source value={film && stills ? { film, stills } : null}>{children}</Source>;
}

/** The picture of one frame, the part of it that is meant, and the way to it. */
export function Still({ frame, region, seek }: { frame: number; region?: Airlock["Region"] | null; seek: (frame: number) => void }) {
  const source = useContext(Source);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { film, stills } = source ?? {};
  const at = film ? secondsOf(frame, film.fps) : 0;
  useEffect(() => {
    let alive = true;
    stills?.at(at).then(
      (picture) => {
        if (alive) canvas.current?.getContext("2d")?.drawImage(picture, 0, 0, canvas.current.width, canvas.current.height);
        picture.close();
      },
      // The finding says what there is to say; without a picture the frame can still be gone to.
      () => undefined,
    );
    return () => {
      alive = false;
    };
  }, [stills, at]);
  if (!film) return null;
  return (
    <button type="button" className="still" onClick={() => seek(frame)} aria-label={`Go to ${clock(frameToMs(frame, film.fps))}`}>
      <canvas ref={canvas} width={WIDTH} height={Math.round((WIDTH * film.height) / film.width)} />
      {region && <i style={{ left: `${region.x * 100}%`, top: `${region.y * 100}%`, width: `${region.width * 100}%`, height: `${region.height * 100}%` }} />}
    </button>
  );
}
