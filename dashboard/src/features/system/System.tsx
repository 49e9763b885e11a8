import { useState } from "react";
import type { Runs } from "@/api/client";
import { useServices } from "@/api/others";
import { useLink } from "@/api/live";
import { holds, useMe } from "@/api/session";
import { Choices } from "@/components/Choices";
import { plural } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Page, Section } from "@/components/Page";
import { Loaded } from "@/components/States";
import type { Look } from "@/status/tone";
import { Drills } from "./Drills";
import { Letters } from "./Letters";
import { Queues } from "./Queues";
import { Services } from "./Services";

const LINKS: Record<ReturnType<typeof useLink>, Look> = {
  live: { label: "Live", tone: "go", says: "This page hears everything as it happens." },
  connecting: { label: "Connecting", tone: "work", says: "" },
  lost: { label: "Not connected", tone: "wait", says: "It is tried again by itself." },
};

/** What runs, what it has room for, what nobody could handle, and what drills found. */
export function System() {
  const me = useMe().data;
  const asked = useServices();
  const link = useLink();
  const [state, setState] = useState<Runs["LetterState"]>("open");
  return (
    <Page title="System" lead={<span className="standing"><Lamp look={LINKS[link]} /><span>{asked.data && `${asked.data.filter((one) => one.status === "up").length} of ${plural(asked.data.length, "service")} up`}</span></span>}>
      <Section title="Services">
        <Loaded asked={asked} rows={8}>{(services) => <Services services={services} />}</Loaded>
      </Section>
      {holds(me, "operator") && <Queues />}
      {holds(me, "operator") && (
        <Section title="Dead letters" side={<Choices label="State" value={state} onChange={setState} options={[["open", "Open"], ["redriven", "Sent again"], ["resolved", "Resolved"]]} />}>
          <Letters state={state} />
        </Section>
      )}
      {holds(me, "operator") && <Drills />}
    </Page>
  );
}
