import { useState } from "react";
import { Button } from "./Button";

const LONG = 1500;

/** Data as it is, folded when it is long. */
export function Json({ value }: { value: unknown }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const [whole, setWhole] = useState(false);
  const long = text.length > LONG;
  return (
    <div className="json">
      <pre tabIndex={0} role="group" aria-label="Data">{long && !whole ? `${text.slice(0, LONG)} …` : text}</pre>
      <div className="json-tools">
        {long && <Button size="small" tone="quiet" onClick={() => setWhole(!whole)}>{whole ? "Less" : "All of it"}</Button>}
        <Button size="small" tone="quiet" onClick={() => void navigator.clipboard?.writeText(text)}>Copy</Button>
      </div>
    </div>
  );
}
