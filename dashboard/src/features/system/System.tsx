import { useState } from "react";
import type { Runs } from "@/api/client";
import { useServices } from "@/api/others";
import { useLink } from "@/api/live";
import { holds, useMe } from "@/api/session";
import { Choices } from "@/components/Choices";
import { plural } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Page, Section } from "@/components/Page";
import { Scroll } from "@/components/Scroll";
import { Loaded } from "@/components/States";
import { Time } from "@/components/Time";
import type { Look } from "@/status/tone";
import { Letters } from "./Letters";

const UP: Look = { label: "Up", tone: "go", says: "It was heard within the last seconds." };
const DOWN: Look = { label: "Down", tone: "stop", says: "It has not been heard for a while. Its steps wait, nothing is lost." };
const LINKS: Record<ReturnType<typeof useLink>, Look> = {
  live: { label: "Live", tone: "go", says: "This page hears everything as it happens." },
  connecting: { label: "Connecting", tone: "work", says: "" },
  lost: { label: "Not connected", tone: "wait", says: "It is tried again by itself." },
};

/** What runs, what it has room for, and what nobody could handle. */
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
      {holds(me, "operator") && (
        <Section title="Dead letters" side={<Choices label="State" value={state} onChange={setState} options={[["open", "Open"], ["redriven", "Sent again"], ["resolved", "Resolved"]]} />}>
          <Letters state={state} />
        </Section>
      )}
    </Page>
  );
}

const Services = ({ services }: { services: Runs["ServiceAnswer"][] }) => (
  <Scroll label="Services">
    <table className="table">
      <thead><tr><th>Service</th><th>State</th><th className="right">Processes</th><th>Room for steps</th><th>Since</th><th>Last heard</th></tr></thead>
      <tbody>
        {services.map((one) => (
          <tr key={one.service}>
            <td><strong>{one.service}</strong></td>
            <td><Lamp look={one.status === "up" ? UP : DOWN} /></td>
            <td className="right">{one.workers}</td>
            <td className="wide dim" style={{ minWidth: "14rem" }}>
              {Object.entries(one.capabilities).map(([name, slots]) => `${name.split(".")[1]?.replaceAll("_", " ")} ${String(slots)}`).join(", ") || "takes no steps"}
            </td>
            <td className="dim"><Time at={one.since} /></td>
            <td className="dim"><Time at={one.last_heard} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  </Scroll>
);
