import { useState } from "react";
import type { Happening } from "@/api/live";
import { exact, words } from "@/components/format";
import { Empty } from "@/components/States";

/** Everything that happened, in order, as it was written down. */
export function Log({ history, seq }: { history: Happening[]; seq: number | null }) {
  const [open, setOpen] = useState<number | null>(null);
  if (!history.length) return <Empty title="Nothing happened yet" />;
  return (
    <ol className="log num">
      {history.map((one) => (
        <li key={one.seq} className={one.seq === seq ? "chosen" : ""}>
          <button type="button" aria-expanded={open === one.seq} onClick={() => setOpen(open === one.seq ? null : one.seq)}>
            <span className="faint">{one.seq}</span>
            <time dateTime={one.at} title={exact(one.at)} className="faint">{one.at.slice(11, 23)}</time>
            <strong>{words(one.type)}</strong>
            <span className="dim clip">{[one.data.step, one.data.capability, one.data.decision, one.data.code].filter(Boolean).map(String).join(", ")}</span>
          </button>
          {open === one.seq && <pre>{JSON.stringify(one.data, null, 2)}</pre>}
        </li>
      ))}
    </ol>
  );
}
