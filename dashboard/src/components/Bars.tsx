import type { ReactNode } from "react";
import type { Tone } from "@/status/tone";

export interface BarRow {
  key: string;
  name: ReactNode;
  /** Of the whole, from 0 to 1. */
  part: number;
  value: ReactNode;
  says?: ReactNode;
  tone?: Tone;
}

const SMALLEST = 0.4;

/** Parts of a whole, one below the other: name, bar and number. The bar is for the eye; the words say the same. */
export const Bars = ({ label, rows }: { label: string; rows: BarRow[] }) => (
  <ul className="bars" aria-label={label}>
    {rows.map((row) => (
      <li key={row.key} className={`${row.tone ?? "work"}-tone`}>
        <span className="bars-name">{row.name}</span>
        <span className="bars-track" aria-hidden title={`${Math.round(row.part * 100)} %`}>
          {row.part > 0 && <i style={{ width: `${Math.max(SMALLEST, row.part * 100)}%` }} />}
        </span>
        <span className="bars-value num">{row.value}</span>
        <span className="bars-says faint sm num">{row.says}</span>
      </li>
    ))}
  </ul>
);
