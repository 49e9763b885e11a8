import { type Call, type Run, type Step, useCalls } from "@/api/runs";
import { dollars, plural, span, text } from "@/components/format";
import { Json } from "@/components/Json";
import { Tag } from "@/components/Lamp";
import { Loaded } from "@/components/States";
import type { Look } from "@/status/tone";
import type { Attempt } from "./step";

const STATES: Record<Call["state"], Look | null> = {
  started: { label: "Under way", tone: "work", says: "It has not been answered yet." },
  done: null,
  unknown: { label: "Outcome unknown", tone: "wait", says: "Its worker was lost, and nobody will say how it ended." },
};

/** What the step asked of models, tools and vendors: each prompt and answer, word for word. */
export function Calls({ run, step, attempts }: { run: Run; step: Step; attempts: Attempt[] }) {
  const ids = [...new Set(attempts.map((one) => one.stepId))];
  const asked = useCalls(run.run_id, ids, `${step.state} ${attempts.length}`);
  return (
    <section>
      <h3>Asked outside {!!asked.data?.length && <span className="faint">{plural(asked.data.length, "call")}</span>}</h3>
      <Loaded asked={asked} rows={2}>
        {(calls) => (calls.length ? <ol className="calls">{calls.map((call) => <One key={`${call.step_id} ${call.started_at} ${call.name}`} call={call} />)}</ol> : <p className="dim">No model, tool or vendor was asked.</p>)}
      </Loaded>
    </section>
  );
}

function One({ call }: { call: Call }) {
  const look = STATES[call.state];
  const tokens = tokensOf(call.answered);
  return (
    <li>
      <details>
        <summary>
          <span className="clip"><strong>{call.name}</strong> <span className="faint">{call.kind}</span></span>
          {look && <Tag look={look} />}
          <span className="sm dim num">
            {[tokens, call.finished_at && span(Date.parse(call.finished_at) - Date.parse(call.started_at)), dollars(call.cost_usd)].filter(Boolean).join(" · ")}
          </span>
        </summary>
        <div className="step-data">
          <section><h4>Asked</h4>{call.asked == null ? <p className="dim">It is not kept.</p> : <Asked asked={call.asked} />}</section>
          <section><h4>Answered</h4>{call.answered == null ? <p className="dim">Nothing is kept of an answer.</p> : <Json value={wordsOf(call.answered) || call.answered} />}</section>
        </div>
      </details>
    </li>
  );
}

interface Message { role: string; content: string }

/** A conversation as turns; what is none, as it is. */
function Asked({ asked }: { asked: unknown }) {
  const turns = (asked as { messages?: Message[] }).messages;
  if (!Array.isArray(turns)) return <Json value={asked} />;
  return (
    <>
      {turns.filter((turn) => turn.content).map((turn, index) => (
        <div key={index}>
          <span className="label sm">{turn.role}</span>
          <Json value={turn.content} />
        </div>
      ))}
    </>
  );
}

const wordsOf = (answered: unknown): string => text((answered as { text?: unknown }).text);

function tokensOf(answered: unknown): string {
  const used = (answered as { usage?: { input_tokens?: number; output_tokens?: number } } | null)?.usage;
  const count = (used?.input_tokens ?? 0) + (used?.output_tokens ?? 0);
  return count ? plural(count, "token") : "";
}
