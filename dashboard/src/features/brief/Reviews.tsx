import type { Workflow } from "@/api/runs";
import { title, words } from "@/components/format";

/** Where people decide in a workflow, and who they are. */
export function Reviews({ workflow }: { workflow: Workflow }) {
  const gates = workflow.outline.filter((step) => step.kind === "gate");
  return (
    <div className="field">
      <span className="label">Review</span>
      {gates.length ? (
        <ul className="reviews">
          {gates.map((gate) => <li key={gate.id}><strong>{title(gate.id)}</strong> <span className="dim">{gate.reviewers?.length ? `by ${gate.reviewers.map(words).join(", ")}` : "by reviewers, unless a policy names others"}</span></li>)}
        </ul>
      ) : <p className="wait-tone sm" style={{ color: "var(--lamp)" }}>Nobody is asked: this workflow goes through without a gate.</p>}
    </div>
  );
}
