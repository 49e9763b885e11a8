import { type ReactNode, useEffect } from "react";

/** A page's heading, what may be done on it, and its content. Its title is the tab's. */
export function Page({ title, lead, actions, above, children }: { title: string; lead?: ReactNode; actions?: ReactNode; above?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Greenlight`;
  }, [title]);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          {above && <div className="page-above">{above}</div>}
          <h1>{title}</h1>
          {lead && <div className="page-lead">{lead}</div>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export const Section = ({ title, side, children }: { title: string; side?: ReactNode; children: ReactNode }) => (
  <section className="section">
    <div className="section-head">
      <h2>{title}</h2>
      {side}
    </div>
    {children}
  </section>
);

/** A number that says what it is. */
export const Figure = ({ label, value, says, tone }: { label: string; value: ReactNode; says?: ReactNode; tone?: string }) => (
  <div className={`figure ${tone ? `${tone}-tone lit` : ""}`}>
    <dt>{label}</dt>
    <dd className="value num">{value}</dd>
    {says && <dd className="says">{says}</dd>}
  </div>
);
