import type { ReactNode } from "react";
import { Refused } from "@/api/client";
import { Button } from "./Button";

export const Empty = ({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) => (
  <div className="empty">
    <h2>{title}</h2>
    {children && <p>{children}</p>}
    {action}
  </div>
);

/** What went wrong, what is kept, and what to do: never a code alone. */
export function Trouble({ error, again }: { error: unknown; again?: () => void }) {
  const refused = error instanceof Refused ? error : null;
  if (refused?.status === 403) {
    return (
      <Empty title="This is not yours to see">
        {refused.message} Ask an administrator for the role that may.
      </Empty>
    );
  }
  if (refused?.status === 404) {
    return <Empty title="There is nothing here">It was removed, or belongs to somebody else. Check the address.</Empty>;
  }
  return (
    <div className="trouble" role="alert">
      <strong>{refused?.status === 0 ? "No connection" : "That did not work"}</strong>
      {!refused?.fired.some((one) => one.message) && <span>{error instanceof Error ? error.message : "Something unexpected happened."}</span>}
      {!!refused?.fired.length && (
        <ul className="dots" aria-label="Rules that refuse it">
          {refused.fired.map((one, index) => (
            <li key={index}>
              {one.message} {one.remedy} <code className="faint">{one.rule}</code>
            </li>
          ))}
        </ul>
      )}
      {!!refused?.kept.length && <span className="dim">Kept: {refused.kept.join(", ")}.</span>}
      {refused?.next && <span className="dim">Next: {refused.next}</span>}
      {refused?.requestId && (
        <span className="faint sm">
          For whoever looks into it: <code>{refused.requestId}</code>
        </span>
      )}
      {again && (
        <Button size="small" onClick={again}>
          Try again
        </Button>
      )}
    </div>
  );
}

export const Rows = ({ count = 6, height = 44 }: { count?: number; height?: number }) => (
  <div aria-busy="true" aria-label="Loading" role="status" style={{ display: "grid", gap: 8 }}>
    {Array.from({ length: count }, (_, index) => (
      <div key={index} className="skeleton" style={{ height, opacity: 1 - index / (count + 2) }} />
    ))}
  </div>
);

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/** The three faces of everything that is asked for. What was there stays while a newer one cannot be had. */
export function Loaded<T>({ asked, rows, children }: { asked: Asked<T>; rows?: number; children: (data: T) => ReactNode }) {
  if (asked.data !== undefined) {
    return (
      <>
        {!!asked.error && (
          <p className="note-line wait-tone sm" role="status" style={{ marginBottom: "1rem" }}>
            This may be out of date: {asked.error instanceof Error ? asked.error.message : "it could not be refreshed."}
          </p>
        )}
        {children(asked.data)}
      </>
    );
  }
  if (asked.isPending) return <Rows count={rows} />;
  return <Trouble error={asked.error} again={() => void asked.refetch()} />;
}
