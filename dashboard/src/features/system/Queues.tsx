import { useState } from "react";
import type { Runs } from "@/api/client";
import { useQueues } from "@/api/others";
import { Button } from "@/components/Button";
import { plural, words } from "@/components/format";
import { Section } from "@/components/Page";
import { Loaded } from "@/components/States";
import { type Column, Table } from "@/components/Table";
import { Time } from "@/components/Time";

type Queue = Runs["QueueAnswer"];
const isBusy = (queue: Queue): boolean => !!queue.backlog || queue.waiting > 0 || queue.under_way > 0;

/** What waits between services: steps without room, messages that nobody took, and what is being done. */
export function Queues() {
  const asked = useQueues();
  const [all, setAll] = useState(false);
  const idle = asked.data?.filter((queue) => !isBusy(queue)).length ?? 0;
  const side = idle > 0 && <Button size="small" tone="quiet" aria-pressed={all} onClick={() => setAll(!all)}>{all ? "Only what waits" : `Show ${plural(idle, "empty queue")}`}</Button>;
  return (
    <Section title="Queues" side={side}>
      <Loaded asked={asked} rows={3}>
        {(queues) => {
          const shown = all ? queues : queues.filter(isBusy);
          return shown.length ? <Table label="Queues" rows={shown} id={(queue) => queue.name} columns={COLUMNS} /> : <p className="dim">Nothing waits: every queue is empty.</p>;
        }}
      </Loaded>
    </Section>
  );
}

const COLUMNS: Column<Queue>[] = [
  { head: "Queue", cell: (queue) => <><strong>{words(queue.name.slice(queue.service.length + 1))}</strong><span className="faint sm">{queue.service}</span></> },
  { head: "Without room", says: "Steps that are ready and not handed out, because nobody has room", right: true, cell: (queue) => queue.backlog?.toLocaleString("en") ?? "–" },
  { head: "Not taken", says: "Messages that nobody has taken yet", right: true, cell: (queue) => queue.waiting.toLocaleString("en") },
  { head: "Under way", says: "Messages that were taken and are not done", right: true, cell: (queue) => queue.under_way.toLocaleString("en") },
  { head: "Again", says: "Of those under way, how many were taken before and not finished", right: true, cell: (queue) => queue.redelivered.toLocaleString("en") },
  { head: "Last taken", dim: true, cell: (queue) => <Time at={queue.last_taken} /> },
];
