import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Airlock, api, got } from "@/api/client";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { plural } from "@/components/format";
import { Trouble } from "@/components/States";

const EXAMPLE = `pack: house
version: 1.0.0
description: Words this house does not use.
rules:
  - id: house.superlatives
    severity: review
    text: We do not call anything the best in the world.
    remedy: Say what is good about it.
    phrases: ["best in the world"]
`;
const DAYS = 30;

/** What a pack would have found in what was held lately. Nothing is changed by asking. */
export function DryRun({ close }: { close: () => void }) {
  const [source, setSource] = useState(EXAMPLE);
  const dry = useMutation({ mutationFn: () => got(api.POST("/v1/policies/test", { body: { source, past_days: DAYS } })) });
  return (
    <Dialog open close={close} wide title="Try a pack" says={`It is held against what came to the airlock in the last ${DAYS} days. Nothing changes.`}>
      <div className="field">
        <label htmlFor="pack-source">The pack, as YAML</label>
        <textarea id="pack-source" className="input mono" rows={12} spellCheck={false} value={source} onChange={(event) => setSource(event.target.value)} />
      </div>
      {dry.isError && <Trouble error={dry.error} />}
      {dry.data && <Found draft={dry.data} />}
      <div className="actions">
        <Button onClick={close}>Close</Button>
        <Button tone="go" busy={dry.isPending} onClick={() => dry.mutate()}>{dry.isPending ? "Looking …" : "Try it"}</Button>
      </div>
    </Dialog>
  );
}

const Found = ({ draft }: { draft: Airlock["DraftView"] }) => (
  <div aria-live="polite">
    {draft.past ? (
      <p>
        <strong>{draft.past.found_in} of {plural(draft.past.looked_at, "item")}</strong> would be told something: {draft.past.would_block} blocked, {draft.past.would_ask} for a person to look at.{!draft.past.complete && " There were more than could be looked at."}
      </p>
    ) : <p>It can be read.</p>}
    {draft.failed_tests.length > 0 && <p className="note-line stop-tone">Its own tests fail: {draft.failed_tests.map(String).join("; ")}</p>}
    {draft.past && <ul className="sm">{draft.past.items.map((one) => <li key={one.item_id}>{one.title}: {one.findings.map((finding) => finding.message).join(" ")}</li>)}</ul>}
  </div>
);
