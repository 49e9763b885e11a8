import type { ItemDetail } from "@/api/airlock";
import { useRest } from "@/api/runs";
import { clock, dollars, plural } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { VERDICTS } from "@/status/item";
import { type Film, frameOf, frameToMs } from "./content";
import { lossesOf } from "./deciding";
import { keyOf, UNSEEN, wasLookedAt } from "./looking";
import { Still } from "./Still";
import type { Looks } from "./useLooks";

const SEVERITIES: Record<string, string> = { blocking: "stop", warning: "wait", review: "wait", info: "idle" };

interface Props {
  detail: ItemDetail;
  fps: number;
  film?: Film;
  seek?: (frame: number) => void;
  looks: Looks;
  /** The fall-backs that an approval will name. */
  accepted: readonly string[];
  accept: (codes: string[]) => void;
}

/** What the checks found, by rule and place, what they cannot look at, and what deciding costs. */
export function Checks({ detail, fps, film, seek, looks, accepted, accept }: Props) {
  const { verdict, economics } = detail;
  const money = economics.spent_usd !== null;
  const open = detail.item.status === "open";
  const rest = useRest(open ? detail.item.run_id : null).data;
  return (
    <section aria-label="Checks" className="checks">
      <div className="section-head">
        <h2>Checks</h2>
        <Lamp look={VERDICTS[verdict.level]} />
      </div>
      {lossesOf(detail.downgrades).map(({ code, details }) => (
        <div key={code} className="note-line wait-tone">
          <p><strong>Degraded.</strong> {details.join(" ")}</p>
          {open && <Tick on={accepted.includes(code)} tick={() => accept(accepted.includes(code) ? accepted.filter((one) => one !== code) : [...accepted, code])}>I accept that</Tick>}
        </div>
      ))}
      {verdict.findings.length > 0 && (
        <ul className="findings">
          {verdict.findings.map((one, index) => {
            const frame = frameOf(one, fps);
            const placed = frame !== null && film !== undefined;
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
                {open && !placed && <Tick on={wasLookedAt(detail, index, film, looks)} tick={() => looks.tick(keyOf(index))}>Looked at</Tick>}
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
        {open && verdict.unchecked.length > 0 && <Tick on={looks.ticked.has(UNSEEN)} tick={() => looks.tick(UNSEEN)}>I judged these myself</Tick>}
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

const Tick = ({ on, tick, children }: { on: boolean; tick: () => void; children: string }) => (
  <label className="tick sm">
    <input type="checkbox" checked={on} onChange={tick} />
    <span>{children}</span>
  </label>
);
