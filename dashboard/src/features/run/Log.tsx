import { memo, useCallback, useState } from "react";
import type { Happening } from "@/api/live";
import { exact, words } from "@/components/format";
import { Empty } from "@/components/States";

/** Everything that happened, in order, as it was written down. */
export function Log({ history, seq }: { history: Happening[]; seq: number | null }) {
  const [open, setOpen] = useState<number | null>(null);
  const toggle = useCallback((one: number) => setOpen((now) => (now === one ? null : one)), []);
  if (!history.length) return <Empty title="Nothing happened yet" />;
  return (
    <ol className="log num">
      {history.map((one) => <Entry key={one.seq} of={one} chosen={one.seq === seq} open={one.seq === open} toggle={toggle} />)}
    </ol>
  );
}

interface EntryProps {
  of: Happening;
  chosen: boolean;
  open: boolean;
  toggle: (seq: number) => void;
}

/** One line. It never changes after it was written, so a new one below it draws only itself. */
const Entry = memo(function Entry({ of, chosen, open, toggle }: EntryProps) {
  return (
    <li className={chosen ? "chosen" : ""}>
      <button type="button" aria-expanded={open} onClick={() => toggle(of.seq)}>
        <span className="faint">{of.seq}</span>
        <time dateTime={of.at} title={exact(of.at)} className="faint">{of.at.slice(11, 23)}</time>
        <strong>{words(of.type)}</strong>
        <span className="dim clip">{[of.data.step, of.data.capability, of.data.decision, of.data.code].filter(Boolean).map(String).join(", ")}</span>
      </button>
      {open && <pre>{JSON.stringify(of.data, null, 2)}</pre>}
    </li>
  );
});
