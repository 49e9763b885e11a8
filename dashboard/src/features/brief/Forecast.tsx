import type { Estimate } from "@/api/runs";
import { dollars, plural, span, words } from "@/components/format";

/** What it will cost and how long it will take, step by step, and where nobody knows. */
export function Forecast({ estimate, asked, error }: { estimate: Estimate | undefined; asked: boolean; error: unknown }) {
  return (
    <aside className="forecast" aria-live="polite">
      <h2>What it takes</h2>
      {!asked && <p className="dim">Write a brief, and this says what the run will cost and how long it will take.</p>}
      {asked && !estimate && !!error && <p className="dim">No estimate can be had: {error instanceof Error ? error.message : "try again"}.</p>}
      {asked && !estimate && !error && <div className="skeleton" style={{ height: 120 }} />}
      {asked && estimate && (
        <>
          <dl className="forecast-sum">
            <div>
              <dt>Cost</dt>
              <dd className="num">{dollars(estimate.known_cost_usd)}{!!estimate.cost_unknown_for.length && "+"}</dd>
            </div>
            <div>
              <dt>Work</dt>
              <dd className="num">{estimate.known_duration_ms ? span(estimate.known_duration_ms) : "–"}</dd>
            </div>
          </dl>
          <p className="dim sm">
            {estimate.runs_looked_at ? `Measured on ${plural(estimate.runs_looked_at, "earlier run")}. ` : "No earlier run to measure on yet. "}
            Steps of one kind run side by side; waiting for people is not in it.
          </p>
          <table className="table sm">
            <thead>
              <tr><th>Step</th><th className="right">Cost</th><th className="right">Time</th></tr>
            </thead>
            <tbody>
              {estimate.steps.filter((one) => one.capability).map((one) => (
                <tr key={one.step}>
                  <td>{words(one.capability?.split(".")[1] ?? one.step)}{one.times !== 1 && <span className="faint"> each</span>}</td>
                  <td className="right">{one.cost_usd === null ? "?" : dollars(one.cost_usd)}</td>
                  <td className="right">{one.duration_ms === null ? "?" : span(one.duration_ms)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </aside>
  );
}
