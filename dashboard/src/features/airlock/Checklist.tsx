import type { Point } from "./looking";
import { Button } from "@/components/Button";

/** What to look at before approving, and how much of it was. It is kept by looking; what no page can know is ticked beside it. */
export function Checklist({ points, seek }: { points: readonly Point[]; seek?: (frame: number) => void }) {
  if (!points.length) return null;
  const done = points.filter((point) => point.done).length;
  return (
    <section aria-label="Before you approve" className="checklist">
      <div className="section-head">
        <h2>Before you approve</h2>
        <span className="faint sm num">{done} of {points.length}</span>
      </div>
      <ul>
        {points.map((point) => (
          <li key={point.says} className={point.done ? "go-tone" : "idle-tone"}>
            <i aria-hidden>{point.done ? "✓" : "○"}</i>
            <span>{point.says}<span className="visually-hidden">{point.done ? ", done" : ", not yet"}</span></span>
            {point.next !== null && seek && <Button size="small" tone="quiet" onClick={() => seek(point.next as number)}>Go there</Button>}
          </li>
        ))}
      </ul>
    </section>
  );
}
