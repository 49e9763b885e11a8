import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type Run, type RunState, type Step, useControl } from "@/api/runs";
import { holds, useMe } from "@/api/session";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { complain, say } from "@/components/toasts";
import { ACTIONS } from "@/status/run";
import { Evidence } from "./Evidence";
import { Fork } from "./Fork";

const LABELS = { pause: "Pause", resume: "Resume", cancel: "Cancel", retry: "Retry" } as const;
const DONE = { pause: "Paused: nothing new begins.", resume: "Goes on.", cancel: "Cancelled.", retry: "Tried again from where it failed." } as const;

export function Controls({ run, steps }: { run: Run; steps: Step[] }) {
  const me = useMe().data;
  const go = useNavigate();
  const control = useControl(run.run_id);
  const [asking, setAsking] = useState(false);
  const [forking, setForking] = useState(false);
  const mine = holds(me, "creator", "operator");
  const act = (action: keyof typeof LABELS) =>
    control.mutate(action, {
      onSuccess: () => say(DONE[action], "go", action === "pause" ? () => control.mutate("resume") : undefined),
      onError: complain,
    });
  return (
    <>
      {mine && ACTIONS[run.state as RunState].map((action) => (
        <Button key={action} tone={action === "cancel" ? "stop" : action === "retry" || action === "resume" ? "go" : undefined} busy={control.isPending} onClick={() => (action === "cancel" ? setAsking(true) : act(action))}>
          {LABELS[action]}
        </Button>
      ))}
      {mine && steps.some((step) => step.state === "done") && <Button onClick={() => setForking(true)}>Fork …</Button>}
      <Evidence run={run} />
      <Dialog open={asking} close={() => setAsking(false)} title="Cancel this run?" says="Agents stop within seconds, and what was made is kept. It cannot be resumed, only forked.">
        <div className="actions">
          <Button onClick={() => setAsking(false)}>Keep it</Button>
          <Button tone="stop" onClick={() => (setAsking(false), act("cancel"))}>Cancel the run</Button>
        </div>
      </Dialog>
      {forking && <Fork run={run} steps={steps} close={() => setForking(false)} forked={(id) => void go({ to: "/runs/$runId", params: { runId: id } })} />}
    </>
  );
}
