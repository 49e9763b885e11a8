import { useState } from "react";
import { type Order, type Run, type Step, useOrders } from "@/api/runs";
import { words } from "@/components/format";
import { Json } from "@/components/Json";
import { Loaded } from "@/components/States";

/** What the step was given and gave, and as whom it worked. Of several attempts, the one that is chosen. */
export function Given({ run, step, attempts }: { run: Run; step: Step; attempts: number }) {
  const asked = useOrders(run.run_id, step.id, attempts);
  return (
    <div className="step-data">
      <section>
        <h3>Was given</h3>
        {attempts === 0 ? <p className="dim">{step.state === "idle" ? "Nothing yet: its turn has not come." : "Nothing: it orders no work."}</p> : (
          <Loaded asked={asked} rows={2}>{(orders) => <Orders orders={orders} />}</Loaded>
        )}
      </section>
      {step.output != null && <section><h3>Gave</h3><Json value={step.output} /></section>}
    </div>
  );
}

function Orders({ orders }: { orders: Order[] }) {
  const [seq, setSeq] = useState<number | null>(null);
  const order = orders.find((one) => one.seq === seq) ?? orders.at(-1);
  if (!order) return <p className="dim">Nothing is known of it.</p>;
  return (
    <>
      {orders.length > 1 && (
        <select className="input small" aria-label="Which attempt" value={order.seq} onChange={(event) => setSeq(Number(event.target.value))}>
          {orders.map((one) => <option key={one.seq} value={one.seq}>{partOf(one)}attempt {one.attempt} (entry {one.seq})</option>)}
        </select>
      )}
      {order.input ? <Json value={order.input} /> : <p className="dim">What it was given is not kept any more. Orders are kept for seven days.</p>}
      {order.agent && (
        <details>
          <summary>As {words(order.agent.name)}{order.agent.model && `, on ${order.agent.model}`}</summary>
          {order.agent.role && <p>{order.agent.role}</p>}
          {order.agent.instructions && <Json value={order.agent.instructions} />}
        </details>
      )}
    </>
  );
}

/** `production.started.each#2` → "part 3, ". */
const partOf = (order: Order): string => {
  const number = /#(\d+)$/.exec(order.place ?? "")?.[1];
  return number === undefined ? "" : `part ${Number(number) + 1}, `;
};
