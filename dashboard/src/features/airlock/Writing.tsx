import { type RefObject, useLayoutEffect, useState } from "react";
import { completed, piecesOf, typedName } from "./mentions";

interface Props {
  id: string;
  field: RefObject<HTMLTextAreaElement | null>;
  value: string;
  change: (value: string) => void;
  /** Who may be named with an @. Anybody else may be named too, letter by letter. */
  people: readonly string[];
  send: () => void;
  leave: () => void;
  rows: number;
  placeholder: string;
}

/** Words with names in them: after an @ the names that fit are the next thing to Tab to. */
export function Writing({ id, field, value, change, people, send, leave, rows, placeholder }: Props) {
  const [caret, setCaret] = useState(0);
  const [goal, setGoal] = useState<number | null>(null);
  const typed = typedName(value, caret)?.toLowerCase();
  const offered = typed === undefined ? [] : people.filter((name) => name.toLowerCase().startsWith(typed) && name.toLowerCase() !== typed);
  useLayoutEffect(() => {
    if (goal === null) return;
    field.current?.focus();
    field.current?.setSelectionRange(goal, goal);
  }, [goal, field]);
  const name = (one: string) => {
    const next = completed(value, caret, one);
    change(next.text);
    setCaret(next.caret);
    setGoal(next.caret);
  };
  return (
    <>
      <textarea
        id={id}
        ref={field}
        className="input"
        rows={rows}
        maxLength={2000}
        value={value}
        placeholder={placeholder}
        onChange={(event) => (change(event.target.value), setCaret(event.target.selectionStart), setGoal(null))}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={(event) => {
          if (event.key === "Escape") leave();
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) send();
        }}
      />
      <div className="offered" role="status">
        {offered.slice(0, 6).map((one) => <button key={one} type="button" className="button small quiet" onClick={() => name(one)}>@{one}</button>)}
      </div>
    </>
  );
}

/** What was written, with the names in it standing out. */
export const Said = ({ text }: { text: string }) => <>{piecesOf(text).map((piece, index) => (index % 2 ? <strong key={index} className="named">{piece}</strong> : piece))}</>;
