import type { KeyboardEvent } from "react";
import type { Loss } from "./deciding";

interface Props {
  losses: Loss[];
  accepted: readonly string[];
  accept: (codes: string[]) => void;
  send: () => void;
  back: (event: KeyboardEvent) => void;
}

/** A tick for everything that the run fell back to. Space ticks, Tab goes on, and Enter approves as soon as all are ticked. */
export function Accepting({ losses, accepted, accept, send, back }: Props) {
  if (!losses.length) return null;
  const hear = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      send();
    }
    back(event);
  };
  return (
    <fieldset className="accepting">
      <legend>It is less than was asked for. You accept:</legend>
      {losses.map(({ code, details }) => (
        <label key={code}>
          <input type="checkbox" checked={accepted.includes(code)} onKeyDown={hear} onChange={(event) => accept(event.target.checked ? [...accepted, code] : accepted.filter((one) => one !== code))} />
          <span>{details.join(" ")}</span>
        </label>
      ))}
    </fieldset>
  );
}
