import { useState } from "react";
import type { Runs } from "@/api/client";
import { useQueues } from "@/api/others";
import { Button } from "@/components/Button";
import { plural, words } from "@/components/format";
import { Section } from "@/components/Page";
import { Scroll } from "@/components/Scroll";
import { Loaded } from "@/components/States";
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
          return shown.length ? <Table queues={shown} /> : <p className="dim">Nothing waits: every queue is empty.</p>;
        }}
      </Loaded>
    </Section>
  );
}

const Table = ({ queues }: { queues: Queue[] }) => (
  <Scroll label="Queues">
    <table className="table">
      <thead>
        <tr>
          <th>Queue</th>
          <th className="right" title="Steps that are ready and not handed out, because nobody has room">Without room</th>
          <th className="right" title="Messages that nobody has taken yet">Not taken</th>
          <th className="right" title="Messages that were taken and are not done">Under way</th>
          <th className="right" title="Of those under way, how many were taken before and not finished">Again</th>
          <th>Last taken</th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <tr key={queue.name}>
            <td><strong>{words(queue.name.slice(queue.service.length + 1))}</strong><span className="faint sm" style={{ display: "block" }}>{queue.service}</span></td>
            <td className="right num">{queue.backlog?.toLocaleString("en") ?? "–"}</td>
            <td className="right num">{queue.waiting.toLocaleString("en")}</td>
            <td className="right num">{queue.under_way.toLocaleString("en")}</td>
            <td className="right num">{queue.redelivered.toLocaleString("en")}</td>
            <td className="dim"><Time at={queue.last_taken} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  </Scroll>
);
