import type { ItemDetail } from "@/api/airlock";
import { useRest } from "@/api/runs";
import { clock, dollars, plural } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { VERDICTS } from "@/status/item";
import { frameToMs } from "./content";
import { Still } from "./Still";

const SEVERITIES: Record<string, string> = { blocking: "stop", warning: "wait", review: "wait", info: "idle" };

/** What the checks found, by rule and place, what they cannot look at, and what deciding costs. */
export function Checks({ detail, fps, seek }: { detail: ItemDetail; fps: number; seek?: (frame: number) => void }) {
  const { verdict, economics, downgrades } = detail;
  const money = economics.spent_usd !== null;
  const rest = useRest(detail.item.status === "open" ? detail.item.run_id : null).data;
  return (
    <section aria-label="Checks" className="checks">
      <div className="section-head">
        <h2>Checks</h2>
        <Lamp look={VERDICTS[verdict.level]} />
      </div>
      {downgrades.map((one, index) => <p key={index} className="note-line wait-tone"><strong>Degraded.</strong> {one.detail}</p>)}
      {verdict.findings.length > 0 && (
        <ul className="findings">
          {verdict.findings.map((one, index) => {
            const frame = one.frame ?? (one.at_seconds != null ? Math.round(one.at_seconds * fps) : null);
            return (
              <li key={index} className={`${SEVERITIES[one.severity] ?? "idle"}-tone`}>
                {frame !== null && seek && <Still frame={frame} region={one.region} seek={seek} />}
                <p>
                  {one.message} {frame !== null && seek && <button type="button" className="at num" onClick={() => seek(frame)}>{clock(frameToMs(frame, fps))}</button>}
                </p>
                {one.quote && <p className="dim">“{one.quote}”</p>}
                <p className="faint sm">
                  {one.remedy} <code>{one.rule}</code>
                </p>
              </li>
            );
          })}
        </ul>
      )}
      <p className="dim sm">
        {plural(verdict.checked_rules, "rule")} looked at exactly these bytes. Risk {verdict.risk} of 100{verdict.risk_parts.length > 0 && `: ${verdict.risk_parts.map((part) => `${part.name} ${part.points}`).join(", ")}`}.
      </p>
      <details className="sm dim">
        <summary>What no check can see ({verdict.unchecked.length})</summary>
        <ul className="dots">{verdict.unchecked.map((one) => <li key={one}>{one}</li>)}</ul>
      </details>
      {money && (
        <dl className="facts" style={{ marginTop: "1rem" }}>
          <div><dt>Spent so far</dt><dd className="num">{dollars(economics.spent_usd)}</dd></div>
          {rest && <div><dt>Still to come</dt><dd className="num" title={rest.cost_unknown_for.length ? `Nobody knows yet what ${rest.cost_unknown_for.join(", ")} will cost.` : undefined}>{rest.cost_unknown_for.length ? `${dollars(rest.known_cost_usd)} or more` : dollars(rest.known_cost_usd)}</dd></div>}
          <div><dt>Lost if rejected</dt><dd className="num">{economics.lost_if_rejected_usd === null ? "not known" : dollars(economics.lost_if_rejected_usd)}</dd></div>
          <div><dt>Changes cost about</dt><dd className="num">{economics.redone_if_changed_usd === null ? "not known" : dollars(economics.redone_if_changed_usd)}</dd></div>
          {economics.similar_approval_rate !== null && <div><dt>Like this, approved</dt><dd className="num">{Math.round(economics.similar_approval_rate * 100)} % of {economics.similar_decided}</dd></div>}
        </dl>
      )}
    </section>
  );
}
