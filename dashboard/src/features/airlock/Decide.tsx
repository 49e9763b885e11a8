import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
import { type Decision, type ItemDetail, useDecide } from "@/api/airlock";
import type { Me } from "@/api/session";
import { Button } from "@/components/Button";
import { title } from "@/components/format";
import { Trouble } from "@/components/States";
import { say } from "@/components/toasts";
import { useKeys } from "@/shell/useKeys";
import { Accepting } from "./Accepting";
import { lossesOf, usePlaces, whyNot } from "./deciding";

const LABELS: Record<Decision, string> = { approved: "Approve", changes_requested: "Ask for changes", rejected: "Reject" };
const KEYS: Record<string, Decision> = { a: "approved", c: "changes_requested", r: "rejected" };
const SAYS: Record<Decision, string> = { approved: "Approved: exactly these bytes may go on.", changes_requested: "Asked for changes.", rejected: "Rejected." };

interface Props {
  detail: ItemDetail;
  me: Me;
  /** What is edited with an approval: another idea, say. */
  edit?: Record<string, unknown>;
  openNotes: number;
  /** The fall-backs that an approval will name. */
  accepted: readonly string[];
  accept: (codes: string[]) => void;
  /** What was not looked at yet, in words. */
  left?: readonly string[];
  decided: () => void;
}

/** Two keys decide: one says what, Enter says yes. What is decided on is the hash of what was looked at. */
export function Decide({ detail, me, edit, openNotes, accepted, accept, left = [], decided }: Props) {
  const { item } = detail;
  const decide = useDecide(item.id);
  const [chosen, setChosen] = useState<Decision | null>(null);
  const [comment, setComment] = useState("");
  const losses = lossesOf(detail.downgrades);
  const form = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const sure = useRef<HTMLButtonElement>(null);
  const refusal = whyNot(detail.item, me, usePlaces(me));
  const blocked = detail.verdict.level === "blocked";
  const needsReason = chosen !== null && chosen !== "approved" && (detail.review.require_reason ?? ["changes_requested", "rejected"]).includes(chosen);
  const lacksReason = needsReason && !comment.trim() && !(chosen === "changes_requested" && openNotes > 0);
  const lacksTick = chosen === "approved" && losses.some((one) => !accepted.includes(one.code));
  useKeys(
    useCallback(
      (event) => {
        const wanted = KEYS[event.key];
        if (!wanted || refusal || (blocked && wanted === "approved") || (!detail.takes_changes && wanted === "changes_requested")) return false;
        setChosen(wanted);
        return true;
      },
      [refusal, blocked, detail.takes_changes],
    ),
    item.status === "open",
  );
  useEffect(() => {
    if (chosen === "approved") (form.current?.querySelector<HTMLInputElement>("input:not(:checked)") ?? sure.current)?.focus();
    else if (chosen) field.current?.focus();
  }, [chosen]);
  if (item.status !== "open") return null;
  if (refusal) return <div className="decide"><p className="dim">{refusal}</p></div>;
  const send = () => {
    if (!chosen || lacksReason || lacksTick || decide.isPending) return;
    const reason = comment.trim() || (chosen === "changes_requested" ? "See the notes." : "");
    decide.mutate(
      { decision: chosen, comment: reason, manifest_sha256: item.manifest_sha256, accepts_downgrades: chosen === "approved" ? [...accepted] : [], ...(chosen === "approved" && edit ? { data: edit } : {}) },
      {
        onSuccess: (answer) => {
          say(answer.closes ? SAYS[chosen] : `Counted. ${answer.missing} more must agree${answer.stage ? ` in ${answer.stage}` : ""}.`, chosen === "rejected" ? "stop" : "go");
          decided();
        },
      },
    );
  };
  const back = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    // The page hears it too, and would leave for the queue.
    event.stopPropagation();
    setChosen(null);
  };
  return (
    <div className="decide">
      {decide.isError && <Trouble error={decide.error} />}
      {chosen === null ? (
        <div className="decide-row">
          <Button tone="go" disabled={blocked} title={blocked ? `A rule forbids it; ${detail.takes_changes ? "ask for changes" : "reject it"}.` : undefined} onClick={() => setChosen("approved")}>Approve <kbd>a</kbd></Button>
          <Button disabled={!detail.takes_changes} title={detail.takes_changes ? undefined : "The run has no way back from here: approve, edit or reject."} onClick={() => setChosen("changes_requested")}>Changes <kbd>c</kbd></Button>
          <Button tone="stop" onClick={() => setChosen("rejected")}>Reject <kbd>r</kbd></Button>
        </div>
      ) : (
        <div ref={form} className="decide-form">
          {chosen === "approved" && left.length > 0 && <p className="wait-tone sm not-yet">Not looked at yet: {new Intl.ListFormat("en").format(left)}.</p>}
          {chosen === "approved" && <Accepting losses={losses} accepted={accepted} accept={accept} send={send} back={back} />}
          <label htmlFor="reason" className={chosen === "approved" ? "visually-hidden" : ""}>
            {chosen === "changes_requested" ? (openNotes ? `What should be other, besides ${openNotes === 1 ? "the note" : `the ${openNotes} notes`}` : "What should be other") : "Why"}
          </label>
          <textarea id="reason" ref={field} className="input" rows={chosen === "approved" ? 1 : 3} placeholder={chosen === "approved" ? "A word about it, if you like" : ""} value={comment} onChange={(event) => setComment(event.target.value)} onKeyDown={(event) => (back(event), event.key === "Enter" && (event.metaKey || event.ctrlKey) && send())} />
          <div className="decide-row">
            <button ref={sure} type="button" className={`button ${chosen === "rejected" ? "stop" : "go"}`} disabled={lacksReason || lacksTick || decide.isPending} onClick={send} onKeyDown={back}>
              {LABELS[chosen]}{chosen === "approved" ? ` ${title(item.gate).toLowerCase()}` : ""} <kbd>{chosen === "approved" ? "Enter" : "⌘ Enter"}</kbd>
            </button>
            <Button tone="quiet" onClick={() => setChosen(null)} onKeyDown={back}>Not yet <kbd>Esc</kbd></Button>
          </div>
        </div>
      )}
    </div>
  );
}
