import { useState } from "react";
import { words } from "@/components/format";
import { changed } from "./patch";

type Members = Record<string, unknown>;

interface Props {
  id: string;
  label: string;
  says: string;
  before: Members;
  /** Told of every change; null while what is written is no object. */
  change: (now: Members | null) => void;
}

/** Members as JSON to be edited, and what is other than before. */
export function Edited({ id, label, says, before, change }: Props) {
  const [text, setText] = useState(() => JSON.stringify(before, null, 2));
  const { value, wrong } = read(text);
  const differs = value ? changed(before, value) : [];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="input mono"
        rows={8}
        spellCheck={false}
        value={text}
        aria-invalid={!!wrong}
        aria-describedby={`${id}-says`}
        onChange={(event) => {
          setText(event.target.value);
          change(read(event.target.value).value);
        }}
      />
      <span id={`${id}-says`} className={wrong ? "wrong" : "hint"}>{wrong || says}</span>
      {differs.length > 0 && (
        <table className="table sm" aria-label={`What is other in ${label.toLowerCase()}`}>
          <tbody>
            {differs.map((one) => (
              <tr key={one.name}>
                <th scope="row">{words(one.name)}</th>
                <td className="wide clip stop-tone" style={{ color: "var(--lamp)" }}><del>{one.before}</del></td>
                <td className="wide clip go-tone" style={{ color: "var(--lamp)" }}>{one.after}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function read(text: string): { value: Members | null; wrong: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { value: value as Members, wrong: "" };
    return { value: null, wrong: "Write an object: names and values between braces." };
  } catch (error) {
    return { value: null, wrong: error instanceof Error ? error.message : "This is no JSON." };
  }
}
