import type { ReactNode } from "react";

/** What is wider than a small screen scrolls inside of itself, by keys as well. */
export const Scroll = ({ label, children }: { label: string; children: ReactNode }) => (
  <div style={{ overflowX: "auto", position: "relative" }} tabIndex={0} role="group" aria-label={label}>
    {children}
  </div>
);
